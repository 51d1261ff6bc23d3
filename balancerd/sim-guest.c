/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How simulated domains behave. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>

#include "sim-guest.h"
#include "util/units.h"

/* Measured on Xen 4.17 with Linux 6.1 guests, the slower end. */
#define PV_DOWN_KIB_PER_S  (160 * KIB_PER_MIB)
#define PV_UP_KIB_PER_S    (330 * KIB_PER_MIB)
#define PVH_DOWN_KIB_PER_S (80 * KIB_PER_MIB)
#define PVH_UP_KIB_PER_S   (160 * KIB_PER_MIB)
/* Guests with work live on a real processor, as the speed of their programs
 * does. Source: tests/bench/calibration.md: real hardware moves 1 to 2 GiB/s
 * where the lab's emulated one moves the above. */
#define REAL_SPEEDUP   6
#define PVH_OFFSET_KIB (16 * PAGE_KIB)
/* libxl's LIBXL_MAXMEM_CONSTANT. */
#define MAXMEM_SLACK_KIB 1024

void
sim_guest_init(struct sim_guest *g, uint32_t domid)
{
    *g = (struct sim_guest){
        .facts =
            {
                .domid = domid,
                .actual_kib = HOST_UNSET,
                .maxmem_kib = HOST_UNSET,
                .target_kib = HOST_UNSET,
                .static_min_kib = HOST_UNSET,
                .dynamic_min_kib = HOST_UNSET,
                .dynamic_max_kib = HOST_UNSET,
                .static_max_kib = HOST_UNSET,
                .videoram_kib = HOST_UNSET,
                .available_kib = HOST_UNSET,
                .vcpus = 1,
            },
        .nature =
            {
                .says = HOST_BALLOON_YES,
                .up_kib_per_s = HOST_UNSET,
                .down_kib_per_s = HOST_UNSET,
                .ceiling_kib = HOST_UNSET,
                .needs_kib = HOST_UNSET,
                .offset_kib = INT64_MAX,
            },
    };
    snprintf(g->facts.name, sizeof(g->facts.name), "dom%" PRIu32, domid);
    snprintf(g->facts.uuid, sizeof(g->facts.uuid),
             "00000000-0000-4000-8000-%012" PRIx32, domid);
}

uint64_t
sim_guest_overhead_kib(const struct sim_guest *g)
{
    return sat_add(g->nature.overhead_kib, g->nature.paging_kib);
}

static uint64_t
or_else(uint64_t value, uint64_t otherwise)
{
    return value == HOST_UNSET ? otherwise : value;
}

/* xorshift64: deterministic noise, the same on every machine. */
static uint64_t
noise(struct sim_guest *g)
{
    g->random ^= g->random << 13;
    g->random ^= g->random >> 7;
    g->random ^= g->random << 17;
    return g->random;
}

void
sim_guest_complete(struct sim_guest *g, uint64_t seed)
{
    struct host_domain *d = &g->facts;
    struct sim_nature *nature = &g->nature;
    bool is_pv = d->type == HOST_DOMAIN_PV;
    uint64_t size_kib = or_else(d->target_kib, 0);
    uint64_t speedup = g->life.work.n > 0 ? REAL_SPEEDUP : 1;

    nature->up_kib_per_s =
        or_else(nature->up_kib_per_s,
                speedup * (is_pv ? PV_UP_KIB_PER_S : PVH_UP_KIB_PER_S));
    nature->down_kib_per_s =
        or_else(nature->down_kib_per_s,
                speedup * (is_pv ? PV_DOWN_KIB_PER_S : PVH_DOWN_KIB_PER_S));
    if (nature->offset_kib == INT64_MAX)
        nature->offset_kib = is_pv ? 0 : PVH_OFFSET_KIB;
    d->actual_kib =
        or_else(d->actual_kib, sat_add_delta(size_kib, nature->offset_kib));
    d->maxmem_kib =
        or_else(d->maxmem_kib, sat_add(d->actual_kib, MAXMEM_SLACK_KIB));
    g->built_kib = d->actual_kib;
    /* Never 0: the generator would stay there. */
    g->random = (seed + 1) * 0x9e3779b97f4a7c15u + 2 * d->domid + 1;
    if (g->life.work.spread_ms > 0)
        g->life.work.delay_ms += noise(g) % g->life.work.spread_ms;
}

void
sim_guest_start(struct sim_guest *g, uint64_t now_ms)
{
    g->born_ms = now_ms;
    g->dying_since_ms = 0;
    g->credit = 0;
    g->facts.balloon = HOST_BALLOON_UNSAID;
    g->nature.is_absent = false;
    if (g->nature.build_ms > 0)
        g->facts.actual_kib = 0;
    g->facts.sample = (struct sample){ 0 };
    sim_life_reset(g);
    sim_load_start(&g->load, now_ms);
    sim_guest_publish(g, now_ms);
}

bool
sim_guest_is_building(const struct sim_guest *g, uint64_t now_ms)
{
    return now_ms < g->born_ms + g->nature.build_ms && !g->facts.is_dying;
}

bool
sim_guest_is_up(const struct sim_guest *g, uint64_t now_ms)
{
    return now_ms >= g->born_ms + g->nature.build_ms + g->nature.boot_ms &&
           !g->facts.is_shutdown && !g->facts.is_dying;
}

static uint64_t
held_at_target_kib(const struct sim_guest *g)
{
    if (g->facts.target_kib == HOST_UNSET)
        return g->facts.actual_kib;
    return sat_add_delta(g->facts.target_kib, g->nature.offset_kib);
}

