/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guard's rules, one table row or test per number. */
#include <config.h>

#include "guard.h"
#include "unit.h"
#include "world.h"

static uint64_t
wished(size_t i)
{
    return world.plan.wishes[i].target_kib;
}

static enum plan_rule
rule(size_t i)
{
    return world.plan.wishes[i].rule;
}

/* Guards, and holds every outcome against guard_check and idempotence. */
static void
guard(const uint64_t *wishes, size_t n, bool is_asked)
{
    uint64_t first[WORLD_DOMAINS];
    char why[128] = "";

    world_wish(&world, wishes, n);
    guard_apply(&world.plan, &world.snapshot, is_asked);
    ck_assert_msg(guard_check(&world.plan, &world.snapshot, why, sizeof(why)) ==
                      0,
                  "%s", why);
    for (size_t i = 0; i < n; i++)
        first[i] = wished(i);
    guard_apply(&world.plan, &world.snapshot, is_asked);
    for (size_t i = 0; i < n; i++)
        ck_assert_uint_eq(wished(i), first[i]);
}

struct row {
    uint64_t wish_mib;
    uint64_t expect_mib;
    enum plan_rule rule;
};

/* Domain 1: range 100..400 MiB, target 200 MiB. */
static const struct row range_rows[] = {
    { 300, 300, PLAN_SHARE },     { 0, 100, PLAN_G1_RANGE },
    { 99, 100, PLAN_G1_RANGE },   { 100, 100, PLAN_SHARE },
    { 400, 400, PLAN_SHARE },     { 401, 400, PLAN_G1_RANGE },
    { 1023, 400, PLAN_G1_RANGE }, { 200, 200, PLAN_SHARE },
};

START_TEST(test_g1_keeps_the_dynamic_range)
{
    const struct row *row = &range_rows[_i];
    uint64_t wish = row->wish_mib * MIB;

    world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB);
    world_settle(&world);
    guard(&wish, 1, false);
    ck_assert_uint_eq(wished(0), row->expect_mib * MIB);
    ck_assert_int_eq(rule(0), row->rule);
}
END_TEST

START_TEST(test_g2_cuts_growth_to_the_budget)
{
    uint64_t wishes[] = { 900 * MIB, 900 * MIB };

    world_add(&world, 1, 100 * MIB, 200 * MIB, 900 * MIB);
    world_add(&world, 2, 100 * MIB, 200 * MIB, 900 * MIB);
    world_settle(&world);
    guard(wishes, 2, false);
    ck_assert_uint_le(wished(0) + wished(1), 1024 * MIB);
    ck_assert_uint_ge(wished(0) + wished(1), 1023 * MIB);
    ck_assert_int_eq(rule(0), PLAN_G2_BUDGET);
}
END_TEST

START_TEST(test_g2_squeezes_for_a_reservation)
{
    uint64_t wishes[] = { 500 * MIB, 500 * MIB };

    world_add(&world, 1, 100 * MIB, 500 * MIB, 900 * MIB);
    world_add(&world, 2, 300 * MIB, 500 * MIB, 900 * MIB);
    world_reserve(&world, "a", 300 * MIB);
    world_settle(&world);
    ck_assert(world.snapshot.is_squeezing);
    guard(wishes, 2, false);
    ck_assert_uint_le(wished(0) + wished(1), 724 * MIB);
    /* in proportion to what each has above its floor: 400 to 200 */
    ck_assert_uint_lt(wished(0), 320 * MIB);
    ck_assert_uint_gt(wished(1), 400 * MIB);
}
END_TEST

START_TEST(test_g2_impossible_stops_at_the_floors)
{
    uint64_t wishes[] = { 500 * MIB, 500 * MIB };

    world_add(&world, 1, 400 * MIB, 500 * MIB, 900 * MIB);
    world_add(&world, 2, 400 * MIB, 500 * MIB, 900 * MIB);
    world_reserve(&world, "a", 600 * MIB);
    world_settle(&world);
    guard(wishes, 2, false);
    ck_assert_uint_eq(wished(0), 400 * MIB);
    ck_assert_uint_eq(wished(1), 400 * MIB);
}
END_TEST

START_TEST(test_g5_leaves_out_who_cannot_balloon)
{
    world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB)->balloon =
        HOST_BALLOON_NO;
    world_add(&world, 2, 100 * MIB, 200 * MIB, 400 * MIB)->balloon =
        HOST_BALLOON_UNSAID;
    world_add(&world, 3, 100 * MIB, 200 * MIB, 400 * MIB)->is_paused = true;
    world_settle(&world);
    ck_assert_uint_eq(world.snapshot.xbp.n_guests, 0);
}
END_TEST

