/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The borrower's side of a lease: attach, read, write, zero, count. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lease-private.h"

/* A clock that is cheap to read and does not go back. */
static uint32_t
now_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (uint32_t)now.tv_sec;
}

struct lease *
lease_new(void)
{
    struct lease *lease = calloc(1, sizeof(*lease));
    pthread_rwlockattr_t writer_first;

    if (!lease)
        return NULL;
    /* A busy borrower must not keep its lease from ending. */
    pthread_rwlockattr_init(&writer_first);
    pthread_rwlockattr_setkind_np(&writer_first,
                                  PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&lease->gate, &writer_first);
    pthread_rwlockattr_destroy(&writer_first);
    atomic_store(&lease->used_s, now_seconds());
    return lease;
}

struct lease *
lease_free(struct lease *lease)
{
    pthread_rwlock_destroy(&lease->gate);
    free(lease);
    return NULL;
}

/* Takes as long for any wrong token. */
static bool
is_token(const struct lease *lease, const char *token)
{
    unsigned int differs = 0;
    size_t i;

    for (i = 0; i < LEND_TOKEN_SIZE - 1; i++)
        differs |= (unsigned char)(lease->token[i] ^ token[i]);
    return differs == 0;
}

struct lease *
lease_find(struct lend *lend, const char *token)
{
    struct lease *found = NULL;
    struct lease *lease;

    if (strlen(token) != LEND_TOKEN_SIZE - 1)
        return NULL;
    TAILQ_FOREACH(lease, &lend->leases, link)
        if (is_token(lease, token))
            found = lease;
    return found;
}

static int
attach(struct lend *lend, const char *token, struct lease **ret)
{
    struct lease *lease = lease_find(lend, token);

    if (!lease)
        return -ENOENT;
    if (lease->n_connections >= lend->config.connections_max)
        return -EUSERS;
    lease->n_connections++;
    lend->n_connections++;
    *ret = lease;
    return 0;
}

int
lease_attach(struct lend *lend, const char *untrusted_token, struct lease **ret)
{
    int r;

    pthread_mutex_lock(&lend->lock);
    r = attach(lend, untrusted_token, ret);
    pthread_mutex_unlock(&lend->lock);
    return r;
}

/* Who leaves a lease that has ended last, takes it away. */
void
lease_detach(struct lend *lend, struct lease *lease)
{
    bool is_last;

    pthread_mutex_lock(&lend->lock);
    lend->n_connections--;
    is_last = --lease->n_connections == 0 && !lease->cost_kib;
    pthread_mutex_unlock(&lend->lock);
    if (is_last)
        lease_free(lease);
}

uint64_t
lease_number(const struct lease *lease)
{
    return lease->number;
}

bool
lease_may_log(struct lease *lease)
{
    uint32_t now_s = now_seconds();

    return atomic_exchange(&lease->logged_s, now_s) != now_s;
}

uint64_t
lease_size_bytes(struct lease *lease)
{
    uint64_t size_bytes;

    pthread_rwlock_rdlock(&lease->gate);
    size_bytes = lease->size_bytes;
    pthread_rwlock_unlock(&lease->gate);
    return size_bytes;
}

static int
check_span(const struct lease *lease, const struct pages_span *span)
{
    if (!lease->pages)
        return -ESHUTDOWN;
    if (span->length > lease->size_bytes ||
        span->offset > lease->size_bytes - span->length)
        return -EINVAL;
    return 0;
}

static void
count(atomic_ullong *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

/* Enters the lease; on failure there is nothing to leave. */
static int
enter(struct lease *lease, const struct pages_span *span)
{
    int r;

    pthread_rwlock_rdlock(&lease->gate);
    r = check_span(lease, span);
    if (r < 0) {
        count(&lease->refused, 1);
        pthread_rwlock_unlock(&lease->gate);
    }
    return r;
}

static void
leave(struct lease *lease)
{
    pthread_rwlock_unlock(&lease->gate);
}

/* Counts a request, and leaves. */
static void
leave_used(struct lease *lease, atomic_ullong *requests,
           const struct pages_span *span)
{
    count(requests, 1);
    if (atomic_load_explicit(&lease->used_s, memory_order_relaxed) !=
        span->now_s)
        atomic_store_explicit(&lease->used_s, span->now_s,
                              memory_order_relaxed);
    leave(lease);
}

int
lease_read(struct lease *lease, void *to, uint32_t length, uint64_t offset)
{
    struct pages_span span = { offset, length, now_seconds() };
    int r = enter(lease, &span);

    if (r < 0)
        return r;
    pages_read(lease->pages, to, &span);
    count(&lease->read_bytes, length);
    leave_used(lease, &lease->reads, &span);
    return 0;
}

int
lease_write(struct lease *lease, const void *from, uint32_t length,
            uint64_t offset)
{
    struct pages_span span = { offset, length, now_seconds() };
    int r = enter(lease, &span);

    if (r < 0)
        return r;
    r = pages_write(lease->pages, from, &span);
    if (r == 0)
        count(&lease->written_bytes, length);
    leave_used(lease, r == 0 ? &lease->writes : &lease->refused, &span);
    return r;
}

int
lease_zero(struct lease *lease, uint32_t length, uint64_t offset)
{
    struct pages_span span = { offset, length, now_seconds() };
    int r = enter(lease, &span);

    if (r < 0)
        return r;
    pages_zero(lease->pages, &span);
    leave_used(lease, &lease->zeroes, &span);
    return 0;
}

int
lease_run(struct lease *lease, const struct pages_span *span,
          uint64_t *ret_length, bool *ret_is_stored)
{
    int r = enter(lease, span);

    if (r < 0)
        return r;
    *ret_length = pages_run(lease->pages, span, ret_is_stored);
    leave(lease);
    return 0;
}

void
lease_describe(struct lease *lease, struct lease_record *ret)
{
    uint32_t now_s = now_seconds();
    uint32_t used_s = atomic_load(&lease->used_s);

    memset(ret, 0, sizeof(*ret));
    ret->number = lease->number;
    memcpy(ret->token, lease->token, sizeof(ret->token));
    memcpy(ret->label, lease->label, sizeof(ret->label));
    pages_count(lease->pages, now_s, &ret->pages);
    ret->reads = atomic_load(&lease->reads);
    ret->writes = atomic_load(&lease->writes);
    ret->zeroes = atomic_load(&lease->zeroes);
    ret->read_bytes = atomic_load(&lease->read_bytes);
    ret->written_bytes = atomic_load(&lease->written_bytes);
    ret->refused = atomic_load(&lease->refused);
    ret->idle_s = used_s < now_s ? now_s - used_s : 0;
    ret->n_connections = lease->n_connections;
}
