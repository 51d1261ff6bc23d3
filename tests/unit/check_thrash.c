/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What signs of suffering mean by themselves, and in the course of time. */
#include <config.h>

#include "thrash.h"
#include "unit.h"

#define NO  THRASH_UNKNOWN
#define MIB 1024u

/* KiB per second, parts of 10000, KiB; what is left out is 0. */
struct sign_row {
    const char *name;
    struct thrash_signs signs;
    enum thrash_sign expect;
};

/* A second in which pages of programs went round. */
#define SWAPS(in, out)                                                    \
 .span_ms = 1000, .swap_in_kib_per_s = (in), .swap_out_kib_per_s = (out), \
 .refault_anon_kib_per_s = 1, .swap_total_kib = 512 * MIB,                \
 .available_kib = 50 * MIB, .memory_kib = 256 * MIB
#define STALLS(some, full)                                       \
 .stall_some_permyriad = (some), .stall_full_permyriad = (full), \
 .wait_permyriad = NO
#define NO_STALLS STALLS(NO, NO)
/* A word, and nothing else. */
#define WORD(available)                                                       \
 .span_ms = 1000, .swap_in_kib_per_s = NO, .swap_out_kib_per_s = NO,          \
 .swap_total_kib = NO, .available_kib = (available), .memory_kib = 256 * MIB, \
 NO_STALLS

static const struct sign_row sign_rows[] = {
    { "idle", { SWAPS(0, 0), STALLS(0, 0) }, THRASH_SIGN_CALM },
    { "heavy swap", { SWAPS(9000, 9000), STALLS(4000, 700) }, THRASH_SIGN_BAD },
    { "a bit less",
      { SWAPS(9000, 9000), STALLS(1999, 699) },
      THRASH_SIGN_WATCH },
    { "all wait", { SWAPS(470, 0), STALLS(9900, 6000) }, THRASH_SIGN_DIRE },
    { "many processors: never all of them wait",
      { SWAPS(9000, 9000), STALLS(2000, 0) },
      THRASH_SIGN_BAD },
    { "a disk of 8.5 ms a page, pages only read",
      { SWAPS(470, 0), STALLS(9000, 5000) },
      THRASH_SIGN_BAD },
    { "hardly a page",
      { SWAPS(127, 127), STALLS(9000, 5000) },
      THRASH_SIGN_WATCH },
    { "now and then", { SWAPS(50, 50), STALLS(900, 210) }, THRASH_SIGN_WATCH },
    { "fast swap, nobody waits",
      { SWAPS(9000, 9000), STALLS(300, 100) },
      THRASH_SIGN_UNEASY },
    { "fast, one way", { SWAPS(9000, 0), STALLS(300, 100) }, THRASH_SIGN_CALM },

    /* Linux calls it no stall, and yet reads are waited for all the time */
    { "pages used alike",
      { SWAPS(470, 0), .wait_permyriad = 9500 },
      THRASH_SIGN_BAD },
    { "a bit", { SWAPS(470, 0), .wait_permyriad = 700 }, THRASH_SIGN_WATCH },
    { "the host alone",
      { SWAPS(470, 0), .stall_some_permyriad = NO, .stall_full_permyriad = NO,
        .wait_permyriad = 2000 },
      THRASH_SIGN_BAD },

    /* a file scan as it was once seen: PSI of 55 and 46 % */
    { "file scan",
      { SWAPS(0, 0), STALLS(5500, 4600), .refault_file_kib_per_s = 90000 },
      THRASH_SIGN_CALM },
    { "file scan, a page now and then",
      { SWAPS(4, 8), STALLS(5500, 4600), .refault_file_kib_per_s = 90000 },
      THRASH_SIGN_CALM },
    { "no swap-in, whatever the stalls",
      { SWAPS(0, 9000), STALLS(9900, 9900) },
      THRASH_SIGN_CALM },
    { "stalls, and nobody tells of swap",
      { SWAPS(NO, NO), STALLS(9900, 9900) },
      THRASH_SIGN_WATCH },

    /* low, and well: available memory alone is no sign where more is known */
    { "low available, no stall",
      { .span_ms = 1000,
        STALLS(49, 0),
        .swap_total_kib = 512 * MIB,
        .available_kib = 1 * MIB,
        .memory_kib = 256 * MIB },
      THRASH_SIGN_CALM },
    { "no swap at all, no stall",
      { .span_ms = 1000,
        STALLS(49, 0),
        .available_kib = 1 * MIB,
        .memory_kib = 256 * MIB },
      THRASH_SIGN_CALM },
    { "no swap at all, text goes round",
      { .span_ms = 1000,
        STALLS(3000, 800),
        .refault_file_kib_per_s = 9000,
        .available_kib = 1 * MIB,
        .memory_kib = 256 * MIB },
      THRASH_SIGN_BAD },
    { "no swap at all, file scan",
      { .span_ms = 1000,
        STALLS(5500, 4600),
        .refault_file_kib_per_s = 90000,
        .available_kib = 100 * MIB,
        .memory_kib = 256 * MIB },
      THRASH_SIGN_CALM },

    /* nobody tells of stalls */
    { "round", { SWAPS(1024, 1024), NO_STALLS }, THRASH_SIGN_BAD },
    { "in", { SWAPS(1024, 0), NO_STALLS }, THRASH_SIGN_BAD },
    { "in, slower", { SWAPS(1023, 9000), NO_STALLS }, THRASH_SIGN_WATCH },
    { "in, slower yet", { SWAPS(255, 9000), NO_STALLS }, THRASH_SIGN_CALM },

    /* nothing but a word */
    { "1/32", { WORD(8 * MIB) }, THRASH_SIGN_UNEASY },
    { "below", { WORD(8 * MIB - 1) }, THRASH_SIGN_BAD },
    { "1/16", { WORD(16 * MIB) }, THRASH_SIGN_CALM },
    { "not even that", { WORD(NO) }, THRASH_SIGN_NONE },
    { "of nothing",
      { NO_STALLS, .swap_in_kib_per_s = NO, .available_kib = 5 },
      THRASH_SIGN_NONE },
};

