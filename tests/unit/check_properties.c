/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What holds for every host, every domain and every engine: random ones, many
 * of them.  PROPERTIES_SEED repeats a failure, PROPERTIES_ROUNDS asks for more.
 */
#include <config.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "guard.h"
#include "guest-limits.h"
#include "random-world.h"
#include "unit.h"
#include "util/units.h"
#include "world.h"

#define SEED   20240229
#define ROUNDS 20000

static uint64_t seed, rounds;
static uint64_t round_number;

static void
setup(void)
{
    seed = random_setting("PROPERTIES_SEED", SEED);
    rounds = random_setting("PROPERTIES_ROUNDS", ROUNDS);
}

/* Every round stands alone, so that it can be repeated. */
static void
begin_round(void)
{
    random_begin(seed + round_number);
    random_world(&world);
}

/* What an engine might wish: sense, nonsense, nothing. */
static uint64_t
random_wish(const struct xbp_guest *e)
{
    uint64_t sense_kib = e->lower_kib + dice(e->upper_kib - e->lower_kib + 1);
    const uint64_t wishes[] = {
        0,
        UINT64_MAX,
        dice(UINT64_MAX),
        e->target_kib,
        e->lower_kib,
        e->upper_kib,
        sense_kib,
        sense_kib,
    };

    return wishes[dice(sizeof(wishes) / sizeof(wishes[0]))];
}

static void
random_plan(void)
{
    uint64_t wishes[WORLD_DOMAINS + 1];
    size_t n = world.snapshot.xbp.n_guests;

    for (size_t i = 0; i < n; i++)
        wishes[i] = random_wish(&world.snapshot.entries[i]);
    world_wish(&world, wishes, n);
}

/* Says how to repeat what failed. */
__attribute__((format(printf, 2, 3))) static void
hold(bool condition, const char *format, ...)
{
    char what[256];
    va_list args;

    if (condition)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    ck_abort_msg("PROPERTIES_SEED=%" PRIu64 " round %" PRIu64 ": %s", seed,
                 round_number, what);
}

static void
check_guarded(void)
{
    const struct snapshot *s = &world.snapshot;
    char why[256] = "";
    int rule = guard_check(&world.plan, s, why, sizeof(why));
    uint64_t sum_kib = 0, lowest_kib = 0;
    bool is_sparing = false; /* someone who thrashes is spared */

    hold(rule == 0, "breaks G%d: %s", rule, why);
    for (size_t i = 0; i < world.plan.n; i++) {
        const struct xbp_guest *e = &s->entries[i];
        uint64_t wish_kib = world.plan.wishes[i].target_kib;

        hold(wish_kib >= e->dynamic_min_kib && wish_kib <= e->dynamic_max_kib,
             "domain %u leaves its range", e->domid);
        hold(wish_kib >= e->lower_kib, "domain %u is below its floor",
             e->domid);
        sum_kib += wish_kib;
        lowest_kib += e->lower_kib;
        is_sparing |= (e->flags & XBP_GUEST_THRASHING) && !s->is_squeezing;
    }
    hold(sum_kib <= s->xbp.budget_kib || lowest_kib > s->xbp.budget_kib ||
             is_sparing,
         "targets of %" PRIu64 " KiB exceed the budget of %" PRIu64
         " KiB, and %" PRIu64 " would do",
         sum_kib, s->xbp.budget_kib, lowest_kib);
}

START_TEST(test_guard_makes_any_plan_safe)
{
    for (round_number = 0; round_number < rounds; round_number++) {
        begin_round();
        random_plan();
        guard_apply(&world.plan, &world.snapshot, one_in(3));
        check_guarded();
        world_done(&world);
    }
}
END_TEST

START_TEST(test_guard_is_idempotent)
{
    for (round_number = 0; round_number < rounds; round_number++) {
        uint64_t first[WORLD_DOMAINS + 1];
        bool is_asked;

        begin_round();
        random_plan();
        is_asked = one_in(3);
        guard_apply(&world.plan, &world.snapshot, is_asked);
        for (size_t i = 0; i < world.plan.n; i++)
            first[i] = world.plan.wishes[i].target_kib;
        guard_apply(&world.plan, &world.snapshot, is_asked);
        for (size_t i = 0; i < world.plan.n; i++)
            hold(world.plan.wishes[i].target_kib == first[i],
                 "domain %u: %" PRIu64 " becomes %" PRIu64 " KiB",
                 world.plan.wishes[i].domid, first[i],
                 world.plan.wishes[i].target_kib);
        world_done(&world);
    }
}
END_TEST

