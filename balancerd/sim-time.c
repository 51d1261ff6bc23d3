/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lets time pass over a simulated host. */
#include <config.h>

#include <inttypes.h>

#include "log.h"
#include "sim-world.h"
#include "util/units.h"

static void
run_due_events(struct sim_world *w)
{
    const struct sim_scenario *s = &w->scenario;

    while (w->next_event < s->n_events &&
           s->events[w->next_event].at_ms <= w->now_ms) {
        const struct sim_event *e = &s->events[w->next_event++];
        int r = sim_world_do(w, e);

        if (r == 0)
            continue;
        w->failed_events++;
        log_warn(-r,
                 "simulated host: the event at %" PRIu64
                 " ms about domain %" PRIu32 " did not happen",
                 e->at_ms, e->domid);
    }
}

/* Is it at rest, and will be until something happens? */
static bool
step_guest(struct sim_world *w, struct sim_guest *g, uint64_t step_ms)
{
    int64_t delta_kib = sim_guest_step(g, step_ms, w->now_ms);

    if (delta_kib < 0 && !g->facts.is_dying)
        delta_kib = -(int64_t)sim_life_give(g, (uint64_t)-delta_kib, step_ms,
                                            w->now_ms);
    if (delta_kib > 0 && delta_kib > w->free_kib) {
        sim_world_alarm(w,
                        "domain %" PRIu32 " takes %" PRId64
                        " KiB but the host has %" PRId64 " KiB",
                        g->facts.domid, delta_kib, w->free_kib);
        delta_kib = w->free_kib > 0 ? w->free_kib : 0;
    }
    sim_guest_take(g, delta_kib);
    w->free_kib -= delta_kib;
    sim_life_stir(g, delta_kib, w->now_ms);
    return delta_kib == 0 && g->credit == 0;
}

/* When its agent has something to tell, later than now. */
static uint64_t
report_due_ms(const struct sim_guest *g, uint64_t now_ms)
{
    if (!sim_guest_is_up(g, now_ms) || g->nature.is_paused)
        return HOST_UNSET;
    return max_u64(sim_load_due_ms(&g->load), now_ms + 1);
}

/* true if an agent told something that cannot wait. */
static bool
report(struct sim_guest *g, uint64_t now_ms)
{
    if (!g->load.has_agent || !sim_guest_is_up(g, now_ms) ||
        g->nature.is_paused)
        return false;
    sim_guest_publish(g, now_ms);
    return sim_load_report(&g->load, &g->facts, now_ms);
}

/* All domains live for step_ms. Are all of them at rest? */
static bool
step_all(struct sim_world *w, uint64_t step_ms)
{
    uint64_t began_ms = w->now_ms;
    bool is_resting = true;

    w->now_ms += step_ms;
    for (size_t i = w->n; i-- > 0;) {
        struct sim_guest *g = &w->guests[i];
        uint64_t due_ms = sim_guest_due_ms(g, began_ms);

        is_resting &= step_guest(w, g, step_ms);
        if (sim_life_due_ms(g) <= w->now_ms)
            w->has_news |= sim_life_step(g, w->now_ms);
        w->has_news |= report(g, w->now_ms);
        if (due_ms > w->now_ms)
            continue;
        w->has_news = true;
        if (g->facts.is_dying)
            sim_world_bury(w, g);
    }
    return is_resting;
}

/* The end of the longest step in which no domain changes its mind. */
static uint64_t
step_end_ms(const struct sim_world *w, uint64_t until_ms, bool is_resting)
{
    uint64_t end_ms = until_ms;

    if (w->next_event < w->scenario.n_events)
        end_ms = min_u64(end_ms, w->scenario.events[w->next_event].at_ms);
    for (size_t i = 0; i < w->n; i++) {
        const struct sim_guest *g = &w->guests[i];

        end_ms = min_u64(end_ms, sim_guest_due_ms(g, w->now_ms));
        end_ms = min_u64(end_ms, sim_guest_phase_ms(g, w->now_ms));
        end_ms = min_u64(end_ms, max_u64(sim_life_due_ms(g), w->now_ms + 1));
        end_ms = min_u64(end_ms, report_due_ms(g, w->now_ms));
    }
    return is_resting ? end_ms
                      : min_u64(end_ms, w->now_ms + w->scenario.slice_ms);
}

void
sim_world_advance(struct sim_world *w, uint64_t until_ms)
{
    bool is_resting = false;

    run_due_events(w);
    while (w->now_ms < until_ms) {
        uint64_t end_ms = step_end_ms(w, until_ms, is_resting);

        is_resting = step_all(w, end_ms - w->now_ms);
        if (w->next_event < w->scenario.n_events &&
            w->scenario.events[w->next_event].at_ms <= w->now_ms)
            is_resting = false;
        run_due_events(w);
    }
    for (size_t i = 0; i < w->n; i++)
        sim_guest_publish(&w->guests[i], w->now_ms);
}

uint64_t
sim_world_due_ms(const struct sim_world *w)
{
    uint64_t due_ms = HOST_UNSET;

    if (w->next_event < w->scenario.n_events)
        due_ms = w->scenario.events[w->next_event].at_ms;
    for (size_t i = 0; i < w->n; i++) {
        due_ms = min_u64(due_ms, sim_guest_due_ms(&w->guests[i], w->now_ms));
        due_ms = min_u64(due_ms, max_u64(sim_life_due_ms(&w->guests[i]),
                                         w->now_ms + 1));
        due_ms = min_u64(due_ms, report_due_ms(&w->guests[i], w->now_ms));
    }
    return due_ms;
}
