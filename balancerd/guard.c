/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * G1 range, G2 budget, G7 thrashing, G8 floor, G9 rest: rules on wishes.
 * G3 and G4 are about order and live in plan-diff.c; G5, G6 and G10 say who
 * may be in a plan at all and live in guest_is_movable().
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>

#include "guard.h"
#include "guest-limits.h"
#include "util/units.h"

static bool
is_thrashing(const struct xbp_guest *e)
{
    return (e->flags & XBP_GUEST_THRASHING) != 0;
}

/* A rule that goes on where it has just been is one. */
static void
note_clip(struct wish *w, uint64_t target_kib, enum plan_rule rule)
{
    bool goes_on = w->n_clips > 0 && (w->n_clips == WISH_CLIPS ||
                                      w->clips[w->n_clips - 1].rule == rule);

    if (!goes_on)
        w->n_clips++;
    w->clips[w->n_clips - 1] = (struct clip){ rule, target_kib };
}

static void
hold(struct wish *w, uint64_t target_kib, enum plan_rule rule)
{
    if (w->target_kib == target_kib)
        return;
    w->target_kib = target_kib;
    w->rule = rule;
    note_clip(w, target_kib, rule);
}

/* What is less than a page is nobody's doing. */
static void
round_off(struct wish *w, uint64_t lower_kib)
{
    if (page_floor_kib(w->target_kib) < lower_kib)
        return;
    w->target_kib = page_floor_kib(w->target_kib);
    if (w->n_clips > 0)
        w->clips[w->n_clips - 1].target_kib = w->target_kib;
}

/* G1: dynamic-min <= target <= dynamic-max. */
static void
hold_range(struct wish *w, const struct xbp_guest *e)
{
    hold(w, clamp_u64(w->target_kib, e->dynamic_min_kib, e->dynamic_max_kib),
         PLAN_G1_RANGE);
}

/* G8: not below the floor; G6's lesson: not above what it cannot reach. */
static void
hold_limits(struct wish *w, const struct xbp_guest *e)
{
    hold(w, max_u64(w->target_kib, e->lower_kib), PLAN_G8_FLOOR);
    hold(w, min_u64(w->target_kib, e->upper_kib), PLAN_G6_RETRACT);
    /* Whole pages, without leaving the limits for it. */
    round_off(w, e->lower_kib);
}

/* The target in force, as far as the limits still allow it. */
static uint64_t
kept_kib(const struct xbp_guest *e)
{
    return clamp_u64(e->target_kib, e->lower_kib, e->upper_kib);
}

/* G7: taking from a domain that thrashes is for emergencies; G2 does it, in
 * its last round, where nothing else helps. */
static void
hold_thrashing(struct wish *w, const struct xbp_guest *e)
{
    if (is_thrashing(e))
        hold(w, max_u64(w->target_kib, kept_kib(e)), PLAN_G7_THRASHING);
}

/* G9: a change must be worth it, and the last one must have had its time. A
 * squeeze is never kept waiting. */
static void
hold_rest(struct wish *w, const struct xbp_guest *e, const struct guest *g,
          const struct snapshot *s)
{
    uint64_t change_kib = distance_u64(w->target_kib, e->target_kib);
    bool is_shrink = w->target_kib < e->target_kib;

    if (!g || (is_shrink && s->is_squeezing))
        return;
    if (w->rule == PLAN_G2_BUDGET)
        return; /* cut before: nothing that could be left as it was */
    if (change_kib < s->tuning->dead_band_kib ||
        s->xbp.now_ms - g->target_since_ms < s->tuning->rest_ms)
        hold(w, kept_kib(e), PLAN_G9_REST);
}

/* Who is cut, and how far, in the three rounds of G2. */
enum cut_round {
    CUT_GROWTH,    /* nobody has it yet: costs nothing */
    CUT_HEALTHY,   /* down to the floors, but not those who thrash */
    CUT_THRASHING, /* everyone down to the floors */
    CUT_ROUNDS,
};

static uint64_t
cut_floor_kib(const struct wish *w, const struct xbp_guest *e,
              enum cut_round round)
{
    if (round == CUT_GROWTH || (round == CUT_HEALTHY && is_thrashing(e)))
        return min_u64(w->target_kib, kept_kib(e));
    return min_u64(w->target_kib, e->lower_kib);
}

static uint64_t
sum_kib(const struct plan *p)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < p->n; i++)
        sum = sat_add(sum, p->wishes[i].target_kib);
    return sum;
}