START_TEST(test_signs_are_read_by_the_table)
{
    const struct sign_row *row = &sign_rows[_i];

    ck_assert_msg(thrash_read(&row->signs) == row->expect, "%s: %u, not %u",
                  row->name, (unsigned)thrash_read(&row->signs),
                  (unsigned)row->expect);
}
END_TEST

struct weight_row {
    uint64_t anon, file, full;
    enum thrash_sign expect;
};

/* 7 % of all time, weighed by the part of programs' memory. */
static const struct weight_row weight_rows[] = {
    { 1000, 1000, 1400, THRASH_SIGN_BAD },
    { 1000, 1000, 1398, THRASH_SIGN_WATCH },
    { 1000, 9000, 7000, THRASH_SIGN_BAD },
    { 1000, 9000, 6990, THRASH_SIGN_WATCH },
    { 0, 9000, 9999, THRASH_SIGN_CALM },
    { 0, 0, 9999, THRASH_SIGN_CALM }, /* neither: it waits for something else */
    { NO, NO, 700, THRASH_SIGN_BAD }, /* an old kernel: all of it counts */
    { NO, 9000, 700, THRASH_SIGN_BAD },
};

START_TEST(test_stalls_weigh_by_what_comes_back)
{
    const struct weight_row *row = &weight_rows[_i];
    struct thrash_signs s = { SWAPS(9000, 0), STALLS(0, row->full) };

    s.refault_anon_kib_per_s = row->anon;
    s.refault_file_kib_per_s = row->file;
    ck_assert_int_eq(thrash_read(&s), row->expect);
}
END_TEST

