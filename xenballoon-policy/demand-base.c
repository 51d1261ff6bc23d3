/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is seen of a guest: what it uses, how fast it grows, and what its
 * balloon can do. */
#include <config.h>

#include "demand-base.h"
#include "demand-lack.h"
#include "util/units.h"
#include "xbp-level.h"

/* A balloon that got a new target this long before a sample was done by then,
 * if it is on it. */
#define RESTED_MS 5000
/* Who has no agent is looked at so often: as often as an agent would tell. */
#define LOOK_MS 1000
/* An agent tells every second what changes: one that says nothing for so long
 * while its guest is seen to swap is late. */
#define LATE_MS 3000
/* A quarter of what a task that waits for a disk brings in, as the detector of
 * thrashing has it. */
#define LATE_KIB_PER_S 128
/* What its kernel does not manage is less than this part of it, or of one that
 * is small than what its image and its tables take: 42 MiB in a PV guest with
 * Linux 6.1 that may have 256 MiB. */
#define EXTRA_SHARE     8
#define EXTRA_LEAST_KIB (64 * KIB_PER_MIB)
/* Whose agent had nothing to tell for so long has not grown by what a kernel's
 * lists sway by. */
#define QUIET_MS 5000
#define SWAY_KIB KIB_PER_MIB
/* A shorter way tells more of the second in which one looked than of its
 * balloon. */
#define SPEED_LEAST_KIB (64 * KIB_PER_MIB)

/* A domain holds more than its kernel manages: the image, the page tables of
 * all its memory.  Seen in a sample of when it did not move; it held that
 * before, too. */
static void
learn_extra(const struct demand_look *l, struct demand_memory *m)
{
    const struct xbp_guest *g = l->guest;
    uint64_t managed_kib = sat_add(g->used_kib, g->available_kib);
    bool is_resting = distance_u64(g->target_kib, g->actual_kib) <= KIB_PER_MIB;
    uint64_t before_kib = m->extra_kib;

    if (!is_resting || sat_sub(l->now_ms, m->changed_ms) <
                           sat_add(g->sample_age_ms, RESTED_MS))
        return;
    m->extra_kib =
        min_u64(sat_sub(g->actual_kib, managed_kib),
                max_u64(g->actual_kib / EXTRA_SHARE, EXTRA_LEAST_KIB));
    if (m->base_kib != XBP_UNKNOWN)
        m->base_kib = sat_sub(sat_add(m->base_kib, m->extra_kib), before_kib);
}

/* Says nothing, or nothing that can be, but the host sees it swap. */
bool
demand_is_silent(const struct xbp_guest *g, const struct demand_memory *m)
{
    bool is_believed = m->absurd_samples < DEMAND_ABSURD_SAMPLES &&
                       xbp_used_kib(g) != XBP_UNKNOWN;

    return !is_believed && demand_is_seen(g);
}

/* Swaps out, though nobody made it smaller: it grows, and takes its share. */
static bool
is_outgrowing(const struct demand_look *l, const struct demand_memory *m)
{
    return l->guest->seen_out_kib_per_s != XBP_UNKNOWN &&
           l->guest->seen_out_kib_per_s >= LATE_KIB_PER_S &&
           sat_sub(l->now_ms, m->changed_ms) >= RESTED_MS;
}

/* Who says nothing needs its share, or what was enough: with that it did not
 * swap anything in. */
static uint64_t
guessed_kib(const struct demand_look *l, struct demand_memory *m)
{
    const struct xbp_guest *g = l->guest;

    if (m->guess_kib == 0 || is_outgrowing(l, m))
        m->guess_kib = max_u64(max_u64(m->guess_kib, l->share_kib), 1);
    if (l->cost_permyriad > 0 && !demand_is_little(l))
        m->guess_kib = max_u64(m->guess_kib, g->actual_kib);
    else if (sat_sub(l->now_ms, m->changed_ms) >= RESTED_MS)
        m->guess_kib = min_u64(m->guess_kib, g->actual_kib);
    if (l->cost_permyriad == 0 &&
        sat_sub(l->now_ms, m->paid_ms) >= l->rules->hold_ms)
        m->guess_kib = min_u64(m->guess_kib, max_u64(l->share_kib, 1));
    return m->guess_kib;
}

/* What it could not do without, in the measure of a target; XBP_UNKNOWN. */
uint64_t
demand_base_kib(const struct demand_look *l, struct demand_memory *m)
{
    const struct xbp_guest *g = l->guest;
    uint64_t used_kib = xbp_used_kib(g);

    if (demand_is_silent(g, m))
        return guessed_kib(l, m);
    if (used_kib == XBP_UNKNOWN)
        return XBP_UNKNOWN;
    if (!xbp_has_sample(g) || g->used_kib == XBP_UNKNOWN) {
        /* A key that is written now and then: it says what was true then. */
        if (m->seen_ms == 0 || g->available_kib != m->available_kib)
            m->told_kib = used_kib;
        m->available_kib = g->available_kib;
        if (is_outgrowing(l, m)) /* and is not true any more */
            m->told_kib = g->actual_kib;
        return min_u64(m->told_kib, g->actual_kib);
    }
    if (g->available_kib != XBP_UNKNOWN)
        learn_extra(l, m);
    return min_u64(sat_add(used_kib, m->extra_kib), g->actual_kib);
}

