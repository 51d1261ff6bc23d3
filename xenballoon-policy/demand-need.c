/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Estimates a guest's need from what its agent told and what it was given. */
#include <config.h>

#include "demand-base.h"
#include "demand-lack.h"
#include "demand-need.h"
#include "util/units.h"
#include "xbp-level.h"

/* Who does not show that it needs what it uses is asked for so little of it,
 * then for twice as much, each time with the daemon's busiest sample interval
 * and two more to feel it; and forgets the last step after four times that. */
#define PRESS_SHARE     128
#define PRESS_MAX_SHARE 16
#define PRESS_MS        3000
#define PRESS_FORGET    4
/* A cache that nobody reads goes by this part at a time: half of it in three
 * steps.  Chosen on the tune half. */
#define CACHE_PRESS_SHARE 4
#define CACHE_HOLD_MS     30000
/* So it is for who lacks for so long what would be that much more than its
 * share: ten seconds are what it takes the detector of thrashing to be sure.
 * Who is asked has brought nothing in for as long.
 * It loses that much of its time, or swaps in that part of its memory in a
 * second: what a sleeper that is asked would pay for less is worth more. */
#define LASTING_MS     10000
#define TURNOVER_SHARE 1024
#define NEAR_SHARE     1
/* Who can wait gives up this part at a time, and nothing of the cache that it
 * may be reading but that part. */
#define MINOR_SHARE 64

static uint64_t
part_of(uint64_t kib, uint64_t part)
{
    return mul_div(kib, part, XBP_OPTION_ONE);
}

static bool
is_within(uint64_t since_ms, uint64_t span_ms, uint64_t now_ms)
{
    return since_ms != 0 && sat_sub(now_ms, since_ms) < span_ms;
}

/* From where it was made smaller. */
static void
note_shrink(const struct demand_look *l, struct demand_memory *m)
{
    if (!is_within(m->shrunk_ms, DEMAND_REGRET_MS, l->now_ms))
        m->shrunk_from_kib = 0;
    m->shrunk_from_kib = max_u64(m->shrunk_from_kib, m->target_kib);
    m->shrunk_ms = l->now_ms;
}

/* When its target became another, and whether that was the engine's wish. */
static void
watch_target(const struct demand_look *l, struct demand_memory *m)
{
    const struct xbp_guest *g = l->guest;

    if (m->seen_ms != 0 && g->target_kib == m->target_kib)
        return;
    m->has_risen = g->target_kib > m->target_kib;
    m->was_wished =
        m->seen_ms == 0 || (m->wish_kib != m->target_kib &&
                            (m->wish_kib > m->target_kib) == m->has_risen);
    if (m->seen_ms != 0 && !m->has_risen && m->was_wished)
        note_shrink(l, m);
    m->target_kib = g->target_kib;
    m->changed_ms = l->now_ms;
    m->began_ms = l->now_ms;
    m->began_kib = g->actual_kib;
}

static uint64_t
headroom_kib(const struct demand_look *l, const struct demand_memory *m)
{
    return max_u64(part_of(m->base_kib, l->rules->headroom),
                   demand_ahead_kib(m));
}

/* Who has used half of its headroom, or will have before it can get more,
 * takes its share back; so does who started, or paid for a lack. */
static void
watch_waking(const struct demand_look *l, struct demand_memory *m)
{
    uint64_t rest_kib = part_of(m->base_kib, l->rules->headroom);
    uint64_t left_kib = sat_sub(l->guest->actual_kib, m->base_kib);
    bool is_growing = demand_ahead_kib(m) > rest_kib;
    uint64_t unused_kib = xbp_unused_kib(l->guest);
    /* Its cache may be in use, which nobody knows as long as it is there. */
    bool is_filling =
        demand_ahead_kib(m) >= rest_kib / 2 && unused_kib < demand_ahead_kib(m);

    /* What was just made smaller sways. */
    if (is_growing && !is_within(m->shrunk_ms, 2 * PRESS_MS, l->now_ms))
        m->active_ms = l->now_ms;
    if (left_kib < headroom_kib(l, m) / 2 || is_growing || is_filling)
        m->right_until_ms = l->now_ms + l->rules->hold_ms;
}

