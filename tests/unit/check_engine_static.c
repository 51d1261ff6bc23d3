/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Engine static: guests stay as they began. */
#include <config.h>

#include "engine-world.h"
#include "unit.h"

static struct engine_world *const w = &engine_world;

#define MIB GUEST_MIB

static void
setup(void)
{
    engine_open("static");
}

static void
wishes(uint64_t first_mib, uint64_t second_mib)
{
    ck_assert_uint_eq((w->wishes[0] + MIB / 2) / MIB, first_mib);
    ck_assert_uint_eq((w->wishes[1] + MIB / 2) / MIB, second_mib);
}

START_TEST(test_targets_stay)
{
    engine_says(engine_guest(100 * MIB, 500 * MIB, 900 * MIB), 490 * MIB, 0, 0);
    engine_guest(100 * MIB, 300 * MIB, 900 * MIB);
    engine_room(5000 * (int64_t)MIB);
    engine_plan(0);
    wishes(500, 300);
    ck_assert_str_eq(engine_explanation(0), "the 500 MiB that it began with");
}
END_TEST

START_TEST(test_a_squeeze_takes_the_same_part_and_gives_it_back)
{
    engine_guest(100 * MIB, 500 * MIB, 900 * MIB);
    engine_guest(100 * MIB, 300 * MIB, 900 * MIB);
    engine_plan(0);
    engine_room(-300 * (int64_t)MIB);
    engine_plan(20);
    wishes(300, 200);
    ck_assert_str_eq(engine_explanation(0),
                     "the 500 MiB that it began with, less its part of what "
                     "the host needs");
    engine_follow();
    engine_room(150 * (int64_t)MIB);
    engine_plan(20);
    wishes(400, 250);
    engine_follow();
    engine_room(1000 * (int64_t)MIB);
    engine_plan(20);
    wishes(500, 300);
}
END_TEST

START_TEST(test_one_that_is_started_again_begins_anew)
{
    engine_guest(100 * MIB, 500 * MIB, 900 * MIB);
    engine_guest(100 * MIB, 300 * MIB, 900 * MIB);
    engine_plan(0);
    w->guests[0].domid = 17;
    w->guests[0].target_kib = 700 * MIB;
    engine_room(1000 * (int64_t)MIB);
    engine_plan(20);
    wishes(700, 300);
}
END_TEST

START_TEST(test_a_range_gets_what_is_left)
{
    engine_guest(100 * MIB, 500 * MIB, 900 * MIB);
    engine_guest(100 * MIB, 300 * MIB, 900 * MIB);
    engine_reservation(64 * MIB, 1000 * MIB);
    engine_room(200 * (int64_t)MIB);
    engine_plan(0);
    wishes(500, 300);
    ck_assert_uint_eq(w->wishes[2], 200 * MIB);
    engine_room(0);
    engine_plan(0);
    ck_assert_uint_eq(w->wishes[2], 64 * MIB);
    wishes(457, 279);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, engine_close);
    tcase_add_test(tests, test_targets_stay);
    tcase_add_test(tests, test_a_squeeze_takes_the_same_part_and_gives_it_back);
    tcase_add_test(tests, test_one_that_is_started_again_begins_anew);
    tcase_add_test(tests, test_a_range_gets_what_is_left);
}

int
main(void)
{
    return unit_run("engine_static", add);
}
