/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the balancer and others tell a simulated host, and which of the
 * balancer's orders are illegal. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "proto/keys.h"
#include "sim-world.h"
#include "util/parse.h"
#include "util/units.h"

/* A domain that can be told something. */
static struct sim_guest *
find_living(const struct sim_world *w, uint32_t domid)
{
    struct sim_guest *g = sim_world_find(w, domid);

    return g && !g->facts.is_dying ? g : NULL;
}

static void
judge_target(struct sim_world *w, const struct sim_guest *g,
             uint64_t target_kib)
{
    uint32_t domid = g->facts.domid;

    if (target_kib > g->facts.maxmem_kib)
        sim_world_alarm(w,
                        "domain %" PRIu32 " is given a target of %" PRIu64
                        " KiB above its maxmem of %" PRIu64 " KiB",
                        domid, target_kib, g->facts.maxmem_kib);
    if (sim_guest_is_building(g, w->now_ms))
        sim_world_alarm(w,
                        "domain %" PRIu32
                        " is given a target while it is being built",
                        domid);
    if (g->facts.balloon == HOST_BALLOON_NO)
        sim_world_alarm(w,
                        "domain %" PRIu32
                        " is given a target but has no balloon",
                        domid);
}

/* Growth has to be covered by what is free now (G3). */
static void
judge_growth(struct sim_world *w, const struct sim_guest *g,
             uint64_t before_kib)
{
    uint64_t outstanding_kib = sim_world_outstanding_kib(w);

    if (outstanding_kib > before_kib && w->free_kib < (int64_t)outstanding_kib)
        sim_world_alarm(w,
                        "domain %" PRIu32 " may grow to %" PRIu64
                        " KiB: %" PRIu64 " KiB granted to all, %" PRId64
                        " KiB free",
                        g->facts.domid, g->facts.target_kib, outstanding_kib,
                        w->free_kib);
}

int
sim_world_set_target(struct sim_world *w, uint32_t domid, uint64_t target_kib)
{
    struct sim_guest *g = find_living(w, domid);
    uint64_t before_kib;
    bool is_wake;

    if (!g)
        return -ESRCH;
    before_kib = sim_world_outstanding_kib(w);
    /* A11: no change of its target */
    is_wake = distance_u64(target_kib, g->facts.target_kib) <= PAGE_KIB;
    judge_target(w, g, target_kib);
    g->facts.target_kib = target_kib;
    g->target_writes += !is_wake;
    w->target_writes += !is_wake;
    judge_growth(w, g, before_kib);
    return 0;
}

int
sim_world_set_maxmem(struct sim_world *w, uint32_t domid, uint64_t maxmem_kib)
{
    struct sim_guest *g = find_living(w, domid);

    if (!g)
        return -ESRCH;
    if (g->facts.target_kib != HOST_UNSET && maxmem_kib < g->facts.target_kib)
        sim_world_alarm(w,
                        "domain %" PRIu32 " is limited to %" PRIu64
                        " KiB, below its target of %" PRIu64 " KiB",
                        domid, maxmem_kib, g->facts.target_kib);
    g->facts.maxmem_kib = maxmem_kib;
    return 0;
}

int
sim_world_get_paging(const struct sim_world *w, uint32_t domid,
                     uint64_t *ret_kib)
{
    const struct sim_guest *g = find_living(w, domid);

    if (!g)
        return -ESRCH;
    if (g->nature.paging_kib == 0)
        return -EOPNOTSUPP;
    *ret_kib = g->nature.paging_kib;
    return 0;
}

int
sim_world_set_paging(struct sim_world *w, uint32_t domid, uint64_t kib)
{
    struct sim_guest *g = find_living(w, domid);
    int64_t delta_kib;

    if (!g)
        return -ESRCH;
    if (g->nature.paging_kib == 0)
        return -EOPNOTSUPP;
    delta_kib = delta_u64(kib, g->nature.paging_kib);
    if (delta_kib > w->free_kib)
        return -ENOMEM;
    w->free_kib -= delta_kib;
    g->nature.paging_kib = kib;
    return 0;
}

static const struct {
    const char *key;
    size_t offset;
    unsigned limit; /* an enum host_limit, or 0 */
} memory_keys[] = {
    { KEY_TARGET, offsetof(struct host_domain, target_kib), 0 },
    { KEY_STATIC_MIN, offsetof(struct host_domain, static_min_kib),
      HOST_STATIC_MIN },
    { KEY_DYNAMIC_MIN, offsetof(struct host_domain, dynamic_min_kib),
      HOST_DYNAMIC_MIN },
    { KEY_DYNAMIC_MAX, offsetof(struct host_domain, dynamic_max_kib),
      HOST_DYNAMIC_MAX },
    { KEY_STATIC_MAX, offsetof(struct host_domain, static_max_kib),
      HOST_STATIC_MAX },
    { KEY_VIDEORAM, offsetof(struct host_domain, videoram_kib), 0 },
    { KEY_MEMINFO_FREE, offsetof(struct host_domain, available_kib), 0 },
};

/* value NULL: the key goes.  -ENOENT if it is none of the above. */
static int
set_memory(struct host_domain *d, const char *key, const char *value)
{
    for (size_t i = 0; i < sizeof(memory_keys) / sizeof(memory_keys[0]); i++) {
        uint64_t *field =
            (uint64_t *)(void *)((char *)d + memory_keys[i].offset);

        if (strcmp(key, memory_keys[i].key) != 0)
            continue;
        d->garbled_limits &= ~memory_keys[i].limit;
        if (parse_u64(value, 0, HOST_AMOUNT_MAX_KIB, field) < 0) {
            *field = HOST_UNSET;
            d->garbled_limits |= value ? memory_keys[i].limit : 0;
        }
        return 0;
    }
    return -ENOENT;
}

/* "/local/domain/7/memory/target": the key; NULL if it is another path. */
static const char *
split_path(const char *path, uint32_t *ret_domid)
{
    static const char prefix[] = KEYS_GUESTS "/";
    const char *number = path + sizeof(prefix) - 1;
    const char *slash;
    uint64_t domid;

    if (strncmp(path, prefix, sizeof(prefix) - 1) != 0)
        return NULL;
    slash = strchr(number, '/');
    if (!slash || parse_u64_n(number, (size_t)(slash - number), 0, UINT32_MAX,
                              &domid) < 0)
        return NULL;
    *ret_domid = (uint32_t)domid;
    return slash + 1;
}

/* value NULL: the key goes. */
static int
write_memory_key(struct sim_world *w, const char *path, const char *value)
{
    uint32_t domid;
    const char *key = split_path(path, &domid);
    struct sim_guest *g = key ? sim_world_find(w, domid) : NULL;

    if (!g || set_memory(&g->facts, key, value) < 0)
        return -ESRCH;
    w->has_news = true;
    return 0;
}

int
sim_world_store_write(struct sim_world *w, const char *path, const char *value)
{
    if (w->store_fails)
        return -EIO;
    if (write_memory_key(w, path, value) == 0)
        return 0;
    w->has_news |= host_changes_note(&w->changes, path);
    return sim_store_write(&w->store, path, value);
}

int
sim_world_store_remove(struct sim_world *w, const char *path)
{
    if (w->store_fails)
        return -EIO;
    if (write_memory_key(w, path, NULL) == 0)
        return 0;
    w->has_news |= host_changes_note(&w->changes, path);
    return sim_store_remove(&w->store, path);
}
