/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Engine shares: ESX's shares per page with an idle memory tax. */
#include <config.h>

#include "engine-world.h"
#include "unit.h"

static struct engine_world *const w = &engine_world;

#define MIB    GUEST_MIB
#define SILENT XBP_UNKNOWN
#define PERIOD 30000u

static void
setup(void)
{
    engine_open("shares");
}

/* Two guests of 8000 MiB at most, 500 at least, that have 2500 each and are
 * on their way there. */
static const struct row {
    const char *tau;
    uint64_t active_mib[2];
    uint32_t weight[2];
    uint64_t budget_mib;
    uint64_t expected_mib[2];
} rows[] = {
    /* an idle page costs as much as four active ones */
    { "0.75", { 0, SILENT }, { 256, 256 }, 5000, { 1000, 4000 } },
    { "0.5", { 0, SILENT }, { 256, 256 }, 4500, { 1500, 3000 } },
    /* no tax: shares alone; they are 10 per MiB and weight */
    { "0", { 0, SILENT }, { 256, 256 }, 5000, { 2500, 2500 } },
    { "0", { 0, SILENT }, { 512, 256 }, 4500, { 3000, 1500 } },
    { "0.75", { SILENT, SILENT }, { 256, 768 }, 4000, { 1000, 3000 } },
    /* 1000 + 4 * (P - 1000) = 5000 - P */
    { "0.75", { 1000, SILENT }, { 256, 256 }, 5000, { 1600, 3400 } },
    /* both active in all that they can have */
    { "0.75", { 2500, 2500 }, { 256, 256 }, 4000, { 2000, 2000 } },
    /* 1000 + 4 * (P - 1000) = 2000 + 4 * (Q - 2000), P + Q = 5000 */
    { "0.75", { 1000, 2000 }, { 256, 256 }, 5000, { 2125, 2875 } },
    /* bounds hold, the other has the rest */
    { "0.99", { 0, SILENT }, { 256, 256 }, 5000, { 500, 4500 } },
    { "0.75", { 0, SILENT }, { 256, 256 }, 12000, { 4000, 8000 } },
    { "0.75", { 0, 0 }, { 256, 256 }, 20000, { 8000, 8000 } },
    { "0.75", { 0, 0 }, { 256, 1 }, 1100, { 600, 500 } },
    { "0.99", { 0, 0 }, { 1, 1 }, 16000, { 8000, 8000 } },
    { "0.75", { 0, 0 }, { 256, 256 }, 900, { 500, 500 } },
};

START_TEST(test_all_pay_the_same_for_a_page)
{
    const struct row *row = &rows[_i];

    engine_option("tau", row->tau);
    for (size_t i = 0; i < 2; i++) {
        struct xbp_guest *g = engine_guest(500 * MIB, 2500 * MIB, 8000 * MIB);

        g->weight = row->weight[i];
        if (row->active_mib[i] != SILENT)
            engine_says(g, row->active_mib[i] * MIB, 0, 0);
    }
    w->s.budget_kib = row->budget_mib * MIB;
    engine_plan(0);
    for (size_t i = 0; i < 2; i++)
        ck_assert_uint_eq((w->wishes[i] + MIB / 2) / MIB, row->expected_mib[i]);
}
END_TEST

/* As with normal shares: one of twice the size has twice as many. */
START_TEST(test_shares_grow_with_what_is_configured)
{
    engine_guest(0, 1000 * MIB, 2000 * MIB);
    engine_guest(0, 1000 * MIB, 4000 * MIB);
    w->s.budget_kib = 3000 * MIB;
    engine_plan(0);
    ck_assert_uint_eq((w->wishes[0] + MIB / 2) / MIB, 1000);
    ck_assert_uint_eq((w->wishes[1] + MIB / 2) / MIB, 2000);
}
END_TEST

static uint64_t
second_mib_after(uint64_t pass_ms)
{
    engine_plan(pass_ms);
    return (w->wishes[1] + MIB / 2) / MIB;
}

/* The second begins idle, then works, then rests: it grows at once and gives
 * in parts, by the average that moves a tenth of the way in a period. */
START_TEST(test_estimates_rise_at_once_and_fall_slowly)
{
    engine_guest(0, 5000 * MIB, 8000 * MIB);
    engine_says(engine_guest(0, 5000 * MIB, 8000 * MIB), 1000 * MIB, 0, 0);
    w->s.budget_kib = 5000 * MIB;
    ck_assert_uint_eq(second_mib_after(0), 1600);
    engine_says(&w->guests[1], 2000 * MIB, 0, 0);
    ck_assert_uint_eq(second_mib_after(1), 2200);
    for (int i = 0; i < 100; i++)
        second_mib_after(PERIOD);
    engine_says(&w->guests[1], 0, 0, 0);
    ck_assert_uint_eq(second_mib_after(1000), 2200);
    /* active are 2000 * 0.9, 2000 * 0.81, ...; P = (5000 + 3 * active) / 5 */
    ck_assert_uint_eq(second_mib_after(PERIOD - 1000), 2080);
    ck_assert_uint_eq(second_mib_after(PERIOD), 1972);
    ck_assert_uint_eq(second_mib_after(20 * PERIOD), 1118);
}
END_TEST

/* What was fetched from swap within a period was touched in it. */
START_TEST(test_what_is_swapped_in_is_active)
{
    engine_guest(0, 5000 * MIB, 8000 * MIB);
    engine_says(engine_guest(0, 5000 * MIB, 8000 * MIB), 1000 * MIB, 0, 0);
    w->guests[1].swap_in_kib_per_s = 1000 * MIB / 30;
    w->s.budget_kib = 5000 * MIB;
    ck_assert_uint_eq(second_mib_after(0), 2200);
}
END_TEST

START_TEST(test_it_is_explained)
{
    engine_says(engine_guest(0, 2000 * MIB, 1000 * MIB), 500 * MIB, 0, 0);
    engine_guest(0, 1000 * MIB, 2000 * MIB);
    w->s.budget_kib = 10000 * MIB;
    engine_plan(0);
    /* 10000 / (500 + 4 * 500) */
    ck_assert_str_eq(engine_explanation(0),
                     "4.00 shares per MiB: it has 10000 shares, 500 MiB "
                     "active, and idle memory costs 4.00 times as much");
    ck_assert_str_eq(engine_explanation(1),
                     "10.00 shares per MiB: it has 20000 shares, and all of "
                     "it counts as active, as it says nothing");
}
END_TEST

START_TEST(test_a_range_is_a_sharer)
{
    engine_says(engine_guest(0, 1000 * MIB, 2000 * MIB), 0, 0, 0);
    engine_reservation(100 * MIB, 2000 * MIB);
    w->s.budget_kib = 1000 * MIB;
    engine_plan(0);
    ck_assert_uint_eq((w->wishes[0] + MIB / 2) / MIB, 200);
    ck_assert_uint_eq((w->wishes[1] + MIB / 2) / MIB, 800);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, engine_close);
    UNIT_ADD_ROWS(tests, test_all_pay_the_same_for_a_page, rows);
    tcase_add_test(tests, test_shares_grow_with_what_is_configured);
    tcase_add_test(tests, test_estimates_rise_at_once_and_fall_slowly);
    tcase_add_test(tests, test_what_is_swapped_in_is_active);
    tcase_add_test(tests, test_it_is_explained);
    tcase_add_test(tests, test_a_range_is_a_sharer);
}

int
main(void)
{
    return unit_run("engine_shares", add);
}
