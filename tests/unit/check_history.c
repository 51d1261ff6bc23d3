/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The day of samples: when one is due, what is forgotten, and means. */
#include <config.h>

#include <string.h>

#include "history.h"
#include "unit.h"

#define ROWS_MAX 16
/* Far from 0, and the beginning of an interval of any length used here. */
#define BEGIN_MS 3600000000ull
#define MINUTE   60000u

static struct history *h;
static struct history_sample rows[ROWS_MAX];
static size_t n_rows;

static void
setup(void)
{
    h = history_new();
    ck_assert_ptr_nonnull(h);
    n_rows = 0;
}

static void
teardown(void)
{
    h = history_free(h);
}

static void
add(uint64_t after_ms, uint64_t free_kib)
{
    const struct history_sample s = {
        .time_ms = BEGIN_MS + after_ms,
        .wall_ms = after_ms,
        .total_kib = 1000,
        .free_kib = free_kib,
        .n_domains = (uint32_t)free_kib,
    };

    history_add(h, &s);
}

static void
take_row(void *arg, const struct history_sample *row)
{
    (void)arg;
    if (n_rows < ROWS_MAX)
        rows[n_rows] = *row;
    n_rows++;
}

static void
fold(uint64_t since_ms, uint64_t interval_ms)
{
    n_rows = 0;
    history_rows(h, BEGIN_MS + since_ms, interval_ms, take_row, NULL);
}

static const struct due_row {
    uint64_t after_ms;
    bool is_due;
} due_rows[] = {
    { 0, false },    { 1, false },    { 9999, false },
    { 10000, true }, { 15000, true }, { 3600000, true },
};

/* A sample a step, even if the ticks do not come in time. */
START_TEST(test_a_sample_is_due_in_every_step)
{
    ck_assert(history_is_due(h, 0));
    add(0, 1);
    ck_assert(history_is_due(h, BEGIN_MS + due_rows[_i].after_ms) ==
              due_rows[_i].is_due);
}
END_TEST

START_TEST(test_rows_are_means_of_their_interval)
{
    add(0, 100);
    add(10000, 200);
    add(59999, 600);
    add(MINUTE, 50);
    fold(0, MINUTE);
    ck_assert_uint_eq(n_rows, 2);
    ck_assert_uint_eq(rows[0].free_kib, 300);
    ck_assert_uint_eq(rows[0].total_kib, 1000);
    ck_assert_uint_eq(rows[0].wall_ms, 59999);
    ck_assert_uint_eq(rows[0].n_domains, 600); /* of the last, no mean */
    ck_assert_uint_eq(rows[1].free_kib, 50);
}
END_TEST

START_TEST(test_a_squeeze_at_any_time_is_shown)
{
    const struct history_sample s = { .time_ms = BEGIN_MS,
                                      .is_squeezing = true };

    history_add(h, &s);
    add(10000, 1);
    add(MINUTE, 1);
    fold(0, MINUTE);
    ck_assert(rows[0].is_squeezing);
    ck_assert(!rows[1].is_squeezing);
}
END_TEST

START_TEST(test_a_gap_is_no_row)
{
    add(0, 1);
    add(10 * MINUTE, 2);
    fold(0, MINUTE);
    ck_assert_uint_eq(n_rows, 2);
}
END_TEST

START_TEST(test_what_is_older_is_left_out)
{
    add(0, 100);
    add(30000, 200);
    add(40000, 300);
    fold(30000, MINUTE);
    ck_assert_uint_eq(n_rows, 1);
    ck_assert_uint_eq(rows[0].free_kib, 250);
    fold(50000, MINUTE);
    ck_assert_uint_eq(n_rows, 0);
}
END_TEST

START_TEST(test_a_day_is_remembered)
{
    for (uint64_t i = 0; i <= HISTORY_SAMPLES; i++)
        add(i * HISTORY_STEP_MS, i);
    fold(0, HISTORY_STEP_MS);
    ck_assert_uint_eq(n_rows, HISTORY_SAMPLES);
    ck_assert_uint_eq(rows[0].free_kib, 1);
}
END_TEST

START_TEST(test_the_day_goes_on)
{
    for (uint64_t i = 0; i < 3 * HISTORY_SAMPLES; i++)
        add(i * HISTORY_STEP_MS, i);
    fold(0, HISTORY_STEP_MS);
    ck_assert_uint_eq(n_rows, HISTORY_SAMPLES);
    ck_assert_uint_eq(rows[0].free_kib, 2 * HISTORY_SAMPLES);
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    UNIT_ADD_ROWS(tests, test_a_sample_is_due_in_every_step, due_rows);
    tcase_add_test(tests, test_rows_are_means_of_their_interval);
    tcase_add_test(tests, test_a_squeeze_at_any_time_is_shown);
    tcase_add_test(tests, test_a_gap_is_no_row);
    tcase_add_test(tests, test_what_is_older_is_left_out);
    tcase_add_test(tests, test_a_day_is_remembered);
    tcase_add_test(tests, test_the_day_goes_on);
}

int
main(void)
{
    return unit_run("history", add_tests);
}
