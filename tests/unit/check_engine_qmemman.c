/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Engine qmemman, with the numbers of qmemman's own tests. */
#include <config.h>

#include <stdbool.h>
#include <string.h>

#include "engine-world.h"
#include "unit.h"
#include "util/units.h"

static struct engine_world *const w = &engine_world;

#define MIB      GUEST_MIB
#define SILENT   XBP_UNKNOWN
#define MAX_4096 (4096 * MIB)

static void
setup(void)
{
    engine_open("qmemman");
}

/* Its tests are in bytes; here amounts are cut to KiB a few times. */
static void
wishes_bytes(size_t i, uint64_t bytes)
{
    ck_assert_msg(distance_u64(w->wishes[i], bytes / BYTES_PER_KIB) <= 5,
                  "guest %zu: %llu KiB, not %llu", i,
                  (unsigned long long)w->wishes[i],
                  (unsigned long long)(bytes / BYTES_PER_KIB));
}

/* Without a lower bound, as there; what it uses beyond what it has is
 * swapped out. */
static void
add_domain(uint64_t used_mib, uint64_t max_mib, uint64_t actual_mib)
{
    struct xbp_guest *g = engine_guest(0, actual_mib * MIB, max_mib * MIB);
    uint64_t in_mib = min_u64(used_mib, actual_mib);

    if (used_mib != SILENT)
        engine_says(g, in_mib * MIB, 0, (used_mib - in_mib) * MIB);
}

static const struct pref_row {
    uint32_t domid;
    uint64_t used_mib;
    const char *explanation;
} pref_rows[] = {
    { 0, 1024, "it uses 1024 MiB and prefers 1681 MiB" },
    { 0, 5000, "it uses 5000 MiB and prefers 4096 MiB" },
    { 10, 1024, "it uses 1024 MiB and prefers 1331 MiB" },
    { 10, 5000, "it uses 5000 MiB and prefers 4096 MiB" },
    { 10, 100, "it uses 100 MiB and prefers 200 MiB" },
};

START_TEST(test_preference_is_as_published)
{
    const struct pref_row *row = &pref_rows[_i];

    add_domain(row->used_mib, 4096, 1024);
    w->guests[0].domid = row->domid;
    engine_plan(0);
    ck_assert_int_eq(strncmp(engine_explanation(0), row->explanation,
                             strlen(row->explanation)),
                     0);
}
END_TEST

/* test_100_balloon */
START_TEST(test_donors_give_what_is_asked)
{
    add_domain(1024, 4096, 1736);
    add_domain(512, 4096, 1536);
    add_domain(4096, 4096, 4096);
    add_domain(SILENT, 4096, 4096);
    engine_room(-400 * (int64_t)MIB);
    engine_plan(0);
    wishes_bytes(0, 1794242737);
    wishes_bytes(1, 1196296014);
    ck_assert_uint_eq(w->wishes[2], MAX_4096);
    ck_assert_uint_eq(w->wishes[3], MAX_4096);
}
END_TEST

/* There it ends in a refusal; here all give the rest. */
START_TEST(test_where_donors_cannot_all_give)
{
    add_domain(1024, 4096, 1736);
    add_domain(1024, 4096, 1536);
    add_domain(4096, 4096, 4096);
    add_domain(SILENT, 4096, 4096);
    engine_room(-400 * (int64_t)MIB);
    engine_plan(0);
    /* to what they prefer, 259.6 MiB, and 140.4 of the 11204.4 they have */
    ck_assert_uint_eq(w->wishes[0] / MIB, 1660);
    ck_assert_uint_eq(w->wishes[1] / MIB, 1314);
    ck_assert_uint_eq(w->wishes[2] / MIB, 4044);
    ck_assert_uint_eq(w->wishes[3] / MIB, 4044);
}
END_TEST

/* test_200_balance_whan_enough_memory: 4096 MB beyond what all prefer */
START_TEST(test_enough_is_shared_by_preference)
{
    add_domain(1024, 4096, 1736);
    add_domain(1024, 4096, 1536);
    add_domain(4096, 4096, 4096);
    add_domain(SILENT, 4096, 4096);
    add_domain(1536, 4096, 1536);
    add_domain(512, 1024, 768);
    /* 1681.2 + 1331.2 + 4096 + 1996.8 + 665.6 are preferred */
    w->s.budget_kib = 97708 * MIB / 10 + 4096 * MIB + 4096 * MIB;
    engine_plan(0);
    wishes_bytes(0, 3068708976);
    wishes_bytes(1, 2548378128);
    wishes_bytes(2, 4294967296);
    ck_assert_uint_eq(w->wishes[3], MAX_4096);
    wishes_bytes(4, 3537898734);
    wishes_bytes(5, 1073741824);
}
END_TEST

