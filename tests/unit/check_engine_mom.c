/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Engine mom: the rules of balloon.rules. */
#include <config.h>

#include "engine-world.h"
#include "unit.h"

static struct engine_world *const w = &engine_world;

#define MIB       GUEST_MIB
#define TOTAL_KIB (10000 * MIB)
#define INTERVAL  10000u

static void
setup(void)
{
    engine_open("mom");
    w->s.total_kib = TOTAL_KIB;
}

static void
free_permyriad(int64_t permyriad)
{
    engine_room((int64_t)TOTAL_KIB / 10000 * permyriad);
}

/* A guest of 1000 MiB, 400 to 1200. */
static const struct row {
    int64_t free_permyriad;
    uint64_t used_mib;
    uint64_t expected_mib;
} rows[] = {
    /* enough: a twentieth more, or what it uses and a fifth of what it has */
    { 3000, 500, 1050 },
    { 2000, 500, 1050 },
    { 3000, 870, 1070 },
    { 3000, 1000, 1200 },
    /* pressure: a twentieth less, not below used + free / 20 % of 200 */
    { 1999, 500, 950 },
    { 1000, 500, 950 },
    { 1000, 870, 970 },
    { 1000, 950, 1000 },
    { 1500, 840, 990 },
    /* critical: down into what it uses, by what 5 % lack */
    { 500, 960, 960 },
    { 300, 960, 950 },
    { 300, 975, 955 },
    { 0, 1000, 950 },
    /* a change of a quarter of a percent is none */
    { 1000, 898, 1000 },
    { 1000, 897, 997 },
};

START_TEST(test_rules_are_as_published)
{
    const struct row *row = &rows[_i];
    struct xbp_guest *g = engine_guest(400 * MIB, 1000 * MIB, 1200 * MIB);

    engine_says(g, row->used_mib * MIB, 0, 0);
    free_permyriad(row->free_permyriad);
    engine_plan(0);
    ck_assert_uint_eq((w->wishes[0] + MIB / 2) / MIB, row->expected_mib);
}
END_TEST

/* mem_unused is MemFree, not MemAvailable. */
START_TEST(test_cache_is_used)
{
    struct xbp_guest *g = engine_guest(400 * MIB, 1000 * MIB, 1200 * MIB);

    engine_says(g, 500 * MIB, 400 * MIB, 0);
    free_permyriad(1000);
    engine_plan(0);
    ck_assert_uint_eq(w->wishes[0], 1000 * MIB);
    ck_assert_str_eq(engine_explanation(0),
                     "10.00 % of the host are free, less than 20.00 %: guests "
                     "shrink; it uses 900 MiB");
}
END_TEST

START_TEST(test_who_says_nothing_uses_all)
{
    engine_guest(400 * MIB, 1000 * MIB, 1200 * MIB);
    free_permyriad(1000);
    engine_plan(0);
    ck_assert_uint_eq(w->wishes[0], 1000 * MIB);
    free_permyriad(9000); /* on average: 50 % */
    engine_plan(INTERVAL);
    ck_assert_uint_eq(w->wishes[0], 1200 * MIB);
}
END_TEST

/* Ten samples, one in five seconds; a decision every ten. */
START_TEST(test_averages_are_over_ten_samples)
{
    struct xbp_guest *g = engine_guest(400 * MIB, 1000 * MIB, 1200 * MIB);

    engine_says(g, 950 * MIB, 0, 0);
    free_permyriad(1900);
    for (int i = 0; i < 12; i++)
        engine_plan(5000);
    ck_assert_uint_eq(w->wishes[0], 1000 * MIB);
    free_permyriad(2050);
    for (int i = 0; i < 6; i++)
        engine_plan(5000);
    /* 4 of 1900 and 6 of 2050 */
    ck_assert_uint_eq(w->wishes[0], 1000 * MIB);
    for (int i = 0; i < 2; i++)
        engine_plan(5000);
    /* 2 of 1900 and 8 of 2050 */
    ck_assert_uint_eq(w->wishes[0], 1150 * MIB);
}
END_TEST

START_TEST(test_a_squeeze_takes_what_is_not_used)
{
    engine_says(engine_guest(100 * MIB, 1000 * MIB, 1200 * MIB), 600 * MIB, 0,
                0);
    engine_says(engine_guest(100 * MIB, 1000 * MIB, 1200 * MIB), 800 * MIB, 0,
                0);
    free_permyriad(600); /* both shrink to 950 */
    engine_plan(0);
    ck_assert_uint_eq(w->wishes[0], 950 * MIB);
    engine_room(-350 * (int64_t)MIB);
    engine_plan(20);
    /* 250 more: 350 and 150 are not used */
    ck_assert_uint_eq((w->wishes[0] + MIB / 2) / MIB, 775);
    ck_assert_uint_eq((w->wishes[1] + MIB / 2) / MIB, 875);
    engine_room(-1100 * (int64_t)MIB);
    engine_plan(20);
    /* 500 of what is used: 500 and 700 are above the bounds */
    ck_assert_uint_eq((w->wishes[0] + MIB / 2) / MIB, 392);
    ck_assert_uint_eq((w->wishes[1] + MIB / 2) / MIB, 508);
}
END_TEST

START_TEST(test_one_that_is_started_again_waits_for_a_round)
{
    struct xbp_guest *g = engine_guest(400 * MIB, 1000 * MIB, 1200 * MIB);

    free_permyriad(3000);
    engine_plan(0);
    ck_assert_uint_eq(w->wishes[0], 1200 * MIB);
    g->domid = 9;
    engine_plan(20);
    ck_assert_uint_eq(w->wishes[0], 1000 * MIB);
    ck_assert_str_eq(engine_explanation(0), "it waits for the next round");
    engine_plan(INTERVAL);
    ck_assert_uint_eq(w->wishes[0], 1200 * MIB);
}
END_TEST

START_TEST(test_a_range_gets_what_is_left)
{
    engine_guest(400 * MIB, 1000 * MIB, 1200 * MIB);
    free_permyriad(1000);
    engine_plan(0);
    engine_reservation(64 * MIB, TOTAL_KIB);
    engine_plan(INTERVAL);
    ck_assert_uint_eq(w->wishes[1], 1000 * MIB);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, engine_close);
    UNIT_ADD_ROWS(tests, test_rules_are_as_published, rows);
    tcase_add_test(tests, test_cache_is_used);
    tcase_add_test(tests, test_who_says_nothing_uses_all);
    tcase_add_test(tests, test_averages_are_over_ten_samples);
    tcase_add_test(tests, test_a_squeeze_takes_what_is_not_used);
    tcase_add_test(tests, test_one_that_is_started_again_waits_for_a_round);
    tcase_add_test(tests, test_a_range_gets_what_is_left);
}

int
main(void)
{
    return unit_run("engine_mom", add);
}