/* It has given memory back by itself: what it held that for is over. */
static void
let_go(struct demand_memory *m)
{
    m->right_until_ms = 0;
    m->claim_kib = 0;
    m->step_kib = 0;
    m->cache_claim_kib = 0;
    m->floor_kib = 0;
    m->paid_ms = 0;
}

static uint64_t
taken_ms(const struct demand_look *l)
{
    return xbp_has_sample(l->guest)
               ? sat_sub(l->now_ms, l->guest->sample_age_ms)
               : l->now_ms;
}

bool
demand_is_late(const struct xbp_guest *g)
{
    return !xbp_has_sample(g) ||
           (g->sample_age_ms >= LATE_MS && demand_is_seen(g) &&
            g->seen_in_kib_per_s >= LATE_KIB_PER_S);
}

bool
demand_has_news(const struct demand_look *l, const struct demand_memory *m)
{
    uint64_t least_ms = xbp_has_sample(l->guest) ? 1 : LOOK_MS;

    return m->seen_ms == 0 || sat_sub(taken_ms(l), m->taken_ms) >= least_ms ||
           (l->cost_permyriad > 0 && demand_is_late(l->guest) &&
            sat_sub(l->now_ms, m->looked_ms) >= LOOK_MS);
}

/* What comes in fills what is free, which is more if it was given more. */
static void
note_returned(const struct demand_look *l, struct demand_memory *m,
              uint64_t span_ms)
{
    uint64_t kib = mul_div(demand_swap_in_kib_per_s(l->guest),
                           min_u64(span_ms, XBP_STALE_MS), MS_PER_S);
    bool has_more = m->has_risen && m->changed_ms > m->taken_ms;

    m->returned_kib =
        l->cost_permyriad == 0 || has_more ? 0 : sat_add(m->returned_kib, kib);
}

static uint64_t
growth_kib_per_s(const struct demand_memory *m, uint64_t now_base_kib,
                 uint64_t span_ms)
{
    uint64_t kib = sat_sub(now_base_kib, m->base_kib);

    if (span_ms > XBP_STALE_MS || (span_ms >= QUIET_MS && kib <= SWAY_KIB))
        return 0;
    return mul_div(kib, MS_PER_S, max_u64(span_ms, MS_PER_S));
}

void
demand_take_sample(const struct demand_look *l, struct demand_memory *m,
                   uint64_t now_base_kib)
{
    uint64_t span_ms = sat_sub(taken_ms(l), m->taken_ms);
    bool is_compared = m->seen_ms != 0 && m->base_kib != XBP_UNKNOWN;

    m->looked_ms = l->now_ms;
    if (m->seen_ms != 0 && span_ms == 0)
        return;
    if (is_compared)
        note_returned(l, m, span_ms);
    m->ramp_kib_per_s =
        is_compared ? growth_kib_per_s(m, now_base_kib, span_ms) : 0;
    if (is_compared &&
        now_base_kib < m->base_kib - mul_div(m->base_kib, l->rules->headroom,
                                             XBP_OPTION_ONE))
        let_go(m);
    m->taken_ms = taken_ms(l);
    m->base_kib = now_base_kib;
}

/* What it will use before it can get more, if it goes on so; the slower its
 * balloon, the earlier it has to begin. */
uint64_t
demand_ahead_kib(const struct demand_memory *m)
{
    uint64_t ahead_kib = m->ramp_kib_per_s * DEMAND_REACTION_MS / MS_PER_S;
    uint64_t late_ms = m->speed_kib_per_s == 0
                           ? 0
                           : mul_div(ahead_kib, MS_PER_S, m->speed_kib_per_s);

    return sat_add(ahead_kib,
                   mul_div(m->ramp_kib_per_s,
                           min_u64(late_ms, DEMAND_REACTION_MS), MS_PER_S));
}

/* The most that it used lately. */
void
demand_watch_peak(const struct demand_look *l, struct demand_memory *m)
{
    if (m->base_kib >= m->peak_kib ||
        l->now_ms - m->peak_ms >= DEMAND_PEAK_LESSONS * l->rules->learned_ms) {
        m->peak_kib = m->base_kib;
        m->peak_ms = l->now_ms;
    }
}

/* How fast its balloon is, from a move that it has ended. */
void
demand_watch_speed(const struct demand_look *l, struct demand_memory *m)
{
    const struct xbp_guest *g = l->guest;
    uint64_t way_kib = distance_u64(m->began_kib, g->actual_kib);
    uint64_t took_ms = sat_sub(l->now_ms, m->began_ms);

    if (m->began_ms == 0 || took_ms == 0 ||
        distance_u64(g->actual_kib, g->target_kib) > KIB_PER_MIB)
        return;
    if (way_kib >= SPEED_LEAST_KIB)
        m->speed_kib_per_s = mul_div(way_kib, MS_PER_S, took_ms);
    m->began_ms = 0;
}