uint64_t
sim_guest_outstanding_kib(const struct sim_guest *g, uint64_t now_ms)
{
    if (sim_guest_is_building(g, now_ms))
        return sat_sub(g->built_kib, g->facts.actual_kib);
    if (g->facts.is_dying || g->facts.is_shutdown ||
        g->facts.balloon == HOST_BALLOON_NO)
        return 0;
    return sat_sub(held_at_target_kib(g), g->facts.actual_kib);
}

static bool
is_odd_phase(const struct sim_guest *g, uint64_t now_ms)
{
    return g->nature.interval_ms > 0 &&
           (now_ms - g->born_ms) / g->nature.interval_ms % 2 == 1;
}

/* Where its balloon driver wants to be. */
static uint64_t
goal_kib(const struct sim_guest *g, uint64_t now_ms)
{
    const struct sim_nature *nature = &g->nature;
    uint64_t goal = held_at_target_kib(g);

    if (!sim_guest_is_up(g, now_ms) || nature->is_paused)
        return g->facts.actual_kib;
    /* It begins with a rest, and with obedience if it flaps. */
    if (nature->interval_ms > 0 && !nature->is_flapping &&
        !is_odd_phase(g, now_ms))
        return g->facts.actual_kib;
    if (nature->is_flapping && is_odd_phase(g, now_ms))
        goal = g->facts.maxmem_kib;
    return clamp_u64(goal, nature->floor_kib, nature->ceiling_kib);
}

/* KiB that it can move in step_ms, in whole pages; the rest is kept. */
static uint64_t
spend_credit(struct sim_guest *g, uint64_t kib_per_s, uint64_t step_ms)
{
    uint64_t gained = kib_per_s * step_ms;
    uint64_t jitter_pct = min_u64(g->nature.jitter_pct, 100);
    uint64_t kib;

    if (jitter_pct > 0)
        gained =
            gained * (100 - jitter_pct + noise(g) % (2 * jitter_pct + 1)) / 100;
    g->credit += gained;
    kib = page_floor_kib(g->credit / MS_PER_S);
    g->credit -= kib * MS_PER_S;
    return kib;
}

/* The builder populates it evenly, the teardown frees it evenly. */
static int64_t
construction_delta(const struct sim_guest *g, uint64_t now_ms)
{
    uint64_t kib;

    if (g->facts.is_dying)
        kib = g->dying_kib - mul_div(g->dying_kib,
                                     min_u64(now_ms - g->dying_since_ms,
                                             g->nature.teardown_ms),
                                     max_u64(g->nature.teardown_ms, 1));
    else
        kib = mul_div(g->built_kib,
                      min_u64(now_ms - g->born_ms, g->nature.build_ms),
                      g->nature.build_ms);
    return (int64_t)page_floor_kib(kib) - (int64_t)g->facts.actual_kib;
}

int64_t
sim_guest_step(struct sim_guest *g, uint64_t step_ms, uint64_t now_ms)
{
    uint64_t actual_kib = g->facts.actual_kib;
    uint64_t inaccuracy_kib = g->facts.inaccuracy_kib;
    uint64_t goal;

    if (g->facts.is_dying || sim_guest_is_building(g, now_ms - step_ms))
        return construction_delta(g, now_ms);
    goal = goal_kib(g, now_ms - step_ms);
    if (actual_kib > sat_add(goal, inaccuracy_kib))
        return -(
            int64_t)min_u64(actual_kib - goal - inaccuracy_kib,
                            spend_credit(g, g->nature.down_kib_per_s, step_ms));
    /* Xen's limit stops growth; it never takes anything away. */
    goal = min_u64(sat_sub(goal, inaccuracy_kib), g->facts.maxmem_kib);
    if (actual_kib < goal)
        return (
            int64_t)min_u64(goal - actual_kib,
                            spend_credit(g, g->nature.up_kib_per_s, step_ms));
    g->credit = 0;
    return 0;
}

void
sim_guest_take(struct sim_guest *g, int64_t delta_kib)
{
    g->facts.actual_kib = sat_add_delta(g->facts.actual_kib, delta_kib);
}

void
sim_guest_publish(struct sim_guest *g, uint64_t now_ms)
{
    bool is_up = sim_guest_is_up(g, now_ms);

    g->facts.is_paused =
        g->nature.is_paused || sim_guest_is_building(g, now_ms);
    /* What a guest wrote stays in xenstore until it is gone. */
    if (is_up)
        g->facts.balloon = g->nature.says;
    g->facts.claimed_kib = sim_guest_is_building(g, now_ms)
                               ? sim_guest_outstanding_kib(g, now_ms)
                               : 0;
    sim_load_count(&g->load, now_ms);
    g->facts.swap =
        g->life.work.n > 0 ? sim_life_swap(g, now_ms) : sim_load_seen(&g->load);
    if (g->nature.is_lying)
        g->facts.available_kib = noise(g);
    else if (is_up && g->nature.needs_kib != HOST_UNSET)
        g->facts.available_kib =
            sat_sub(g->facts.actual_kib, g->nature.needs_kib);
}

uint64_t
sim_guest_due_ms(const struct sim_guest *g, uint64_t now_ms)
{
    uint64_t built_ms = g->born_ms + g->nature.build_ms;

    if (g->facts.is_dying)
        return g->dying_since_ms + g->nature.teardown_ms;
    if (now_ms < built_ms)
        return built_ms;
    if (now_ms < built_ms + g->nature.boot_ms)
        return built_ms + g->nature.boot_ms;
    return HOST_UNSET;
}

uint64_t
sim_guest_phase_ms(const struct sim_guest *g, uint64_t now_ms)
{
    uint64_t interval_ms = g->nature.interval_ms;

    if (interval_ms == 0)
        return HOST_UNSET;
    return now_ms + interval_ms - (now_ms - g->born_ms) % interval_ms;
}