/* File pages that could be read again; 0 if it says nothing. */
static uint64_t
cache_kib(const struct xbp_guest *g)
{
    bool is_known = xbp_has_sample(g) && g->cache_kib != XBP_UNKNOWN;

    return is_known ? min_u64(g->cache_kib, g->actual_kib) : 0;
}

/* Of its cache, what it keeps from who lacks memory: what it reads again, and
 * had when it did; of the rest it may lose a part at a time, so that it is
 * seen in time what was in use. */
static uint64_t
kept_cache_kib(const struct demand_look *l, struct demand_memory *m,
               bool is_news)
{
    uint64_t kib = cache_kib(l->guest);
    bool is_barred = l->now_ms < m->cache_barred_until_ms;
    bool is_missed = is_within(m->missed_ms, CACHE_HOLD_MS, l->now_ms);

    if (is_barred)
        m->cache_floor_kib = 0;
    else if (is_missed)
        m->cache_floor_kib = max_u64(m->cache_floor_kib, kib);
    if (!is_within(m->missed_ms, l->rules->learned_ms, l->now_ms))
        m->cache_floor_kib = 0;
    if (is_news)
        m->cache_step_down_kib = kib / CACHE_PRESS_SHARE;
    return max_u64(min_u64(m->cache_floor_kib, kib),
                   is_barred ? 0 : sat_sub(kib, m->cache_step_down_kib));
}

/* What it uses now, and until it can get more. */
static uint64_t
tight_kib(const struct demand_memory *m)
{
    return sat_add(m->base_kib, demand_ahead_kib(m));
}

/* A lesson of who sleeps now yields to who suffers now. */
static uint64_t
floor_kib(const struct demand_look *l, const struct demand_memory *m)
{
    bool yields = l->worst_cost_permyriad >= DEMAND_HEAVY_PERMYRIAD &&
                  l->cost_permyriad == 0 &&
                  !is_within(m->active_ms, LASTING_MS, l->now_ms);

    return yields ? 0 : m->floor_kib;
}

/* Has it shown for a while that it needs what it uses?  Not if it has room to
 * swap and swaps nothing in. */
static bool
is_calm(const struct demand_look *l, const struct demand_memory *m)
{
    const struct xbp_guest *g = l->guest;
    bool can_swap = demand_is_silent(g, m)
                        ? g->target_kib > l->share_kib / 2
                        : xbp_has_sample(g) &&
                              g->swap_total_kib != XBP_UNKNOWN &&
                              xbp_swapped_kib(g) < g->swap_total_kib / 2;

    return can_swap && (l->cost_permyriad == 0 || demand_is_little(l)) &&
           !l->is_new && floor_kib(l, m) == 0 && m->claim_kib == 0 &&
           m->ramp_kib_per_s == 0 &&
           !is_within(m->active_ms, LASTING_MS, l->now_ms);
}

/* Nothing tells what of its memory it does not touch any more, but taking a
 * little at a time does: it swaps nothing in if that was cold. */
static uint64_t
firm_kib(const struct demand_look *l, struct demand_memory *m, uint64_t tight,
         bool is_news)
{
    const struct xbp_guest *g = l->guest;

    if (!is_calm(l, m)) {
        m->press_kib = 0;
        return tight;
    }
    if (sat_sub(l->now_ms, m->changed_ms) < PRESS_MS ||
        g->actual_kib > g->target_kib + KIB_PER_MIB)
        return min_u64(tight, g->target_kib);
    if (is_news || sat_sub(l->now_ms, m->pressed_ms) >= PRESS_MS) {
        m->pressed_ms = l->now_ms;
        if (!is_within(m->shrunk_ms, PRESS_FORGET * PRESS_MS, l->now_ms))
            m->press_kib = 0;
        m->press_kib = clamp_u64(2 * m->press_kib, tight / PRESS_SHARE,
                                 tight / PRESS_MAX_SHARE);
    }
    return sat_sub(tight, m->press_kib);
}

