/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* host_ops on a simulated world. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "host-sim.h"
#include "proto/keys.h"
#include "sim-lend.h"
#include "sim-spool.h"
#include "sim-swap.h"
#include "util/clock.h"
#include "util/units.h"

struct host_sim {
    struct host host;
    struct sim_world world;
    struct sim_spool spool;
    struct swap_run *swap;
    struct swap_lend *lend;
    bool is_real;       /* which clock */
    uint64_t opened_ms; /* of the real one */
    /* On the real clock: readable when the world has news.  Or -1. */
    int news_fd;  /* epoll on the two below */
    int timer_fd; /* the next thing that is due */
    int spool_fd; /* inotify */
};

static struct host_sim *
from_host(struct host *h)
{
    return (struct host_sim *)h;
}

struct sim_world *
host_sim_world(struct host *h)
{
    return &from_host(h)->world;
}

/* Wakes the daemon when the next thing is due. */
static void
arm_timer(struct host_sim *sim)
{
    uint64_t due_ms = sim_world_due_ms(&sim->world);
    uint64_t wait_ms =
        sat_sub(due_ms, sim->world.now_ms) / sim->world.scenario.speed + 1;
    struct itimerspec when = { 0 };

    if (due_ms != HOST_UNSET) {
        when.it_value.tv_sec = (time_t)(wait_ms / MS_PER_S);
        when.it_value.tv_nsec = (long)(wait_ms % MS_PER_S) * 1000000;
    }
    timerfd_settime(sim->timer_fd, 0, &when, NULL);
}

/* On the real clock the world catches up whenever someone looks. */
static void
catch_up(struct host_sim *sim)
{
    if (!sim->is_real)
        return;
    sim_world_advance(&sim->world, (clock_monotonic_ms() - sim->opened_ms) *
                                       sim->world.scenario.speed);
    if (sim->world.scenario.spool[0])
        sim_spool_scan(&sim->spool, &sim->world);
    arm_timer(sim);
}

static int
sim_check(struct host *h, char error[HOST_ERROR_SIZE])
{
    (void)h;
    (void)error;
    return 0;
}

/* A domain without a word of its own may have proven its driver before. */
static bool
is_proven(const struct sim_world *w, const struct sim_guest *g)
{
    char path[KEYS_PATH_SIZE];
    const char *uuid =
        sim_store_read(&w->store,
                       keys_status(path, g->facts.domid, KEY_CAN_BALLOON));

    return uuid && strcmp(uuid, g->facts.uuid) == 0;
}

/* The builder writes a domain's memory keys when it is done. */
static void
show_domain(struct host_domain *ret, const struct sim_world *w,
            const struct sim_guest *g)
{
    *ret = g->facts;
    if (ret->balloon == HOST_BALLOON_UNSAID && is_proven(w, g))
        ret->balloon = HOST_BALLOON_YES;
    if (!sim_guest_is_building(g, w->now_ms))
        return;
    ret->target_kib = HOST_UNSET;
    ret->static_min_kib = HOST_UNSET;
    ret->dynamic_min_kib = HOST_UNSET;
    ret->dynamic_max_kib = HOST_UNSET;
    ret->static_max_kib = HOST_UNSET;
    ret->videoram_kib = HOST_UNSET;
}

static int
sim_observe(struct host *h, struct host_view *view)
{
    struct sim_world *w = &from_host(h)->world;
    uint64_t claimed_kib = 0;
    int r;

    catch_up(from_host(h));
    r = host_view_reserve(view, w->n);
    if (r < 0)
        return r;
    for (size_t i = 0; i < w->n; i++) {
        sim_guest_publish(&w->guests[i], w->now_ms);
        show_domain(&view->domains[i], w, &w->guests[i]);
        claimed_kib += view->domains[i].claimed_kib;
    }
    view->n_domains = w->n;
    view->memory.total_kib = w->scenario.total_kib;
    view->memory.free_kib = w->free_kib > 0 ? (uint64_t)w->free_kib : 0;
    view->memory.claimed_kib = claimed_kib;
    return 0;
}

static int
sim_set_target(struct host *h, uint32_t domid, uint64_t target_kib)
{
    return sim_world_set_target(&from_host(h)->world, domid, target_kib);
}

static int
sim_set_maxmem(struct host *h, uint32_t domid, uint64_t maxmem_kib)
{
    return sim_world_set_maxmem(&from_host(h)->world, domid, maxmem_kib);
}

static int
sim_get_paging(struct host *h, uint32_t domid, uint64_t *ret_kib)
{
    return sim_world_get_paging(&from_host(h)->world, domid, ret_kib);
}

static int
sim_set_paging(struct host *h, uint32_t domid, uint64_t kib)
{
    return sim_world_set_paging(&from_host(h)->world, domid, kib);
}

static int
sim_write(struct host *h, const char *path, const char *value)
{
    return sim_world_store_write(&from_host(h)->world, path, value);
}

static int
sim_remove(struct host *h, const char *path)
{
    return sim_world_store_remove(&from_host(h)->world, path);
}

static int
sim_list(struct host *h, const char *dir, host_store_fn *fn, void *arg)
{
    return sim_store_list(&from_host(h)->world.store, dir, fn, arg);
}

static int
sim_read(struct host *h, const char *path, char *ret_value, size_t size)
{
    const char *value = sim_store_read(&from_host(h)->world.store, path);
    size_t length = value ? strlen(value) : 0;

    if (!value)
        return -ENOENT;
    if (length >= size)
        return -E2BIG;
    memcpy(ret_value, value, length + 1);
    return 0;
}