START_TEST(test_g6_leaves_out_who_is_stuck)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB);

    world_settle(&world);
    ck_assert_uint_eq(world.snapshot.xbp.n_guests, 1);
    d->target_kib = 100 * MIB;
    world_observe(&world, 10);
    world_observe(&world, world.tuning.stuck_after_ms);
    ck_assert_int_eq(world_guest(&world, 1)->state, GUEST_STUCK);
    ck_assert_uint_eq(world.snapshot.xbp.n_guests, 0);
}
END_TEST

START_TEST(test_g7_does_not_shrink_the_thrashing)
{
    uint64_t wish = 150 * MIB;

    world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB)->available_kib = 0;
    world_settle(&world);
    guard(&wish, 1, false);
    ck_assert_uint_eq(wished(0), 200 * MIB);
    ck_assert_int_eq(rule(0), PLAN_G7_THRASHING);
}
END_TEST

START_TEST(test_g7_takes_from_the_healthy_first)
{
    uint64_t wishes[] = { 500 * MIB, 500 * MIB };

    world_add(&world, 1, 100 * MIB, 500 * MIB, 900 * MIB)->available_kib = 0;
    world_add(&world, 2, 100 * MIB, 500 * MIB, 900 * MIB);
    world_reserve(&world, "a", 300 * MIB);
    world_settle(&world);
    guard(wishes, 2, false);
    ck_assert_uint_eq(wished(0), 500 * MIB);
    ck_assert_uint_le(wished(1), 224 * MIB);
}
END_TEST

START_TEST(test_g7_emergency_takes_from_all)
{
    uint64_t wishes[] = { 500 * MIB, 500 * MIB };

    world_add(&world, 1, 100 * MIB, 500 * MIB, 900 * MIB)->available_kib = 0;
    world_add(&world, 2, 400 * MIB, 500 * MIB, 900 * MIB);
    world_reserve(&world, "a", 300 * MIB);
    world_settle(&world);
    guard(wishes, 2, false);
    ck_assert_uint_eq(wished(1), 400 * MIB);
    ck_assert_uint_le(wished(0), 324 * MIB);
}
END_TEST

START_TEST(test_g8_keeps_the_oom_floor)
{
    uint64_t wish = 20 * MIB;

    world.tuning.has_oom_floor = true;
    world_add(&world, 1, 10 * MIB, 200 * MIB, 400 * MIB);
    world_settle(&world);
    guard(&wish, 1, false);
    /* 40 MiB + 400 MiB / 4 */
    ck_assert_uint_eq(wished(0), 140 * MIB);
    ck_assert_int_eq(rule(0), PLAN_G8_FLOOR);
}
END_TEST

START_TEST(test_g8_floor_never_forces_growth)
{
    uint64_t wish = 20 * MIB;

    world.tuning.has_oom_floor = true;
    world_add(&world, 1, 10 * MIB, 60 * MIB, 400 * MIB);
    world_settle(&world);
    guard(&wish, 1, false);
    ck_assert_uint_eq(wished(0), 60 * MIB);
}
END_TEST

struct rest_row {
    uint64_t change_kib;
    uint64_t pass_ms; /* since the last change of target */
    bool is_asked;
    bool is_done;
};

static const struct rest_row rest_rows[] = {
    { 8, 5000, false, false },       { 1020, 5000, false, false },
    { 1024, 5000, false, true },     { 64 * MIB, 5000, false, true },
    { 64 * MIB, 500, false, false }, { 64 * MIB, 500, true, true },
    { 8, 5000, true, true },
};

START_TEST(test_g9_rests)
{
    const struct rest_row *row = &rest_rows[_i];
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 300 * MIB, 400 * MIB);
    uint64_t wish = 200 * MIB + row->change_kib;

    world_settle(&world);
    d->target_kib = 200 * MIB;
    world_hold(&world, d, 200 * MIB);
    world_observe(&world, 10);
    world_observe(&world, row->pass_ms);
    guard(&wish, 1, row->is_asked);
    ck_assert_uint_eq(wished(0), row->is_done ? wish : 200 * MIB);
    if (!row->is_done)
        ck_assert_int_eq(rule(0), PLAN_G9_REST);
}
END_TEST

START_TEST(test_g10_leaves_dom0_alone)
{
    world_add(&world, 0, 100 * MIB, 200 * MIB, 400 * MIB);
    world_settle(&world);
    ck_assert_uint_eq(world.snapshot.xbp.n_guests, 0);
}
END_TEST