/* Takes excess_kib off, from each in proportion to its room. */
static void
cut(struct plan *p, const struct snapshot *s, enum cut_round round,
    uint64_t excess_kib)
{
    uint64_t room_kib = 0;

    for (size_t i = 0; i < p->n; i++)
        room_kib += p->wishes[i].target_kib -
                    cut_floor_kib(&p->wishes[i], &s->entries[i], round);
    if (room_kib == 0)
        return;
    for (size_t i = 0; i < p->n; i++) {
        struct wish *w = &p->wishes[i];
        uint64_t floor_kib = cut_floor_kib(w, &s->entries[i], round);
        uint64_t own_kib = w->target_kib - floor_kib;
        uint64_t part_kib =
            mul_div(own_kib, min_u64(excess_kib, room_kib), room_kib);
        /* Rounded so that the sum is met, never missed by a page. */
        uint64_t cut_kib = min_u64(own_kib, part_kib + PAGE_KIB);
        uint64_t target_kib =
            max_u64(floor_kib, page_floor_kib(w->target_kib - cut_kib));

        if (own_kib > 0)
            hold(w, target_kib, PLAN_G2_BUDGET);
    }
}

/* G2: the sum of all targets leaves free what was promised to be free. */
static void
hold_budget(struct plan *p, const struct snapshot *s)
{
    for (int round = CUT_GROWTH; round < CUT_ROUNDS; round++) {
        uint64_t sum = sum_kib(p);

        if (sum <= s->xbp.budget_kib)
            return;
        /* Beyond its growth nobody is cut for convenience (G7). */
        if (round == CUT_THRASHING && !s->is_squeezing)
            return;
        cut(p, s, (enum cut_round)round, sum - s->xbp.budget_kib);
    }
}

/* What G2 left of a growth may be too little to be worth it (G9). */
static void
hold_crumbs(struct wish *w, const struct xbp_guest *e, const struct snapshot *s)
{
    uint64_t kept = kept_kib(e);

    if (w->target_kib > kept && e->target_kib == kept &&
        w->target_kib - kept < s->tuning->dead_band_kib)
        hold(w, kept, PLAN_G9_REST);
}

void
guard_apply(struct plan *p, const struct snapshot *s, bool is_asked)
{
    for (size_t i = 0; i < p->n; i++) {
        struct wish *w = &p->wishes[i];
        const struct xbp_guest *e = &s->entries[i];

        hold_range(w, e);
        hold_limits(w, e);
        hold_thrashing(w, e);
        if (!is_asked)
            hold_rest(w, e, s->guests[i], s);
    }
    hold_budget(p, s);
    for (size_t i = 0; i < p->n && !is_asked; i++) {
        if (s->guests[i])
            hold_crumbs(&p->wishes[i], &s->entries[i], s);
    }
}

static int
broken_by(const struct wish *w, const struct xbp_guest *e,
          const struct snapshot *s)
{
    if (w->target_kib < e->dynamic_min_kib ||
        w->target_kib > e->dynamic_max_kib)
        return 1;
    if (w->target_kib < e->lower_kib || w->target_kib > e->upper_kib)
        return 8;
    if (is_thrashing(e) && !s->is_squeezing && w->target_kib < kept_kib(e))
        return 7;
    return 0;
}

static bool
is_all_at_floor(const struct plan *p, const struct snapshot *s)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->wishes[i].target_kib > s->entries[i].lower_kib &&
            !(is_thrashing(&s->entries[i]) && !s->is_squeezing))
            return false;
    }
    return true;
}

int
guard_check(const struct plan *p, const struct snapshot *s, char *error,
            size_t error_size)
{
    uint64_t sum = sum_kib(p);

    for (size_t i = 0; i < p->n; i++) {
        const struct xbp_guest *e = &s->entries[i];
        int rule = broken_by(&p->wishes[i], e, s);

        if (rule == 0)
            continue;
        if (error)
            snprintf(error, error_size,
                     "G%d: dom %u: target %" PRIu64 " KiB is outside %" PRIu64
                     "..%" PRIu64 " KiB",
                     rule, e->domid, p->wishes[i].target_kib, e->lower_kib,
                     e->upper_kib);
        return rule;
    }
    if (sum > s->xbp.budget_kib && !is_all_at_floor(p, s)) {
        if (error)
            snprintf(error, error_size,
                     "G2: targets of %" PRIu64 " KiB exceed the budget of "
                     "%" PRIu64 " KiB",
                     sum, s->xbp.budget_kib);
        return 2;
    }
    return 0;
}