static int
sim_answer(struct host *h, const char *node, const char *expected,
           const struct host_pair *pairs, size_t n)
{
    struct sim_world *w = &from_host(h)->world;
    const char *value = sim_store_read(&w->store, node);
    int r = 0;

    if (!value || (expected && strcmp(value, expected) != 0))
        return -ESRCH;
    for (size_t i = 0; i < n && r == 0; i++) {
        char path[KEYS_PATH_SIZE];

        snprintf(path, sizeof(path), "%s/%s", node, pairs[i].key);
        r = pairs[i].value ? sim_world_store_write(w, path, pairs[i].value)
                           : sim_world_store_remove(w, path);
        if (r == -ENOENT)
            r = 0;
    }
    return r;
}

static void
sim_watch(struct host *h, const char *dir)
{
    host_changes_begin(&from_host(h)->world.changes, dir);
}

static bool
sim_next_change(struct host *h, char ret_change[HOST_CHANGE_SIZE])
{
    return host_changes_next(&from_host(h)->world.changes, ret_change);
}

static int
sim_fd(struct host *h)
{
    return from_host(h)->news_fd;
}

static void
drain(int fd)
{
    char bytes[4096];

    while (fd >= 0 && read(fd, bytes, sizeof(bytes)) > 0)
        continue;
}

static int
sim_dispatch(struct host *h)
{
    struct host_sim *sim = from_host(h);
    bool has_news;

    drain(sim->timer_fd);
    drain(sim->spool_fd);
    catch_up(sim);
    has_news = sim->world.has_news;
    sim->world.has_news = false;
    return has_news;
}

static uint64_t
sim_now_ms(struct host *h)
{
    struct host_sim *sim = from_host(h);

    return sim->is_real ? clock_monotonic_ms()
                        : HOST_SIM_EPOCH_MS + sim->world.now_ms;
}

static struct swap_run *
sim_swap(struct host *h)
{
    return from_host(h)->swap;
}

static struct swap_lend *
sim_lend(struct host *h)
{
    const struct host_sim *sim = from_host(h);

    return sim->world.scenario.lenders[0].name[0] ? sim->lend : NULL;
}

static void
close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void
sim_free(struct host *h)
{
    struct host_sim *sim = from_host(h);

    close_fd(sim->news_fd);
    close_fd(sim->timer_fd);
    close_fd(sim->spool_fd);
    sim->swap->ops->free(sim->swap);
    sim->lend->ops->free(sim->lend);
    sim_spool_done(&sim->spool);
    sim_world_done(&sim->world);
    free(sim);
}

static const struct host_ops sim_ops = {
    .name = "sim",
    .check = sim_check,
    .observe = sim_observe,
    .set_target = sim_set_target,
    .set_maxmem = sim_set_maxmem,
    .get_paging = sim_get_paging,
    .set_paging = sim_set_paging,
    .store_write = sim_write,
    .store_remove = sim_remove,
    .store_list = sim_list,
    .store_read = sim_read,
    .store_answer = sim_answer,
    .store_watch = sim_watch,
    .store_next_change = sim_next_change,
    .fd = sim_fd,
    .dispatch = sim_dispatch,
    .now_ms = sim_now_ms,
    .swap = sim_swap,
    .lend = sim_lend,
    .free = sim_free,
};

int
host_sim_create(struct host **ret, struct sim_scenario *s)
{
    struct host_sim *sim = malloc(sizeof(*sim));
    int r;

    if (!sim)
        return -ENOMEM;
    *sim = (struct host_sim){
        .host.ops = &sim_ops,
        .news_fd = -1,
        .timer_fd = -1,
        .spool_fd = -1,
    };
    sim->swap = sim_swap_new(&sim->world);
    sim->lend = sim_lend_new(&sim->world);
    r = sim->swap && sim->lend ? sim_world_init(&sim->world, s) : -ENOMEM;
    if (r < 0) {
        free(sim->swap);
        free(sim->lend);
        free(sim);
        return r;
    }
    *ret = &sim->host;
    return 0;
}

/* One descriptor that tells of events, of domains that come up, of files. */
static int
listen_for_news(struct host_sim *sim)
{
    struct epoll_event readable = { .events = EPOLLIN };

    sim->news_fd = epoll_create1(EPOLL_CLOEXEC);
    sim->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (sim->news_fd < 0 || sim->timer_fd < 0 ||
        epoll_ctl(sim->news_fd, EPOLL_CTL_ADD, sim->timer_fd, &readable) < 0)
        return -errno;
    if (sim->world.scenario.spool[0] == '\0')
        return 0;
    sim->spool_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (sim->spool_fd < 0 ||
        inotify_add_watch(sim->spool_fd, sim->world.scenario.spool,
                          IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE) < 0 ||
        epoll_ctl(sim->news_fd, EPOLL_CTL_ADD, sim->spool_fd, &readable) < 0)
        return -errno;
    return 0;
}

int
host_sim_open(struct host **ret, const char *path, char error[HOST_ERROR_SIZE])
{
    struct sim_scenario scenario;
    struct host *h = NULL;
    int r = sim_scenario_read(&scenario, path, NULL, error);

    if (r < 0)
        return r;
    r = host_sim_create(&h, &scenario);
    if (r < 0) {
        sim_scenario_done(&scenario);
        snprintf(error, HOST_ERROR_SIZE, "%.180s: no memory", path);
        return r;
    }
    from_host(h)->is_real = true;
    from_host(h)->opened_ms = clock_monotonic_ms();
    r = listen_for_news(from_host(h));
    if (r < 0) {
        snprintf(error, HOST_ERROR_SIZE, "%.180s: cannot watch the spool: %m",
                 path);
        h->ops->free(h);
        return r;
    }
    catch_up(from_host(h));
    *ret = h;
    return 0;
}
