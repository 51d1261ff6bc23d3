/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rates from a guest's samples, honest ones and others. */
#include <config.h>

#include <string.h>

#include "guest-load.h"
#include "unit.h"

#define NO SAMPLE_UNKNOWN

/* Everything counts n since the guest's start. */
static struct sample
sample(uint64_t sequence, uint64_t uptime_ms, uint64_t n)
{
    return (struct sample){
        .sequence = sequence,
        .uptime_ms = uptime_ms,
        .swap_in_pages = n,
        .swap_out_pages = n,
        .refault_anon_pages = n,
        .refault_file_pages = n,
        .major_faults = n,
        .scanned_pages = n,
        .stall_some_us = n,
        .stall_full_us = n,
    };
}

struct moment {
    uint64_t sequence, uptime_ms, n;
};

struct rate_row {
    struct moment first, second;
    uint64_t kib_per_s, per_s, permyriad;
};

static const struct rate_row rate_rows[] = {
    /* 1000 in 2 s */
    { { 1, 1000, 0 }, { 2, 3000, 1000 }, 2000, 500, 5 },
    /* all of the time, and more than there is */
    { { 1, 1000, 0 }, { 2, 2000, 2000000 }, 8000000, 2000000, 10000 },
    /* the agent was restarted: its numbers begin anew, the counters do not */
    { { 7, 1000, 0 }, { 1, 3000, 1000 }, 2000, 500, 5 },
    /* nobody tells the first, or the second */
    { { 1, 1000, NO }, { 2, 3000, 0 }, NO, NO, NO },
    { { 1, 1000, 0 }, { 2, 3000, NO }, NO, NO, NO },
    /* backwards: a counter, the clock; too near, too far, the same */
    { { 1, 1000, 5 }, { 2, 2000, 4 }, NO, NO, NO },
    { { 1, 3000, 0 }, { 2, 1000, 9 }, NO, NO, NO },
    { { 1, 1000, 0 }, { 2, 1050, 9 }, NO, NO, NO },
    { { 1, 1000, 0 }, { 2, 71000, 9 }, NO, NO, NO },
    { { 1, 1000, 0 }, { 1, 3000, 9 }, NO, NO, NO },
    /* no such memory is made: only the time is believed, at most all of it */
    { { 1, 1000, 0 }, { 2, 2000, UINT64_MAX - 1 }, NO, NO, 10000 },
};

START_TEST(test_rates_follow_the_table)
{
    const struct rate_row *row = &rate_rows[_i];
    struct sample first =
        sample(row->first.sequence, row->first.uptime_ms, row->first.n);
    struct sample second =
        sample(row->second.sequence, row->second.uptime_ms, row->second.n);
    struct guest_load l;

    guest_load_init(&l);
    guest_load_take(&l, &first, 50000);
    ck_assert_uint_eq(l.swap_in_kib_per_s, NO);
    guest_load_take(&l, &second, 51000);
    ck_assert_uint_eq(l.swap_in_kib_per_s, row->kib_per_s);
    ck_assert_uint_eq(l.swap_out_kib_per_s, row->kib_per_s);
    ck_assert_uint_eq(l.refault_anon_kib_per_s, row->kib_per_s);
    ck_assert_uint_eq(l.refault_file_kib_per_s, row->kib_per_s);
    ck_assert_uint_eq(l.scanned_kib_per_s, row->kib_per_s);
    ck_assert_uint_eq(l.major_faults_per_s, row->per_s);
    ck_assert_uint_eq(l.stall_some_permyriad, row->permyriad);
    ck_assert_uint_eq(l.stall_full_permyriad, row->permyriad);
}
END_TEST

START_TEST(test_old_rates_are_forgotten)
{
    struct sample first = sample(1, 1000, 0), second = sample(2, 2000, 1000);
    struct guest_load l;

    guest_load_init(&l);
    guest_load_take(&l, &first, 0);
    guest_load_take(&l, &second, 1000);
    guest_load_take(&l, &second, 1000 + GUEST_LOAD_STALE_MS);
    ck_assert_uint_eq(l.swap_in_kib_per_s, 4000);
    guest_load_take(&l, &second, 1001 + GUEST_LOAD_STALE_MS);
    ck_assert_uint_eq(l.swap_in_kib_per_s, NO);
}
END_TEST

static void
add_tests(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_rates_follow_the_table, rate_rows);
    tcase_add_test(tests, test_old_rates_are_forgotten);
}

int
main(void)
{
    return unit_run("load", add_tests);
}
