/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How simulated guests with work live. */
#include <config.h>

#include "sample-press.h"
#include "sim-guest.h"
#include "sim-life.h"
#include "util/units.h"

#define US_PER_MS 1000u

/* Nothing moves: look again after that. */
#define CALM_MS 10000
/* Counters run while it suffers. */
#define BUSY_MS 1000
/* Source: a judgement. A supervisor restarts a service within seconds, its
 * users and caches take minutes; an operator takes longer. */
#define RESTART_MS 300000
/* Source: tests/bench/calibration.md: 86 MiB are not available in an idle guest
 * of 256 MiB; of them struct page, 64 bytes for each page that the guest may
 * ever have. */
#define BASE_KIB   (82 * KIB_PER_MIB)
#define BASE_SHARE 64
/* Source: calibration.md: MemAvailable does not fall below 6 MiB in a guest of
 * 256 MiB, however short memory is; with memory beyond 1 GiB the watermarks
 * grow by 0.1 % each, and there are three. */
#define KEEP_KIB   (6 * KIB_PER_MIB)
#define KEEP_SHARE 333

static uint64_t
grid_ms(uint64_t ms)
{
    return ms % SIM_GRID_MS == 0 ? ms : ms + SIM_GRID_MS - ms % SIM_GRID_MS;
}

static bool
has_work(const struct sim_guest *g)
{
    return g->life.work.n > 0;
}

static bool
is_living(const struct sim_guest *g, uint64_t now_ms)
{
    return has_work(g) && sim_guest_is_up(g, now_ms) && !g->nature.is_paused;
}

void
sim_life_reset(struct sim_guest *g)
{
    const struct sim_life *old = &g->life;
    uint64_t most_kib = g->facts.static_max_kib == HOST_UNSET
                            ? g->facts.actual_kib
                            : g->facts.static_max_kib;

    g->life = (struct sim_life){
        .work = old->work,
        .agent = { .mode = old->agent.mode,
                   .delay_ms = old->agent.delay_ms,
                   .claim_kib = old->agent.claim_kib },
        .memory = { .base_kib = old->memory.base_kib,
                    .swap_kib = old->memory.swap_kib,
                    .swap = old->memory.swap,
                    .disk = old->memory.disk,
                    .running_ppm = SIM_WHOLE_PPM },
    };
    if (g->life.memory.base_kib == 0)
        g->life.memory.base_kib = BASE_KIB + most_kib / BASE_SHARE;
    g->life.memory.keep_kib = max_u64(KEEP_KIB, most_kib / KEEP_SHARE);
    if (!g->life.memory.disk)
        g->life.memory.disk = sim_device_find("ssd");
    if (g->life.work.restart_ms == 0)
        g->life.work.restart_ms = RESTART_MS;
}

static uint64_t
age_ms(const struct sim_guest *g, uint64_t now_ms)
{
    return sat_sub(now_ms, g->life.began_ms + g->life.work.delay_ms);
}

struct sim_demand
sim_life_demand(const struct sim_guest *g, uint64_t now_ms)
{
    struct sim_demand d;

    sim_work_demand(&g->life.work, age_ms(g, now_ms), &d);
    if (g->life.restarts_ms != 0 ||
        now_ms < g->life.began_ms + g->life.work.delay_ms) {
        d.anon_kib = 0;
        d.hot_kib = 0;
        d.file_kib = 0;
        d.scan_kib_per_s = 0;
    }
    return d;
}

/* One that is there from the beginning has been running for long. */
static void
begin(struct sim_guest *g, uint64_t now_ms)
{
    struct sim_life *l = &g->life;
    struct sim_demand d;

    l->has_begun = true;
    l->began_ms = now_ms;
    l->until_ms = now_ms;
    l->agent.next_ms =
        now_ms + g->random % (MS_PER_S / SIM_GRID_MS) * SIM_GRID_MS;
    d = sim_life_demand(g, now_ms);
    if (g->born_ms == 0 && g->nature.build_ms + g->nature.boot_ms == 0)
        sim_memory_settle(&l->memory, &d, g->facts.actual_kib);
}

static void
count_toll(struct sim_guest *g, const struct sim_demand *d, uint64_t step_ms)
{
    struct sim_life *l = &g->life;

    if (l->restarts_ms != 0) {
        l->toll.work_ms += step_ms;
        l->toll.lost_us += step_ms * US_PER_MS;
        return;
    }
    if (d->anon_kib == 0 && d->file_kib == 0)
        return;
    l->toll.work_ms += step_ms;
    if (g->facts.actual_kib < sim_memory_needed_kib(&l->memory, d))
        l->toll.below_ms += step_ms;
}

