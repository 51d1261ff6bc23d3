/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* host_ops on a recording. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "replay-host.h"

static struct replay_host *
from_host(struct host *h)
{
    return (struct replay_host *)h;
}

static int
replay_check(struct host *h, char error[HOST_ERROR_SIZE])
{
    (void)h;
    (void)error;
    return 0;
}

static int
replay_observe(struct host *h, struct host_view *ret)
{
    const struct host_view *view = &from_host(h)->view;
    int r = host_view_reserve(ret, view->n_domains);

    if (r < 0)
        return r;
    if (view->n_domains > 0)
        memcpy(ret->domains, view->domains,
               view->n_domains * sizeof(view->domains[0]));
    ret->n_domains = view->n_domains;
    ret->memory = view->memory;
    return 0;
}

/* What came of the same order then; one that was not given then works. */
static int
result_of(struct host *h, enum step_kind kind, uint32_t domid, uint64_t kib)
{
    const struct steps *orders = &from_host(h)->orders;

    for (size_t i = 0; i < orders->n; i++) {
        const struct step *order = &orders->list[i];

        if (order->kind == kind && order->domid == domid &&
            order->new_kib == kib)
            return order->result;
    }
    return 0;
}

static int
replay_set_target(struct host *h, uint32_t domid, uint64_t kib)
{
    return result_of(h, STEP_TARGET, domid, kib);
}

static int
replay_set_maxmem(struct host *h, uint32_t domid, uint64_t kib)
{
    return result_of(h, STEP_MAXMEM, domid, kib);
}

static int
replay_get_paging(struct host *h, uint32_t domid, uint64_t *ret_kib)
{
    (void)h;
    (void)domid;
    (void)ret_kib;
    return -EOPNOTSUPP;
}

static int
replay_set_paging(struct host *h, uint32_t domid, uint64_t kib)
{
    (void)h;
    (void)domid;
    (void)kib;
    return -EOPNOTSUPP;
}

static int
replay_write(struct host *h, const char *path, const char *value)
{
    (void)h;
    (void)path;
    (void)value;
    return 0;
}

static int
replay_remove(struct host *h, const char *path)
{
    (void)h;
    (void)path;
    return 0;
}

static int
replay_list(struct host *h, const char *dir, host_store_fn *fn, void *arg)
{
    (void)h;
    (void)dir;
    (void)fn;
    (void)arg;
    return 0;
}

static int
replay_read(struct host *h, const char *path, char *ret_value, size_t size)
{
    (void)h;
    (void)path;
    (void)ret_value;
    (void)size;
    return -ENOENT;
}

static int
replay_answer(struct host *h, const char *node, const char *expected,
              const struct host_pair *pairs, size_t n)
{
    (void)h;
    (void)node;
    (void)expected;
    (void)pairs;
    (void)n;
    return -ESRCH;
}

static void
replay_watch(struct host *h, const char *dir)
{
    (void)h;
    (void)dir;
}

static bool
replay_next_change(struct host *h, char ret_change[HOST_CHANGE_SIZE])
{
    (void)h;
    (void)ret_change;
    return false;
}

static int
replay_fd(struct host *h)
{
    (void)h;
    return -1;
}

static int
replay_dispatch(struct host *h)
{
    (void)h;
    return 0;
}

static uint64_t
replay_now_ms(struct host *h)
{
    return from_host(h)->now_ms;
}

static const struct host_ops replay_ops = {
    .name = "replay",
    .check = replay_check,
    .observe = replay_observe,
    .set_target = replay_set_target,
    .set_maxmem = replay_set_maxmem,
    .get_paging = replay_get_paging,
    .set_paging = replay_set_paging,
    .store_write = replay_write,
    .store_remove = replay_remove,
    .store_list = replay_list,
    .store_read = replay_read,
    .store_answer = replay_answer,
    .store_watch = replay_watch,
    .store_next_change = replay_next_change,
    .fd = replay_fd,
    .dispatch = replay_dispatch,
    .now_ms = replay_now_ms,
};

void
replay_host_open(struct replay_host *h)
{
    *h = (struct replay_host){ .host.ops = &replay_ops };
}

void
replay_host_done(struct replay_host *h)
{
    host_view_done(&h->view);
    steps_done(&h->orders);
}

struct host_domain *
replay_host_domain(struct replay_host *h, uint32_t domid)
{
    struct host_view *v = &h->view;
    size_t i = v->n_domains;

    while (i > 0 && v->domains[i - 1].domid > domid)
        i--;
    if (i > 0 && v->domains[i - 1].domid == domid)
        return &v->domains[i - 1];
    if (host_view_reserve(v, v->n_domains + 1) < 0)
        return NULL;
    memmove(&v->domains[i + 1], &v->domains[i],
            (v->n_domains - i) * sizeof(v->domains[0]));
    v->n_domains++;
    v->domains[i] = (struct host_domain){ .domid = domid };
    return &v->domains[i];
}

void
replay_host_forget(struct replay_host *h, uint32_t domid)
{
    struct host_view *v = &h->view;
    size_t kept = 0;

    for (size_t i = 0; i < v->n_domains; i++)
        if (v->domains[i].domid != domid)
            v->domains[kept++] = v->domains[i];
    v->n_domains = kept;
}

int
replay_host_add_order(struct replay_host *h, const struct step *order)
{
    struct steps *s = &h->orders;
    struct step *grown;

    if (s->n == s->capacity) {
        grown = reallocarray(s->list, s->capacity * 2 + 16, sizeof(*grown));
        if (!grown)
            return -ENOMEM;
        s->list = grown;
        s->capacity = s->capacity * 2 + 16;
    }
    s->list[s->n++] = *order;
    return 0;
}
