/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The day of samples: when one is due, what is forgotten, means, and what
 * domains had. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "history.h"
#include "unit.h"

#define ROWS_MAX 16
/* Far from 0, and the beginning of an interval of any length used here. */
#define BEGIN_MS 86400000000ull
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
take_row(void *arg, const struct history_sample *row,
         const struct history_group *group)
{
    (void)arg;
    (void)group;
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
    { 0, false },   { 1, false },    { 999, false },
    { 1000, true }, { 15000, true }, { 3600000, true },
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

/* So far back do the rings reach, by the second, by ten seconds and by the
 * minute. */
static const struct tier_row {
    uint64_t since_s; /* before the end of a day */
    uint64_t interval_ms;
    size_t n_rows;
    uint64_t row_ms; /* what it is made of */
} tier_rows[] = {
    { 10, 1000, 10, 1000 },
    { 900, 1000, 900, 1000 },
    { 900, 60000, 15, 60000 },
    { 901, 1000, 91, 10000 },
    { 3 * 3600, 1000, 1080, 10000 },
    { 3 * 3600, 15000, 720, 15000 },
    { 3 * 3600 + 60, 1000, 181, 60000 },
    { 24 * 3600, 1000, 1440, 60000 },
    { 48 * 3600, 3600000, 24, 3600000 },
};

START_TEST(test_a_day_is_remembered_the_more_closely_the_nearer_it_is)
{
    const struct tier_row *row = &tier_rows[_i];
    const uint64_t day_s = 2 * 24 * 3600;

    for (uint64_t i = 0; i < day_s; i++)
        add(i * 1000, i);
    n_rows = 0;
    ck_assert_uint_eq(history_rows(h, BEGIN_MS + (day_s - row->since_s) * 1000,
                                   row->interval_ms, take_row, NULL),
                      row->row_ms);
    ck_assert_uint_eq(n_rows, row->n_rows);
}
END_TEST

/* What is coarse is as fine as it was, as long as all of it is there. */
START_TEST(test_a_young_daemon_remembers_all_by_the_second)
{
    for (uint64_t i = 0; i < 900; i++)
        add(i * 1000, i);
    n_rows = 0;
    ck_assert_uint_eq(history_rows(h, 0, 1000, take_row, NULL), 1000);
    ck_assert_uint_eq(n_rows, 900);
    add(900000, 900);
    n_rows = 0;
    ck_assert_uint_eq(history_rows(h, 0, 1000, take_row, NULL), 10000);
    ck_assert_uint_eq(n_rows, 91);
}
END_TEST

/* What came and went between two of its samples is in a coarse ring as well. */
START_TEST(test_coarse_rings_hold_means)
{
    for (uint64_t i = 0; i < 3600; i++)
        add(i * 1000, i % 10 == 5 ? 1000 : 0);
    fold(0, 10000);
    ck_assert_uint_eq(n_rows, 360);
    ck_assert_uint_eq(rows[3].free_kib, 100);
    ck_assert_uint_eq(rows[3].wall_ms, 39000);
}
END_TEST

START_TEST(test_a_short_squeeze_is_in_every_ring)
{
    struct history_sample s = { .wall_ms = 1 };

    for (uint64_t i = 0; i < 2 * 24 * 3600; i++) {
        s.time_ms = BEGIN_MS + i * 1000;
        s.is_squeezing = i == 2 * 24 * 3600 - 3605;
        history_add(h, &s);
    }
    fold(24 * 3600 * 1000, 24 * 3600 * 1000);
    ck_assert_uint_eq(n_rows, 1);
    ck_assert(rows[0].is_squeezing);
}
END_TEST

/* --- domains --- */

static struct history_group groups[ROWS_MAX];

static void
take_group(void *arg, const struct history_sample *row,
           const struct history_group *group)
{
    if (n_rows < ROWS_MAX)
        groups[n_rows] = *group;
    take_row(arg, row, group);
}

static void
put(uint32_t domid, uint64_t target_kib, uint64_t actual_kib)
{
    struct host_domain d = {
        .domid = domid,
        .target_kib = target_kib,
        .actual_kib = actual_kib,
    };

    snprintf(d.uuid, sizeof(d.uuid), "uuid-%u", (unsigned)domid);
    snprintf(d.name, sizeof(d.name), "name-%u", (unsigned)domid);
    history_put(h, &d);
}

static void
assert_means(size_t i, size_t row, uint64_t target_kib, uint64_t actual_kib)
{
    uint64_t target, actual;

    history_means(h, i, &groups[row], &target, &actual);
    ck_assert_uint_eq(target, target_kib);
    ck_assert_uint_eq(actual, actual_kib);
}

START_TEST(test_domains_have_means_of_the_same_intervals)
{
    add(0, 1);
    put(1, 400, 100);
    put(2, HOST_UNSET, 500);
    add(1000, 1);
    put(1, 800, 200);
    put(2, HOST_UNSET, 700);
    add(2000, 1);
    put(2, 900, 900);
    n_rows = 0;
    history_rows(h, BEGIN_MS, 2000, take_group, NULL);
    ck_assert_uint_eq(n_rows, 2);
    ck_assert_uint_eq(history_n_domains(h), 2);
    assert_means(0, 0, 600, 150);
    assert_means(1, 0, HOST_UNSET, 600);
    assert_means(0, 1, HOST_UNSET, HOST_UNSET); /* it is gone */
    assert_means(1, 1, 900, 900);
    ck_assert_str_eq(history_domain(h, 0).name, "name-1");
    ck_assert_uint_eq(history_domain(h, 0).seen_ms, BEGIN_MS + 1000);
}
END_TEST

START_TEST(test_coarse_rings_hold_means_of_domains)
{
    for (uint64_t i = 0; i < 3600; i++) {
        add(i * 1000, 1);
        put(1, i % 10 == 5 ? 4000 : HOST_UNSET, i % 10 == 5 ? 4000 : 0);
        if (i % 20 < 10)
            put(2, 800, 800);
    }
    n_rows = 0;
    history_rows(h, BEGIN_MS, 10000, take_group, NULL);
    ck_assert_uint_eq(n_rows, 360);
    assert_means(0, 3, 4000, 400);
    assert_means(1, 2, 800, 800);
    assert_means(1, 3, HOST_UNSET, HOST_UNSET);
}
END_TEST

START_TEST(test_a_domain_that_comes_later_was_not_there_before)
{
    add(0, 1);
    put(1, 400, 400);
    add(1000, 1);
    put(1, 400, 400);
    put(2, 800, 800);
    n_rows = 0;
    history_rows(h, BEGIN_MS, 1000, take_group, NULL);
    assert_means(1, 0, HOST_UNSET, HOST_UNSET);
    assert_means(1, 1, 800, 800);
}
END_TEST

START_TEST(test_the_largest_domain_fits_in)
{
    const uint64_t most_kib = (16ull << 30) - 8;

    add(0, 1);
    put(1, most_kib, most_kib);
    n_rows = 0;
    history_rows(h, BEGIN_MS, 1000, take_group, NULL);
    assert_means(0, 0, most_kib, most_kib);
}
END_TEST

/* Domains come and go for ever: memory does not grow. */
START_TEST(test_so_many_domains_that_are_gone_are_remembered)
{
    for (uint32_t i = 0; i < 1000; i++) {
        add(i * 1000, 1);
        put(0, 4, 4);
        put(i + 1, 4, 4);
    }
    ck_assert_uint_le(history_n_domains(h), HISTORY_TRACKS_GONE + 3);
    ck_assert_uint_ge(history_n_domains(h), HISTORY_TRACKS_GONE);
    ck_assert_str_eq(history_domain(h, 0).name, "name-0");
    ck_assert_str_eq(history_domain(h, history_n_domains(h) - 1).name,
                     "name-1000");
}
END_TEST

START_TEST(test_more_domains_than_there_is_room_for)
{
    for (uint32_t i = 0; i < 3; i++) {
        add(i * 1000, 1);
        for (uint32_t j = 0; j < HISTORY_TRACKS + 10; j++)
            put(j, 4, 4);
    }
    ck_assert_uint_eq(history_n_domains(h), HISTORY_TRACKS);
}
END_TEST

START_TEST(test_after_a_day_it_is_forgotten)
{
    add(0, 1);
    put(1, 4, 4);
    add(24 * 3600 * 1000, 1);
    ck_assert_uint_eq(history_n_domains(h), 1);
    add(24 * 3600 * 1000 + 1000, 1);
    ck_assert_uint_eq(history_n_domains(h), 0);
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
    UNIT_ADD_ROWS(tests,
                  test_a_day_is_remembered_the_more_closely_the_nearer_it_is,
                  tier_rows);
    tcase_add_test(tests, test_a_young_daemon_remembers_all_by_the_second);
    tcase_add_test(tests, test_coarse_rings_hold_means);
    tcase_add_test(tests, test_a_short_squeeze_is_in_every_ring);
    tcase_add_test(tests, test_domains_have_means_of_the_same_intervals);
    tcase_add_test(tests, test_coarse_rings_hold_means_of_domains);
    tcase_add_test(tests, test_a_domain_that_comes_later_was_not_there_before);
    tcase_add_test(tests, test_the_largest_domain_fits_in);
    tcase_add_test(tests, test_so_many_domains_that_are_gone_are_remembered);
    tcase_add_test(tests, test_more_domains_than_there_is_room_for);
    tcase_add_test(tests, test_after_a_day_it_is_forgotten);
}

int
main(void)
{
    return unit_run("history", add_tests);
}