/* Is what it lacks not that much? */
static bool
is_modest(const struct demand_look *l, const struct demand_memory *m,
          uint64_t idle_kib)
{
    uint64_t lacking_kib = sat_add(m->base_kib, xbp_swapped_kib(l->guest));

    return lacking_kib <=
           l->share_kib + max_u64(l->share_kib / NEAR_SHARE, idle_kib);
}

/* Does it lack for long what is not much? */
static bool
is_lasting(const struct demand_look *l, const struct demand_memory *m,
           const struct demand_need *n)
{
    const struct xbp_guest *g = l->guest;
    bool is_heavy =
        n->cost_permyriad >= DEMAND_HEAVY_PERMYRIAD ||
        (n->cost_permyriad > 0 && g->swap_in_kib_per_s != XBP_UNKNOWN &&
         g->swap_in_kib_per_s >= g->actual_kib / TURNOVER_SHARE);

    return n->is_proven && is_heavy && m->lacks_ms != 0 &&
           l->now_ms - m->lacks_ms >= LASTING_MS && is_modest(l, m, 0);
}

static void
choose_cause(const struct demand_look *l, const struct demand_memory *m,
             struct demand_need *n)
{
    bool wants_more = n->want_kib > n->share_kib;

    if (m->absurd_samples >= DEMAND_ABSURD_SAMPLES)
        n->cause = DEMAND_ABSURD;
    else if (l->now_ms < m->barred_until_ms && n->cost_permyriad > 0)
        n->cause = DEMAND_BARRED;
    else if (n->cost_permyriad > 0 && m->claim_kib > 0)
        n->cause = DEMAND_LACK;
    else if (wants_more)
        n->cause = DEMAND_CLAIM;
    else if (l->is_new)
        n->cause = DEMAND_BOOT;
    else if (l->now_ms < m->right_until_ms)
        n->cause = DEMAND_WAKE;
    else if (m->floor_kib > 0 && n->tight_kib == m->floor_kib)
        n->cause = DEMAND_FLOOR;
    else
        n->cause = n->want_kib < n->share_kib ? DEMAND_IDLE : DEMAND_USE;
}

/* The most that it may claim.  Beyond its share that is nothing for who lies,
 * and nothing more as long as nobody knows whether it does. */
static uint64_t
believed_kib(const struct demand_look *l, const struct demand_memory *m)
{
    const struct xbp_guest *g = l->guest;
    bool is_unclear = xbp_has_sample(g) && g->swap_in_kib_per_s == XBP_UNKNOWN;

    if (m->absurd_samples >= DEMAND_ABSURD_SAMPLES ||
        l->now_ms < m->barred_until_ms)
        return l->share_kib;
    if (m->absurd_samples > 0 || is_unclear)
        return max_u64(l->share_kib, g->target_kib);
    return UINT64_MAX;
}

/* A lesson is worth no more than all that it has, in memory or out, and
 * headroom; of one who does not say what is out, its share. */
static uint64_t
floor_most_kib(const struct demand_look *l, const struct demand_memory *m)
{
    if (!xbp_has_sample(l->guest))
        return l->share_kib;
    return max_u64(l->share_kib,
                   sat_add(sat_add(m->base_kib, xbp_swapped_kib(l->guest)),
                           headroom_kib(l, m)));
}

/* The need of a guest of which something is known. */
static void
estimate(const struct demand_look *l, struct demand_memory *m,
         struct demand_need *n, bool is_news)
{
    const struct xbp_guest *g = l->guest;
    uint64_t most = believed_kib(l, m);
    uint64_t tight = max_u64(tight_kib(m), m->claim_kib);
    uint64_t want = sat_add(m->base_kib, headroom_kib(l, m));
    uint64_t cached = sat_add(m->base_kib, kept_cache_kib(l, m, is_news));