START_TEST(test_g10_managed_dom0_keeps_its_minimum)
{
    uint64_t wish = 100 * MIB;

    world.tuning.manages_dom0 = true;
    world.tuning.dom0_floor_kib = 150 * MIB;
    world_add(&world, 0, 100 * MIB, 200 * MIB, 400 * MIB);
    world_settle(&world);
    guard(&wish, 1, false);
    ck_assert_uint_eq(wished(0), 150 * MIB);
}
END_TEST

START_TEST(test_g10_managed_dom0_keeps_its_minimum_and_what_is_lent)
{
    uint64_t wish = 100 * MIB;

    world.tuning.manages_dom0 = true;
    world.tuning.dom0_floor_kib = 150 * MIB;
    world.tuning.dom0_lent_kib = 30 * MIB;
    world_add(&world, 0, 100 * MIB, 200 * MIB, 400 * MIB);
    world_settle(&world);
    guard(&wish, 1, false);
    ck_assert_uint_eq(wished(0), 180 * MIB);
}
END_TEST

START_TEST(test_check_names_the_broken_rule)
{
    uint64_t low = 50 * MIB, much[] = { 900 * MIB, 900 * MIB };
    char why[128];

    world_add(&world, 1, 100 * MIB, 200 * MIB, 900 * MIB);
    world_settle(&world);
    world_wish(&world, &low, 1);
    ck_assert_int_eq(guard_check(&world.plan, &world.snapshot, why, 128), 1);
    ck_assert_str_eq(
        why, "G1: dom 1: target 51200 KiB is outside 102400..921600 KiB");
    world_add(&world, 2, 100 * MIB, 200 * MIB, 900 * MIB);
    world_settle(&world);
    world_wish(&world, much, 2);
    ck_assert_int_eq(guard_check(&world.plan, &world.snapshot, why, 128), 2);
}
END_TEST

/* What came of it can be told, one rule after the other. */
START_TEST(test_guard_remembers_what_each_rule_did)
{
    uint64_t wishes[] = { 2000 * MIB, 300 * MIB };
    const struct wish *w;

    world_add(&world, 1, 100 * MIB, 200 * MIB, 900 * MIB);
    world_add(&world, 2, 100 * MIB, 300 * MIB, 900 * MIB);
    world_settle(&world);
    guard(wishes, 2, false);
    w = &world.plan.wishes[0];
    ck_assert_uint_eq(w->wished_kib, 2000 * MIB);
    ck_assert_uint_eq(w->n_clips, 2);
    ck_assert_int_eq(w->clips[0].rule, PLAN_G1_RANGE);
    ck_assert_uint_eq(w->clips[0].target_kib, 900 * MIB);
    ck_assert_int_eq(w->clips[1].rule, PLAN_G2_BUDGET);
    ck_assert_uint_eq(w->clips[1].target_kib, w->target_kib);
    ck_assert_uint_eq(world.plan.wishes[1].n_clips, 0);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_test(tests, test_guard_remembers_what_each_rule_did);
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    UNIT_ADD_ROWS(tests, test_g1_keeps_the_dynamic_range, range_rows);
    tcase_add_test(tests, test_g2_cuts_growth_to_the_budget);
    tcase_add_test(tests, test_g2_squeezes_for_a_reservation);
    tcase_add_test(tests, test_g2_impossible_stops_at_the_floors);
    tcase_add_test(tests, test_g5_leaves_out_who_cannot_balloon);
    tcase_add_test(tests, test_g6_leaves_out_who_is_stuck);
    tcase_add_test(tests, test_g7_does_not_shrink_the_thrashing);
    tcase_add_test(tests, test_g7_takes_from_the_healthy_first);
    tcase_add_test(tests, test_g7_emergency_takes_from_all);
    tcase_add_test(tests, test_g8_keeps_the_oom_floor);
    tcase_add_test(tests, test_g8_floor_never_forces_growth);
    UNIT_ADD_ROWS(tests, test_g9_rests, rest_rows);
    tcase_add_test(tests, test_g10_leaves_dom0_alone);
    tcase_add_test(tests, test_g10_managed_dom0_keeps_its_minimum);
    tcase_add_test(tests,
                   test_g10_managed_dom0_keeps_its_minimum_and_what_is_lent);
    tcase_add_test(tests, test_check_names_the_broken_rule);
}

int
main(void)
{
    return unit_run("guard", add);
}
