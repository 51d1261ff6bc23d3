/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order and the size of steps: G3, G4, G5's probe, G6's retraction, A11. */
#include <config.h>

#include "plan.h"
#include "unit.h"
#include "util/units.h"
#include "world.h"

static void
diff(const uint64_t *wishes, size_t n)
{
    world_wish(&world, wishes, n);
    ck_assert_int_eq(plan_diff(&world.steps, &world.plan, &world.snapshot,
                               &world.guests),
                     0);
}

static void
expect_step(size_t i, enum step_kind kind, uint32_t domid, uint64_t kib)
{
    ck_assert_uint_lt(i, world.steps.n);
    ck_assert_int_eq(world.steps.list[i].kind, kind);
    ck_assert_uint_eq(world.steps.list[i].domid, domid);
    ck_assert_uint_eq(world.steps.list[i].new_kib, kib);
}

START_TEST(test_nothing_to_do_is_no_step)
{
    uint64_t wish = 200 * MIB;

    world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB);
    world_settle(&world);
    diff(&wish, 1);
    ck_assert_uint_eq(world.steps.n, 0);
}
END_TEST

START_TEST(test_g3_frees_come_first)
{
    uint64_t wishes[] = { 250 * MIB, 150 * MIB };

    world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB);
    world_add(&world, 2, 100 * MIB, 200 * MIB, 400 * MIB);
    world_settle(&world);
    diff(wishes, 2);
    expect_step(0, STEP_TARGET, 2, 150 * MIB);
    /* maxmem follows when it holds less */
    ck_assert_uint_eq(world.steps.n, 3);
    expect_step(1, STEP_MAXMEM, 1, 251 * MIB);
    expect_step(2, STEP_TARGET, 1, 250 * MIB);
}
END_TEST

START_TEST(test_g3_growth_waits_for_free_memory)
{
    uint64_t wishes[] = { 600 * MIB, 400 * MIB };

    world_add(&world, 1, 100 * MIB, 500 * MIB, 900 * MIB);
    world_add(&world, 2, 100 * MIB, 500 * MIB, 900 * MIB);
    world_settle(&world);
    /* 24 MiB are free; the 100 MiB of domain 2 are not so far */
    diff(wishes, 2);
    expect_step(0, STEP_TARGET, 2, 400 * MIB);
    expect_step(world.steps.n - 1, STEP_TARGET, 1, 524 * MIB);
    ck_assert_int_eq(world.steps.list[world.steps.n - 1].rule, PLAN_G3_WAIT);
    ck_assert_uint_eq(world.steps.held_kib, 76 * MIB);
}
END_TEST

START_TEST(test_g3_growth_under_way_is_spent)
{
    uint64_t wishes[] = { 524 * MIB, 524 * MIB };
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 500 * MIB, 900 * MIB);

    world_add(&world, 2, 100 * MIB, 500 * MIB, 900 * MIB);
    world_settle(&world);
    d->target_kib = 524 * MIB; /* told, has not taken it */
    world_observe(&world, 10);
    diff(wishes, 2);
    ck_assert_uint_eq(world.steps.held_kib, 24 * MIB);
    for (size_t i = 0; i < world.steps.n; i++)
        ck_assert_uint_ne(world.steps.list[i].domid, 2);
}
END_TEST

START_TEST(test_g4_maxmem_follows_down)
{
    uint64_t wish = 200 * MIB;
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB);

    d->maxmem_kib = 400 * MIB;
    world_settle(&world);
    diff(&wish, 1);
    ck_assert_uint_eq(world.steps.n, 1);
    expect_step(0, STEP_MAXMEM, 1, 201 * MIB);
}
END_TEST

START_TEST(test_g5_probe_is_small_and_once)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB);

    d->balloon = HOST_BALLOON_UNSAID;
    world_settle(&world);
    diff(NULL, 0);
    ck_assert_uint_eq(world.steps.n, 1);
    expect_step(0, STEP_TARGET, 1, 196 * MIB);
    d->target_kib = 196 * MIB;
    world_observe(&world, 10);
    diff(NULL, 0);
    ck_assert_uint_eq(world.steps.n, 0);
}
END_TEST

START_TEST(test_g5_probe_upwards_where_down_has_no_room)
{
    world_add(&world, 1, 200 * MIB, 200 * MIB, 400 * MIB)->balloon =
        HOST_BALLOON_UNSAID;
    world_settle(&world);
    diff(NULL, 0);
    expect_step(0, STEP_MAXMEM, 1, 205 * MIB);
    expect_step(1, STEP_TARGET, 1, 204 * MIB);
}
END_TEST