/* The targets in force are the wishes, and they break no rule. */
START_TEST(test_guard_leaves_what_is_legal)
{
    uint64_t legal = 0;

    for (round_number = 0; round_number < rounds; round_number++) {
        begin_round();
        ck_assert_int_eq(plan_begin(&world.plan, &world.snapshot), 0);
        if (guard_check(&world.plan, &world.snapshot, NULL, 0) == 0) {
            legal++;
            guard_apply(&world.plan, &world.snapshot, one_in(2));
            for (size_t i = 0; i < world.plan.n; i++)
                hold(world.plan.wishes[i].target_kib ==
                         world.snapshot.entries[i].target_kib,
                     "domain %u is changed", world.snapshot.entries[i].domid);
        }
        world_done(&world);
    }
    ck_assert_uint_gt(legal, rounds / 10); /* or nothing was tested */
}
END_TEST

/* The world as the steps of a plan make it, one by one. */
struct model {
    uint64_t target_kib;
    uint64_t maxmem_kib;
};

/* Memory that a domain takes up at its target, beyond what it has or was
 * promised before. */
static uint64_t
outstanding_kib(const struct guest *g, uint64_t target_kib)
{
    return sat_sub(guest_held_at_kib(g, target_kib), guest_committed_kib(g));
}

static void
check_who(const struct guest *g, const struct step *step)
{
    hold(g->facts.domid != 0 || world.tuning.manages_dom0,
         "domain 0 is touched");
    hold(g->has_range, "domain %u has no range and is touched", step->domid);
    hold(guest_is_movable(g, &world.tuning) ||
             (g->state == GUEST_SLOW && step->kind == STEP_WAKE) ||
             (g->state == GUEST_STUCK && step->rule == PLAN_G6_RETRACT) ||
             (g->state == GUEST_BOOTING && step->rule == PLAN_G5_PROBE),
         "domain %u is %s and touched", step->domid,
         guest_state_name(g->state));
    hold(step->old_kib != step->new_kib || step->kind == STEP_WAKE,
         "a step for nothing");
}

/* One step; the growth that it grants. */
static uint64_t
check_step(const struct guest *g, struct model *m, const struct step *step)
{
    uint64_t before_kib = outstanding_kib(g, m->target_kib);

    check_who(g, step);
    if (step->kind == STEP_MAXMEM) {
        hold(step->old_kib == m->maxmem_kib, "maxmem was another");
        m->maxmem_kib = step->new_kib;
    } else {
        hold(step->old_kib == m->target_kib, "the target was another");
        m->target_kib = step->new_kib;
    }
    hold(m->target_kib <= m->maxmem_kib,
         "domain %u: target %" PRIu64 " above maxmem %" PRIu64, step->domid,
         m->target_kib, m->maxmem_kib);
    return sat_sub(outstanding_kib(g, m->target_kib), before_kib);
}

/* Growth beyond what the domain was promised comes out of what is free and
 * promised to nobody, and after every step that frees. */
static void
check_steps(void)
{
    struct model models[WORLD_DOMAINS];
    int64_t spare_kib = account_spare_kib(&world.snapshot.account);
    uint64_t granted_kib = 0;
    bool has_grown = false;

    for (size_t i = 0; i < world.guests.n; i++)
        models[i] = (struct model){
            world.guests.guests[i].facts.target_kib,
            world.guests.guests[i].facts.maxmem_kib,
        };
    for (size_t i = 0; i < world.steps.n; i++) {
        const struct step *step = &world.steps.list[i];
        const struct guest *g = guest_find(&world.guests, step->domid);
        struct model *m;

        hold(g, "domain %u does not exist", step->domid);
        m = &models[g - world.guests.guests];
        granted_kib += check_step(g, m, step);
        if (step->kind != STEP_TARGET || step->rule == PLAN_G6_RETRACT ||
            step->rule == PLAN_G5_PROBE)
            continue;
        hold(step->new_kib > step->old_kib || !has_grown,
             "domain %u is to free after others were let grow", step->domid);
        has_grown |= step->new_kib > step->old_kib;
    }
    /* A retracted target may round a page up per domain. */
    hold(granted_kib <= sat_add_delta(world.guests.n * PAGE_KIB,
                                      spare_kib > 0 ? spare_kib : 0),
         "%" PRIu64 " KiB of growth are granted, %" PRId64 " KiB are spare",
         granted_kib, spare_kib);
}

START_TEST(test_steps_free_before_they_give)
{
    uint64_t steps = 0;

    for (round_number = 0; round_number < rounds; round_number++) {
        begin_round();
        random_plan();
        guard_apply(&world.plan, &world.snapshot, one_in(3));
        ck_assert_int_eq(plan_diff(&world.steps, &world.plan, &world.snapshot,
                                   &world.guests),
                         0);
        check_steps();
        steps += world.steps.n;
        world_done(&world);
    }
    ck_assert_uint_gt(steps, rounds); /* or nothing was tested */
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_guard_makes_any_plan_safe);
    tcase_add_test(tests, test_guard_is_idempotent);
    tcase_add_test(tests, test_guard_leaves_what_is_legal);
    tcase_add_test(tests, test_steps_free_before_they_give);
}

int
main(void)
{
    return unit_run("properties", add);
}