    if (n->cost_permyriad > 0 && demand_is_minor(l)) {
        tight -= tight / MINOR_SHARE;
        want = max_u64(tight, min_u64(want, cached - cached / MINOR_SHARE));
    }
    if (demand_is_silent(g, m))
        want = tight;
    if (l->now_ms >= m->floor_until_ms)
        m->floor_kib = 0;
    tight = max_u64(tight, min_u64(floor_kib(l, m), floor_most_kib(l, m)));
    n->most_kib = xbp_bound_kib(g, most);
    n->tight_kib = xbp_bound_kib(g, min_u64(tight, most));
    n->firm_kib = firm_kib(l, m, n->tight_kib, is_news);
    n->touched_kib = min_u64(max_u64(tight_kib(m), cached), l->share_kib);
    n->want_kib = max_u64(n->tight_kib, xbp_bound_kib(g, min_u64(want, most)));
    n->spare_kib = max_u64(n->want_kib,
                           xbp_bound_kib(g, min_u64(m->cache_claim_kib, most)));
    if (demand_is_silent(g, m))
        n->spare_kib = xbp_bound_kib(g, most);
    n->right_kib =
        l->is_new || l->now_ms < m->right_until_ms ? l->share_kib : 0;
    n->is_proven = l->now_ms >= m->barred_until_ms &&
                   is_within(m->paid_ms, l->rules->hold_ms, l->now_ms);
    n->peak_kib = min_u64(m->peak_kib, l->share_kib);
    n->soon_kib = sat_add(m->base_kib, m->base_kib / DEMAND_STEP_SHARE);
    n->is_much = !is_modest(l, m, l->idle_kib);
    n->is_barred = l->now_ms < m->barred_until_ms;
    n->is_lasting = is_lasting(l, m, n);
    choose_cause(l, m, n);
}

void
demand_need(const struct demand_look *look, struct demand_memory *m,
            struct demand_need *ret)
{
    struct demand_look filled = *look;
    const struct demand_look *l = &filled;
    const struct xbp_guest *g = l->guest;
    uint64_t now_base_kib, used_kib;
    bool is_news;

    demand_watch_speed(l, m);
    watch_target(l, m);
    filled.cost_permyriad = demand_cost_permyriad(g);
    is_news = demand_has_news(l, m);
    if (is_news)
        m->absurd_samples = demand_is_absurd(g) ? m->absurd_samples + 1 : 0;
    now_base_kib = demand_base_kib(l, m);
    if (is_news)
        demand_take_sample(l, m, now_base_kib);
    *ret = (struct demand_need){
        .base_kib = now_base_kib,
        .share_kib = l->share_kib,
        .firm_kib = l->share_kib,
        .tight_kib = l->share_kib,
        .want_kib = l->share_kib,
        .spare_kib = l->share_kib,
        .most_kib = g->upper_kib,
    };
    if (now_base_kib != XBP_UNKNOWN && !xbp_is_reservation(g)) {
        if (is_news)
            m->wall_permyriad = demand_wall_permyriad(l, m);
        filled.cost_permyriad =
            max_u64(filled.cost_permyriad, m->wall_permyriad);
        ret->cost_permyriad = l->cost_permyriad;
        if (is_news) {
            watch_waking(l, m);
            demand_watch_peak(l, m);
            demand_lack(l, m, headroom_kib(l, m));
        }
        estimate(l, m, ret, is_news);
    } else if (!xbp_is_reservation(g))
        ret->spare_kib = g->upper_kib; /* it might need anything */
    used_kib = max_u64(ret->tight_kib, ret->touched_kib);
    ret->kept_kib = l->share_kib - part_of(sat_sub(l->share_kib, used_kib),
                                           l->rules->idle_tax);
    m->cost_permyriad = ret->is_proven ? ret->cost_permyriad : 0;
    m->seen_ms = l->now_ms;
}