START_TEST(test_g5_no_probe_without_a_range)
{
    struct host_domain *d =
        world_add(&world, 1, HOST_UNSET, 200 * MIB, HOST_UNSET);

    d->balloon = HOST_BALLOON_UNSAID;
    world_settle(&world);
    diff(NULL, 0);
    ck_assert_uint_eq(world.steps.n, 0);
}
END_TEST

START_TEST(test_g6_unreachable_target_is_retracted)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB);

    world_settle(&world);
    d->target_kib = 150 * MIB;
    d->maxmem_kib = 200 * MIB;
    world_observe(&world, 10);
    world_observe(&world, 6000);
    diff(NULL, 0);
    expect_step(0, STEP_MAXMEM, 1, 201 * MIB);
    expect_step(1, STEP_TARGET, 1, 200 * MIB);
    ck_assert_int_eq(world.steps.list[1].rule, PLAN_G6_RETRACT);
}
END_TEST

/* As apply.c does it. */
static void
wake(struct host_domain *d, uint64_t written_kib)
{
    ck_assert_uint_eq(world.steps.n, 1);
    expect_step(0, STEP_WAKE, 1, written_kib);
    guest_wake_note(world_guest(&world, 1), written_kib, world.now_ms);
    d->target_kib = written_kib;
}

START_TEST(test_a11_who_stands_still_on_its_way_down_is_woken)
{
    uint64_t wish = 150 * MIB;
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB);

    world_settle(&world);
    d->target_kib = 150 * MIB;
    d->maxmem_kib = 201 * MIB;
    world_observe(&world, 10);
    diff(&wish, 1);
    ck_assert_uint_eq(world.steps.n, 0);
    world_observe(&world, 400);
    diff(&wish, 1);
    wake(d, 150 * MIB + PAGE_KIB);
    world_observe(&world, 200);
    /* For us it is the same target, pursued since it was set. */
    ck_assert_uint_eq(world_guest(&world, 1)->facts.target_kib, 150 * MIB);
    ck_assert_uint_eq(world_guest(&world, 1)->target_since_ms,
                      world.now_ms - 600);
    diff(&wish, 1);
    ck_assert_uint_eq(world.steps.n, 0);
    world_observe(&world, 200);
    diff(&wish, 1);
    wake(d, 150 * MIB);
    world_observe(&world, 400);
    diff(NULL, 0); /* slow: nothing is planned for it */
    wake(d, 150 * MIB + PAGE_KIB);
    /* It has arrived: the page is taken back. */
    world_hold(&world, d, 150 * MIB + PAGE_KIB);
    d->maxmem_kib = 151 * MIB;
    world_observe(&world, 10);
    diff(&wish, 1);
    wake(d, 150 * MIB);
    world_observe(&world, 1000);
    diff(&wish, 1);
    ck_assert_uint_eq(world.steps.n, 0);
}
END_TEST

START_TEST(test_a11_who_grows_or_is_stuck_is_let_be)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB);

    world_add(&world, 2, 100 * MIB, 200 * MIB, 400 * MIB);
    world_settle(&world);
    d->target_kib = 300 * MIB;
    d->maxmem_kib = 301 * MIB;
    world.domains[1].target_kib = 150 * MIB;
    world_observe(&world, 10);
    world_observe(&world, 6000);
    diff(NULL, 0);
    for (size_t i = 0; i < world.steps.n; i++)
        ck_assert_int_ne(world.steps.list[i].kind, STEP_WAKE);
}
END_TEST

START_TEST(test_g10_dom0_takes_no_step)
{
    struct host_domain *d =
        world_add(&world, 0, 100 * MIB, 200 * MIB, 400 * MIB);

    d->balloon = HOST_BALLOON_UNSAID;
    world_settle(&world);
    d->target_kib = 150 * MIB;
    world_observe(&world, 6000);
    diff(NULL, 0);
    ck_assert_uint_eq(world.steps.n, 0);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, test_nothing_to_do_is_no_step);
    tcase_add_test(tests, test_g3_frees_come_first);
    tcase_add_test(tests, test_g3_growth_waits_for_free_memory);
    tcase_add_test(tests, test_g3_growth_under_way_is_spent);
    tcase_add_test(tests, test_g4_maxmem_follows_down);
    tcase_add_test(tests, test_g5_probe_is_small_and_once);
    tcase_add_test(tests, test_g5_probe_upwards_where_down_has_no_room);
    tcase_add_test(tests, test_g5_no_probe_without_a_range);
    tcase_add_test(tests, test_g6_unreachable_target_is_retracted);
    tcase_add_test(tests, test_a11_who_stands_still_on_its_way_down_is_woken);
    tcase_add_test(tests, test_a11_who_grows_or_is_stuck_is_let_be);
    tcase_add_test(tests, test_g10_dom0_takes_no_step);
}

int
main(void)
{
    return unit_run("plan", add);
}