/* test_250_balance_low_on_memory; what is freed reaches those in need */
START_TEST(test_scarce_memory_goes_to_those_in_need)
{
    add_domain(1024, 4096, 768);
    add_domain(1024, 4096, 1536);
    add_domain(4096, 4096, 4096);
    add_domain(SILENT, 4096, 4096);
    add_domain(1536, 4096, 1536);
    add_domain(512, 1024, 768);
    engine_room(50 * MIB);
    engine_plan(0);
    wishes_bytes(1, 1395864371);
    wishes_bytes(5, 697932185);
    ck_assert_uint_eq(w->wishes[2], MAX_4096);
    ck_assert_uint_eq(w->wishes[3], MAX_4096);
    /* 0.999 * (768 + 357.2 * 1681.2 / 3678), and of 1996.8 */
    ck_assert_uint_eq(w->wishes[0] / MIB, 930);
    ck_assert_uint_eq(w->wishes[4] / MIB, 1728);
    ck_assert_str_eq(engine_explanation(1),
                     "it uses 1024 MiB and prefers 1331 MiB; those who have "
                     "more give it to those who have less");
}
END_TEST

/* Two that have what is shared out, and then use so much more. */
static const struct worth_row {
    uint64_t more_mib;
    bool is_worth_it;
} worth_rows[] = {
    { 30, false }, /* 30 * 1.3, about half of it moves twice */
    { 150, true },
};

START_TEST(test_small_changes_are_not_made)
{
    const struct worth_row *row = &worth_rows[_i];
    uint64_t before;

    add_domain(500, 4096, 1000);
    add_domain(500, 4096, 1000);
    engine_plan(0);
    engine_follow();
    before = w->wishes[0];
    engine_says(&w->guests[0], (500 + row->more_mib) * MIB, 0, 0);
    engine_plan(1000);
    ck_assert_int_eq(w->wishes[0] != before, row->is_worth_it);
}
END_TEST

START_TEST(test_someone_in_need_is_not_kept_waiting)
{
    add_domain(900, 4096, 1000);
    add_domain(500, 4096, 700);
    engine_plan(0);
    /* it prefers 1170 and is given the other's 50 */
    ck_assert_uint_eq(w->wishes[0] / MIB, 1048);
    ck_assert_uint_eq(w->wishes[1] / MIB, 650);
}
END_TEST

START_TEST(test_a_range_gets_what_nobody_prefers)
{
    add_domain(1024, 4096, 1736);
    add_domain(512, 4096, 1536);
    engine_reservation(100 * MIB, 4096 * MIB);
    engine_room(50 * MIB);
    engine_plan(0);
    /* 1736 - 1681.2, 1536 - 665.6 and 50 */
    ck_assert_uint_eq(w->wishes[2] / MIB, 975);
}
END_TEST

START_TEST(test_options_are_those_of_its_file)
{
    add_domain(1024, 4096, 1736);
    add_domain(100, 4096, 1536);
    engine_option("cache-margin-factor", "1.5");
    engine_option("dom0-mem-boost", "100MiB");
    engine_option("vm-min-mem", "300MiB");
    engine_plan(0);
    ck_assert_ptr_nonnull(strstr(engine_explanation(0), "prefers 1636 MiB"));
    ck_assert_ptr_nonnull(strstr(engine_explanation(1), "prefers 300 MiB"));
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, engine_close);
    UNIT_ADD_ROWS(tests, test_preference_is_as_published, pref_rows);
    tcase_add_test(tests, test_donors_give_what_is_asked);
    tcase_add_test(tests, test_where_donors_cannot_all_give);
    tcase_add_test(tests, test_enough_is_shared_by_preference);
    tcase_add_test(tests, test_scarce_memory_goes_to_those_in_need);
    UNIT_ADD_ROWS(tests, test_small_changes_are_not_made, worth_rows);
    tcase_add_test(tests, test_someone_in_need_is_not_kept_waiting);
    tcase_add_test(tests, test_a_range_gets_what_nobody_prefers);
    tcase_add_test(tests, test_options_are_those_of_its_file);
}

int
main(void)
{
    return unit_run("engine_qmemman", add);
}
