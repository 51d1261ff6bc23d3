/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which changes the demand engine makes, and which are not worth it. */
#include <config.h>

#include "engine-world.h"
#include "unit.h"

#define ROOM_KIB (256 * GUEST_MIB)

static void
begin(void)
{
    engine_open("demand");
}

static void
end(void)
{
    engine_close();
}

/* What a small guest says sways by some MiB. */
START_TEST(test_noise_does_not_turn_a_change_round)
{
    struct xbp_guest *first =
        engine_guest(96 * GUEST_MIB, 160 * GUEST_MIB, ROOM_KIB);
    struct xbp_guest *second =
        engine_guest(96 * GUEST_MIB, 160 * GUEST_MIB, ROOM_KIB);
    uint64_t written = 0;

    for (uint64_t i = 0; i < 120; i++) {
        engine_says(first, (130 + i % 2 * 3) * GUEST_MIB, 0, 0);
        engine_says(second, (133 - i % 2 * 3) * GUEST_MIB, 0, 0);
        engine_plan(1000);
        written += engine_world.wishes[0] != first->target_kib;
        engine_follow();
    }
    ck_assert_uint_le(written, 6);
}
END_TEST

START_TEST(test_small_changes_are_not_made)
{
    struct xbp_guest *one =
        engine_guest(256 * GUEST_MIB, 2056 * GUEST_MIB, 4096 * GUEST_MIB);
    struct xbp_guest *other =
        engine_guest(256 * GUEST_MIB, 2040 * GUEST_MIB, 4096 * GUEST_MIB);

    engine_says(one, 512 * GUEST_MIB, 0, 0);
    engine_says(other, 512 * GUEST_MIB, 0, 0);
    engine_plan(1000);
    ck_assert_uint_eq(engine_world.wishes[0], one->target_kib);
    ck_assert_uint_eq(engine_world.wishes[1], other->target_kib);
}
END_TEST

/* A balloon that is tried out by a few MiB goes back where it was. */
START_TEST(test_what_others_changed_is_mended)
{
    struct xbp_guest *g =
        engine_guest(80 * GUEST_MIB, 100 * GUEST_MIB, 128 * GUEST_MIB);

    engine_room((int64_t)ROOM_KIB);
    for (int i = 0; i < 3; i++) {
        engine_says(g, 60 * GUEST_MIB, 0, 0);
        engine_plan(1000);
        engine_follow();
    }
    ck_assert_uint_eq(g->target_kib, 128 * GUEST_MIB);
    g->target_kib = g->actual_kib = 124 * GUEST_MIB;
    engine_says(g, 60 * GUEST_MIB, 0, 0);
    engine_plan(1000);
    ck_assert_uint_eq(engine_world.wishes[0], 128 * GUEST_MIB);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, test_noise_does_not_turn_a_change_round);
    tcase_add_test(tests, test_small_changes_are_not_made);
    tcase_add_test(tests, test_what_others_changed_is_mended);
}

int
main(void)
{
    return unit_run("demand_wishes", add);
}