static const struct thrash_signs calm = { SWAPS(0, 0), STALLS(0, 0) };
static const struct thrash_signs uneasy = { SWAPS(900, 900), STALLS(9, 9) };
static const struct thrash_signs watch = { SWAPS(50, 50), STALLS(900, 210) };
static const struct thrash_signs bad = { SWAPS(9000, 900), STALLS(4000, 900) };
static const struct thrash_signs dire = { SWAPS(9000, 900),
                                          STALLS(9000, 7000) };
static const struct thrash_signs scan = { SWAPS(0, 0), STALLS(5500, 4600),
                                          .refault_file_kib_per_s = 90000 };
static const struct thrash_signs vbd_round = { SWAPS(2000, 2000), NO_STALLS };
static const struct thrash_signs vbd_in = { SWAPS(2000, 10), NO_STALLS };
static const struct thrash_signs word_low = { WORD(1) };

/* times reports, one each of span_ms, that tell of signs (NULL: that time
 * passes in silence); after that the state. */
struct moment {
    unsigned times;
    uint64_t span_ms;
    const struct thrash_signs *signs;
    enum thrash_state expect;
};

struct series_row {
    const char *name;
    struct moment moments[10];
};

static const struct series_row series_rows[] = {
    { "two seconds begin it, ten end it",
      { { 5, 1000, &calm, THRASH_HEALTHY },
        { 1, 1000, &bad, THRASH_WATCH },
        { 1, 1000, &bad, THRASH_THRASH },
        { 9, 1000, &calm, THRASH_THRASH },
        { 1, 1000, &calm, THRASH_HEALTHY } } },
    { "a clock that is a bit fast",
      { { 1, 970, &bad, THRASH_WATCH }, { 1, 970, &bad, THRASH_THRASH } } },
    { "not twice the same second",
      { { 17, 100, &bad, THRASH_WATCH }, { 1, 100, &bad, THRASH_THRASH } } },
    { "a report of long ago is none of two seconds",
      { { 1, 10000, &bad, THRASH_WATCH }, { 1, 1000, &bad, THRASH_THRASH } } },
    { "one that is dire all through is",
      { { 1, 5000, &dire, THRASH_THRASH } } },
    { "one second now and then is not thrashing",
      { { 1, 1000, &bad, THRASH_WATCH },
        { 1, 1000, &uneasy, THRASH_WATCH },
        { 1, 1000, &bad, THRASH_WATCH },
        { 1, 1000, &uneasy, THRASH_WATCH },
        { 1, 1000, &bad, THRASH_WATCH },
        { 1, 1000, &watch, THRASH_WATCH } } },
    { "two of three are",
      { { 1, 1000, &bad, THRASH_WATCH },
        { 1, 500, &uneasy, THRASH_WATCH },
        { 1, 1000, &bad, THRASH_WATCH },
        { 1, 500, &uneasy, THRASH_WATCH },
        { 1, 1000, &bad, THRASH_THRASH } } },
    { "it does not flap: calm has to last",
      { { 2, 1000, &bad, THRASH_THRASH },
        { 9, 1000, &calm, THRASH_THRASH },
        { 1, 1000, &watch, THRASH_THRASH },
        { 9, 1000, &calm, THRASH_THRASH },
        { 1, 1000, &uneasy, THRASH_THRASH },
        { 10, 1000, &calm, THRASH_HEALTHY },
        { 1, 1000, &bad, THRASH_WATCH },
        { 1, 1000, &bad, THRASH_THRASH } } },
    { "a heartbeat is enough of it",
      { { 2, 1000, &bad, THRASH_THRASH },
        { 1, 1000, &calm, THRASH_THRASH },
        { 1, 10000, &calm, THRASH_HEALTHY } } },
    { "a file scan is well, however long",
      { { 600, 1000, &scan, THRASH_HEALTHY },
        { 1, 60000, &scan, THRASH_HEALTHY } } },
    { "after two minutes it is sustained",
      { { 121, 1000, &bad, THRASH_THRASH },
        { 1, 1000, &bad, THRASH_SUSTAINED },
        { 10, 1000, &calm, THRASH_HEALTHY } } },
    { "30 s with next to nothing else are an emergency, and end as slowly",
      { { 29, 1000, &dire, THRASH_THRASH },
        { 1, 1000, &dire, THRASH_EMERGENCY },
        { 29, 1000, &bad, THRASH_EMERGENCY },
        { 1, 1000, &bad, THRASH_THRASH },
        { 100, 1000, &bad, THRASH_SUSTAINED },
        { 30, 1000, &dire, THRASH_EMERGENCY },
        { 10, 1000, &calm, THRASH_HEALTHY } } },
    { "silence ends nothing at once",
      { { 2, 1000, &bad, THRASH_THRASH },
        { 60, 1000, NULL, THRASH_THRASH },
        { 1, 1000, NULL, THRASH_HEALTHY } } },
    { "nor does it begin anything",
      { { 1, 1000, &bad, THRASH_WATCH },
        { 60, 1000, NULL, THRASH_WATCH },
        { 1, 1000, NULL, THRASH_HEALTHY },
        { 1, 1000, &bad, THRASH_WATCH } } },
    { "it was heard of again",
      { { 2, 1000, &bad, THRASH_THRASH },
        { 50, 1000, NULL, THRASH_THRASH },
        { 1, 1000, &uneasy, THRASH_THRASH },
        { 60, 1000, NULL, THRASH_THRASH } } },
    { "seen from outside, both ways",
      { { 1, 1000, &vbd_round, THRASH_WATCH },
        { 1, 1000, &vbd_round, THRASH_THRASH } } },
    { "who wakes up only reads",
      { { 8, 1000, &vbd_in, THRASH_WATCH },
        { 1, 1000, &vbd_in, THRASH_THRASH } } },
    { "a word is true now",
      { { 1, 10, &word_low, THRASH_THRASH },
        { 9, 1000, &calm, THRASH_THRASH } } },
};

