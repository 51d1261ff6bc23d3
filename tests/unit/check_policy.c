/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The door to engines, and the proportional engine behind it. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "policy.h"
#include "unit.h"
#include "world.h"

static struct policy *policy;

static void
setup(void)
{
    char error[POLICY_ERROR_SIZE] = "";

    world_setup();
    ck_assert_msg(policy_open(&policy, "proportional", 100, error) == 0, "%s",
                  error);
    ck_assert_int_eq(policy_ready(policy, error), 0);
}

static void
teardown(void)
{
    policy = policy_close(policy);
    world_teardown();
}

static uint64_t
wished(size_t i)
{
    return policy_wish(policy, i);
}

static void
plan(void)
{
    world_settle(&world);
    ck_assert_int_eq(policy_ask(policy, &world.snapshot, 100), 0);
}

START_TEST(test_everyone_gets_the_same_fraction)
{
    char text[128];

    world_add(&world, 1, 100 * MIB, 200 * MIB, 500 * MIB);
    world_add(&world, 2, 200 * MIB, 200 * MIB, 1000 * MIB);
    plan();
    /* 1024 = 300 + f * 1200, f = 0.6033 */
    ck_assert_uint_eq(wished(0) / MIB, 341);
    ck_assert_uint_eq(wished(1) / MIB, 682);
    ck_assert_uint_le(wished(0) + wished(1), 1024 * MIB);
    policy_explain(policy, 0, text, sizeof(text));
    ck_assert_str_eq(text, "60.33 % of its dynamic range, as everyone");
}
END_TEST

START_TEST(test_all_get_all_where_there_is_enough)
{
    world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);
    world_add(&world, 2, 200 * MIB, 200 * MIB, 400 * MIB);
    plan();
    ck_assert_uint_eq(wished(0), 300 * MIB);
    ck_assert_uint_eq(wished(1), 400 * MIB);
}
END_TEST

START_TEST(test_what_a_floor_holds_the_others_pay)
{
    struct guest *g;

    world_add(&world, 1, 100 * MIB, 500 * MIB, 900 * MIB);
    world_add(&world, 2, 100 * MIB, 500 * MIB, 900 * MIB);
    world_observe(&world, 0);
    g = world_guest(&world, 1);
    g->learned_floor_kib = 700 * MIB;
    g->learned_floor_until_ms = UINT64_MAX;
    plan();
    ck_assert_uint_eq(wished(0), 700 * MIB);
    ck_assert_uint_eq(wished(1) / MIB, 324);
}
END_TEST

START_TEST(test_twice_the_weight_is_twice_the_fraction)
{
    char text[128];

    world_add(&world, 1, 100 * MIB, 200 * MIB, 1100 * MIB);
    world_add(&world, 2, 100 * MIB, 200 * MIB, 1100 * MIB);
    world_observe(&world, 0);
    world_guest(&world, 1)->weight = 512;
    plan();
    /* 1024 = 200 + 3 f * 1000 */
    ck_assert_uint_eq(wished(0) / MIB, 649);
    ck_assert_uint_eq(wished(1) / MIB, 374);
    policy_explain(policy, 0, text, sizeof(text));
    ck_assert_str_eq(text, "27.46 % of its dynamic range at a weight of 256");
}
END_TEST

/* The heavy one has all of its range: the others share what that leaves. */
START_TEST(test_a_light_guest_gets_what_the_others_leave)
{
    world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);
    world_add(&world, 2, 100 * MIB, 200 * MIB, 700 * MIB);
    world_observe(&world, 0);
    world_guest(&world, 2)->weight = 1;
    plan();
    ck_assert_uint_eq(wished(0), 300 * MIB);
    ck_assert_uint_eq(wished(1), 700 * MIB);
    world.view.memory.free_kib -= 200 * MIB;
    plan();
    ck_assert_uint_eq(wished(0), 300 * MIB);
    ck_assert_uint_eq(wished(1) / MIB, 524);
}
END_TEST

START_TEST(test_a_range_is_a_sharer)
{
    world_add(&world, 1, 100 * MIB, 500 * MIB, 1000 * MIB);
    world_settle(&world);
    ck_assert_int_eq(snapshot_add_range(&world.snapshot, 100 * MIB, 1000 * MIB),
                     0);
    ck_assert_int_eq(policy_ask(policy, &world.snapshot, 100), 0);
    ck_assert_uint_eq(wished(0), wished(1));
    ck_assert_uint_eq(wished(1) / MIB, 512);
}
END_TEST

START_TEST(test_unknown_engine_is_named)
{
    char error[POLICY_ERROR_SIZE];
    struct policy *other = NULL;

    ck_assert_int_eq(policy_open(&other, "nonesuch", 100, error), -ENOENT);
    ck_assert_ptr_null(other);
    ck_assert_str_eq(error, "there is no engine called nonesuch");
    ck_assert_int_eq(policy_open(&other, "/nonexistent/x.so", 100, error),
                     -ENOENT);
    ck_assert_ptr_nonnull(strstr(error, "/nonexistent/x.so"));
}
END_TEST

START_TEST(test_option_nobody_takes_is_refused)
{
    char error[POLICY_ERROR_SIZE];

    ck_assert_int_eq(policy_config(policy, "speed", "9", error), -EINVAL);
    ck_assert_str_eq(error, "engine proportional takes no options");
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_everyone_gets_the_same_fraction);
    tcase_add_test(tests, test_all_get_all_where_there_is_enough);
    tcase_add_test(tests, test_what_a_floor_holds_the_others_pay);
    tcase_add_test(tests, test_twice_the_weight_is_twice_the_fraction);
    tcase_add_test(tests, test_a_light_guest_gets_what_the_others_leave);
    tcase_add_test(tests, test_a_range_is_a_sharer);
    tcase_add_test(tests, test_unknown_engine_is_named);
    tcase_add_test(tests, test_option_nobody_takes_is_refused);
}

int
main(void)
{
    return unit_run("policy", add);
}
