/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Engine proxmox, with the numbers of Proxmox's test/balloontest.pl.  Its MB
 * is 1000 * 1000 bytes; here it is 1000 KiB, and the bound of a change with it.
 */
#include <config.h>

#include <stdbool.h>
#include <string.h>

#include "engine-world.h"
#include "unit.h"

static struct engine_world *const w = &engine_world;

#define MB     UINT64_C(1000)
#define GB     (1000 * MB)
#define GUESTS 3

/* That of 10 s is the whole node; half of these 20 GB are to stay free. */
#define TOTAL_KIB  (20 * GB)
#define KEPT_KIB   (10 * GB)
#define INTERVAL   10000u
#define ROUNDS_MAX 100

struct vm {
    uint64_t max_mb, min_mb, balloon_mb, free_mb;
    uint32_t shares;
};

/* $test_status1 to 3, and what the third is after a growth of 593 MB */
static const struct vm status1[GUESTS] = {
    { 2000, 1000, 1000, 0, 2000 },
    { 2000, 1000, 1000, 0, 1000 },
};
static const struct vm status2[GUESTS] = {
    { 2000, 2000, 2000, 0, 2000 },
    { 2000, 1000, 1000, 0, 1000 },
};
static const struct vm status3[GUESTS] = {
    { 2000, 2000, 2000, 0, 2000 },
    { 2000, 1000, 1007, 0, 1000 },
    { 2000, 1000, 1000, 512, 1000 },
};
static const struct vm status4[GUESTS] = {
    { 2000, 2000, 2000, 0, 2000 },
    { 2000, 1000, 1300, 293, 1000 },
    { 2000, 1000, 1300, 812, 1000 },
};

static const struct row {
    const struct vm *status;
    int64_t goal_mb;
    bool is_simulated; /* until nothing changes; else one round */
    uint64_t expected_mb[GUESTS];
} rows[] = {
    { status1, 0, false, { 1000, 1000 } },
    { status1, 90, false, { 1060, 1030 } },
    { status1, 150, false, { 1100, 1050 } },
    { status1, 270, false, { 1100, 1090 } },
    { status1, 180, true, { 1120, 1060 } },
    { status1, 270, true, { 1180, 1090 } },
    { status1, 600, true, { 1300, 1300 } },
    { status1, 900, true, { 1600, 1300 } },
    { status2, 0, false, { 2000, 1000 } },
    { status2, 18, false, { 2000, 1018 } },
    { status2, 500, false, { 2000, 1100 } },
    { status3, 0, false, { 2000, 1007, 1000 } },
    { status3, 11, false, { 2000, 1018, 1000 } },
    { status3, 80, false, { 2000, 1087, 1000 } },
    { status3, 200, false, { 2000, 1107, 1000 } },
    { status3, 593, true, { 2000, 1300, 1300 } },
    { status4, -200, true, { 2000, 1200, 1200 } },
    { status4, -400, true, { 2000, 1200, 1000 } },
    { status4, -593, true, { 2000, 1007, 1000 } },
};

static void
setup(void)
{
    engine_open("proxmox");
    engine_option("max-change", "100000KiB");
    engine_option("target", "50%");
    w->s.total_kib = TOTAL_KIB;
}

static void
load(const struct vm *status, int64_t goal_mb)
{
    for (size_t i = 0; i < GUESTS && status[i].shares > 0; i++) {
        const struct vm *vm = &status[i];
        struct xbp_guest *g =
            engine_guest(vm->min_mb * MB, vm->balloon_mb * MB, vm->max_mb * MB);

        g->weight = vm->shares;
        engine_says(g, (vm->balloon_mb - vm->free_mb) * MB, 0, 0);
    }
    engine_room(goal_mb * (int64_t)MB + (int64_t)KEPT_KIB);
}

START_TEST(test_rounds_are_as_published)
{
    const struct row *row = &rows[_i];
    bool has_changed;
    int rounds = 0;

    load(row->status, row->goal_mb);
    do {
        has_changed = false;
        engine_plan(INTERVAL);
        for (uint64_t i = 0; i < w->s.n_guests; i++)
            has_changed |= w->wishes[i] != w->guests[i].target_kib;
        engine_follow();
        ck_assert_int_lt(++rounds, ROUNDS_MAX);
    } while (has_changed && row->is_simulated);
    for (uint64_t i = 0; i < w->s.n_guests; i++)
        ck_assert_uint_eq(w->wishes[i], row->expected_mb[i] * MB);
}
END_TEST

START_TEST(test_rounds_are_ten_seconds_apart)
{
    load(status1, 600);
    engine_plan(0);
    engine_follow();
    ck_assert_uint_eq(w->wishes[0], 1100 * MB);
    engine_plan(9999);
    ck_assert_uint_eq(w->wishes[0], 1100 * MB);
    engine_plan(1);
    ck_assert_uint_eq(w->wishes[0], 1200 * MB);
    ck_assert_str_eq(engine_explanation(0),
                     "all together were to grow by 390 MiB, by weight; it had "
                     "1074 MiB and was short of free memory");
}
END_TEST

/* Those 80 % are of all memory. */
START_TEST(test_a_fifth_of_the_host_stays_free)
{
    engine_option("target", "80%");
    load(status1, 0);
    engine_room(4 * (int64_t)GB + 90 * (int64_t)MB);
    engine_plan(0);
    ck_assert_uint_eq(w->wishes[0], 1060 * MB);
    ck_assert_uint_eq(w->wishes[1], 1030 * MB);
}
END_TEST

/* Who is comfortable gives first, in the same instant, and then all do. */
START_TEST(test_a_squeeze_does_not_wait_for_a_round)
{
    load(status4, 0);
    engine_plan(INTERVAL);
    engine_room(-200 * (int64_t)MB);
    engine_plan(20);
    ck_assert_uint_eq(w->wishes[0], 2000 * MB);
    ck_assert_uint_ge(w->wishes[1] + 1, 1200 * MB);
    ck_assert_uint_ge(w->wishes[2] + 1, 1200 * MB);
}
END_TEST

START_TEST(test_a_range_gets_what_is_left)
{
    load(status1, 0);
    engine_plan(0);
    engine_reservation(64 * MB, 20 * GB);
    engine_plan(INTERVAL);
    ck_assert_uint_eq(w->wishes[0], 1000 * MB);
    ck_assert_uint_eq(w->wishes[2], KEPT_KIB);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, engine_close);
    UNIT_ADD_ROWS(tests, test_rounds_are_as_published, rows);
    tcase_add_test(tests, test_rounds_are_ten_seconds_apart);
    tcase_add_test(tests, test_a_fifth_of_the_host_stays_free);
    tcase_add_test(tests, test_a_squeeze_does_not_wait_for_a_round);
    tcase_add_test(tests, test_a_range_gets_what_is_left);
}

int
main(void)
{
    return unit_run("engine_proxmox", add);
}