/* Its programs were killed, or start again. */
static void
watch_kills(struct sim_guest *g, uint64_t now_ms)
{
    struct sim_life *l = &g->life;

    if (l->memory.kills > l->seen_kills) {
        l->seen_kills = l->memory.kills;
        l->restarts_ms = now_ms + l->work.restart_ms;
    } else if (l->restarts_ms != 0 && now_ms >= l->restarts_ms) {
        l->restarts_ms = 0;
    }
}

static uint64_t
next_step_ms(const struct sim_guest *g, const struct sim_demand *d,
             uint64_t now_ms)
{
    const struct sim_life *l = &g->life;
    uint64_t wait_ms = CALM_MS, next_ms, phase_ms;

    if (l->memory.is_moving)
        wait_ms = SIM_GRID_MS;
    else if (l->memory.running_ppm < SIM_WHOLE_PPM || d->scan_kib_per_s > 0)
        wait_ms = BUSY_MS;
    next_ms = min_u64(now_ms + wait_ms, l->agent.next_ms);
    phase_ms = sim_work_next_ms(&l->work, age_ms(g, now_ms));
    next_ms =
        min_u64(next_ms, sat_add(l->began_ms + l->work.delay_ms, phase_ms));
    if (l->restarts_ms != 0)
        next_ms = min_u64(next_ms, l->restarts_ms);
    return max_u64(grid_ms(next_ms), grid_ms(now_ms + 1));
}

static bool
speak(struct sim_guest *g, uint64_t now_ms)
{
    const struct sim_look look = {
        .memory = &g->life.memory,
        .held_kib = g->facts.actual_kib,
        .up_ms = now_ms - g->life.began_ms,
        .now_ms = now_ms,
    };
    struct sample before = g->facts.sample;

    return sim_agent_look(&g->life.agent, &look, &g->facts.sample,
                          &g->facts.available_kib) &&
           sample_presses(&before, &g->facts.sample);
}

bool
sim_life_step(struct sim_guest *g, uint64_t now_ms)
{
    struct sim_life *l = &g->life;
    struct sim_demand d;
    uint64_t step_ms;

    if (!is_living(g, now_ms)) {
        l->until_ms = now_ms;
        l->next_ms = grid_ms(now_ms + 1);
        return false;
    }
    if (!l->has_begun)
        begin(g, now_ms);
    step_ms = now_ms - l->until_ms;
    d = sim_life_demand(g, l->until_ms);
    if (step_ms > 0) {
        sim_memory_step(&l->memory, &d, g->facts.actual_kib, step_ms);
        count_toll(g, &d, step_ms);
        l->until_ms = now_ms;
    }
    watch_kills(g, now_ms);
    l->next_ms = next_step_ms(g, &d, now_ms);
    return speak(g, now_ms);
}

uint64_t
sim_life_give(struct sim_guest *g, uint64_t want_kib, uint64_t step_ms,
              uint64_t now_ms)
{
    struct sim_demand d;

    if (!is_living(g, now_ms) || !g->life.has_begun)
        return want_kib;
    d = sim_life_demand(g, now_ms);
    return sim_memory_give(&g->life.memory, &d,
                           &(const struct sim_wish){ g->facts.actual_kib,
                                                     want_kib, step_ms });
}

void
sim_life_stir(struct sim_guest *g, int64_t delta_kib, uint64_t now_ms)
{
    if (!has_work(g) || delta_kib == 0)
        return;
    g->life.toll.balloon_kib +=
        delta_kib > 0 ? (uint64_t)delta_kib : (uint64_t)-delta_kib;
    g->life.next_ms = min_u64(g->life.next_ms, grid_ms(now_ms + 1));
}

uint64_t
sim_life_due_ms(const struct sim_guest *g)
{
    return has_work(g) ? g->life.next_ms : HOST_UNSET;
}

struct host_swap
sim_life_swap(const struct sim_guest *g, uint64_t now_ms)
{
    const struct sim_memory *m = &g->life.memory;

    return (struct host_swap){
        .is_seen = m->swap && g->life.has_begun,
        .in_kib = m->swap_in_kib,
        .out_kib = m->swap_out_kib,
        .wait_ms = m->swap_wait_us / US_PER_MS,
        .at_ms = now_ms,
    };
}

struct sim_toll
sim_life_toll(const struct sim_guest *g)
{
    const struct sim_memory *m = &g->life.memory;
    struct sim_toll toll = g->life.toll;

    toll.lost_us += m->lost_us;
    toll.swap_in_kib += m->swap_in_kib;
    toll.swap_out_kib += m->swap_out_kib;
    toll.kills += m->kills;
    return toll;
}