START_TEST(test_states_follow_the_course_of_time)
{
    const struct series_row *row = &series_rows[_i];
    struct thrash t = { 0 };
    uint64_t now_ms = 1000000;

    for (unsigned i = 0; i < 10 && row->moments[i].times > 0; i++) {
        const struct moment *m = &row->moments[i];

        for (unsigned n = 0; n < m->times; n++) {
            struct thrash_signs s = m->signs ? *m->signs : calm;

            now_ms += m->span_ms;
            s.span_ms = m->span_ms;
            thrash_judge(&t, m->signs ? &s : NULL, now_ms);
        }
        ck_assert_msg(t.state == m->expect, "%s, moment %u: %s, not %s",
                      row->name, i, thrash_state_name(t.state),
                      thrash_state_name(m->expect));
        ck_assert_int_eq(thrash_is_thrashing(&t), m->expect >= THRASH_THRASH);
    }
}
END_TEST

/* How often it is asked in between does not matter. */
START_TEST(test_calls_do_not_count)
{
    struct thrash t = { 0 };

    for (uint64_t ms = 1000; ms < 40000; ms += 20)
        thrash_judge(&t, ms == 1000 ? &bad : NULL, ms);
    ck_assert_int_eq(t.state, THRASH_WATCH);
    thrash_judge(&t, &bad, 40000);
    ck_assert_int_eq(t.state, THRASH_THRASH);
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_signs_are_read_by_the_table, sign_rows);
    UNIT_ADD_ROWS(tests, test_stalls_weigh_by_what_comes_back, weight_rows);
    UNIT_ADD_ROWS(tests, test_states_follow_the_course_of_time, series_rows);
    tcase_add_test(tests, test_calls_do_not_count);
}

int
main(void)
{
    return unit_run("thrash", add);
}
