/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What engines share: options, memory of guests, plans that fit. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "util/units.h"
#include "xbp-level.h"
#include "xbp-memory.h"
#include "xbp-option.h"
#include "xbp-util.h"

struct kept {
    struct xbp_options options;
    uint64_t size_kib, time_ms, part;
};

static const struct xbp_option table[] = {
    { "size", XBP_OPTION_SIZE, offsetof(struct kept, size_kib), "1MiB", "1TiB",
      "200MiB" },
    { "time", XBP_OPTION_TIME, offsetof(struct kept, time_ms), "1s", "1d",
      "10s" },
    { "part", XBP_OPTION_NUMBER, offsetof(struct kept, part), "0", "0.99",
      "75%" },
    { NULL, XBP_OPTION_NUMBER, 0, NULL, NULL, NULL },
};

static const struct option_row {
    const char *key, *value;
    uint64_t size_kib, time_ms, part;
    const char *error; /* NULL: none */
} option_rows[] = {
    { "size", "1GiB", 1048576, 10000, 7500, NULL },
    { "size", "1.5gib", 1572864, 10000, 7500, NULL },
    { "size", "1048577", 1025, 10000, 7500, NULL },
    { "size", "2M", 2048, 10000, 7500, NULL },
    { "time", "1500ms", 204800, 1500, 7500, NULL },
    { "time", "2.5", 204800, 2500, 7500, NULL },
    { "time", "1d", 204800, 86400000, 7500, NULL },
    { "part", "0.0001", 204800, 10000, 1, NULL },
    { "part", "99%", 204800, 10000, 9900, NULL },
    { "part", "0", 204800, 10000, 0, NULL },
    { "part", "1", 204800, 10000, 7500,
      "expected a number from 0 to 0.99, not '1'" },
    { "part", "0.00001", 204800, 10000, 7500,
      "expected a number from 0 to 0.99, not '0.00001'" },
    { "part", "-1", 204800, 10000, 7500,
      "expected a number from 0 to 0.99, not '-1'" },
    { "part", ".5", 204800, 10000, 7500,
      "expected a number from 0 to 0.99, not '.5'" },
    { "part", "0.", 204800, 10000, 7500,
      "expected a number from 0 to 0.99, not '0.'" },
    { "part", "nan", 204800, 10000, 7500,
      "expected a number from 0 to 0.99, not 'nan'" },
    { "size", "1", 204800, 10000, 7500,
      "expected a size from 1MiB to 1TiB, not '1'" },
    { "size", "99999999999999999999TiB", 204800, 10000, 7500,
      "expected a size from 1MiB to 1TiB, not '99999999999999999999TiB'" },
    { "size", "9223372036854TiB", 204800, 10000, 7500,
      "expected a size from 1MiB to 1TiB, not '9223372036854TiB'" },
    { "size", "1s", 204800, 10000, 7500,
      "expected a size from 1MiB to 1TiB, not '1s'" },
    { "time", "10 s", 204800, 10000, 7500,
      "expected a time from 1s to 1d, not '10 s'" },
    { "speed", "1", 204800, 10000, 7500,
      "there is no such option; there are: size, time, part" },
};

START_TEST(test_options_are_numbers_with_units)
{
    const struct option_row *row = &option_rows[_i];
    struct kept *kept = xbp_option_create(sizeof(*kept), table);
    char error[128] = "";
    int r;

    ck_assert_ptr_nonnull(kept);
    r = xbp_option_config(kept, row->key, row->value, error, sizeof(error));
    ck_assert_str_eq(error, row->error ? row->error : "");
    ck_assert_int_eq(r, row->error ? -1 : 0);
    ck_assert_uint_eq(kept->size_kib, row->size_kib);
    ck_assert_uint_eq(kept->time_ms, row->time_ms);
    ck_assert_uint_eq(kept->part, row->part);
    free(kept);
}
END_TEST

/* A snapshot of named guests. */
#define GUESTS 4

static struct xbp_guest guests[GUESTS];
static const struct xbp_guest *pointers[GUESTS];
static struct xbp_snapshot snapshot;

static void
setup(void)
{
    memset(guests, 0, sizeof(guests));
    snapshot = (struct xbp_snapshot){
        ._struct_size = sizeof(snapshot),
        .now_ms = 1000,
        .guests = pointers,
    };
    for (size_t i = 0; i < GUESTS; i++)
        pointers[i] = &guests[i];
}

static void
show(const char *uuid, uint32_t domid)
{
    guests[snapshot.n_guests++] = (struct xbp_guest){
        ._struct_size = sizeof(struct xbp_guest),
        .uuid = uuid,
        .domid = domid,
        .flags = uuid[0] ? 0 : XBP_GUEST_RESERVATION,
        .available_kib = XBP_UNKNOWN,
        .sample_age_ms = XBP_UNKNOWN,
    };
}

/* The numbers that were written into the entries of the guests shown. */
static void
remembers(struct xbp_memory *m, const char *expected)
{
    char text[64] = "";

    ck_assert_int_eq(xbp_memory_begin(m, &snapshot), 0);
    for (size_t i = 0; i < snapshot.n_guests; i++) {
        const char *entry = xbp_memory_of(m, i);

        text[i] = *entry ? *entry : '-';
    }
    ck_assert_str_eq(text, expected);
}

static void
write_down(struct xbp_memory *m, const char *letters)
{
    for (size_t i = 0; letters[i]; i++)
        *(char *)xbp_memory_of(m, i) = letters[i];
    snapshot.n_guests = 0;
}

START_TEST(test_guests_are_remembered_by_uuid)
{
    struct xbp_memory *m = xbp_memory_new(1);

    ck_assert_ptr_nonnull(m);
    show("a", 1);
    show("b", 2);
    show("c", 3);
    remembers(m, "---");
    write_down(m, "abc");
    /* b is away, a comes back with another domid, d is new */
    show("c", 3);
    show("a", 7);
    show("d", 8);
    snapshot.now_ms = 5000;
    remembers(m, "ca-");
    ck_assert_uint_eq(xbp_memory_boot_ms(m, 0), 1000);
    ck_assert_uint_eq(xbp_memory_boot_ms(m, 1), 5000);
    ck_assert_uint_eq(xbp_memory_boot_ms(m, 2), 5000);
    write_down(m, "cad");
    show("b", 2);
    show("d", 8);
    remembers(m, "bd");
    ck_assert_ptr_null(xbp_memory_of(m, 2));
    xbp_memory_free(m);
}
END_TEST

START_TEST(test_reservations_and_the_missing_are_forgotten)
{
    struct xbp_memory *m = xbp_memory_new(1);

    show("a", 1);
    show("b", 2);
    show("", 0);
    remembers(m, "---");
    write_down(m, "abr");
    show("a", 1);
    show("", 0);
    snapshot.now_ms += XBP_MEMORY_FORGET_MS;
    remembers(m, "a-");
    write_down(m, "ar");
    snapshot.now_ms += 1;
    show("b", 2);
    show("a", 1);
    remembers(m, "-a");
    xbp_memory_free(m);
}
END_TEST

START_TEST(test_twins_have_an_entry_each)
{
    struct xbp_memory *m = xbp_memory_new(1);

    show("a", 1);
    show("a", 2);
    remembers(m, "--");
    write_down(m, "xy");
    show("a", 1);
    show("a", 2);
    remembers(m, "xy");
    xbp_memory_free(m);
}
END_TEST

struct amounts {
    uint64_t lower, upper, keep, wish, planned;
};

static const struct fit_row {
    uint64_t budget;
    struct amounts guests[GUESTS];
} fit_rows[] = {
    /* enough for all; bounds hold */
    { 1000,
      { { 10, 100, 0, 50, 50 },
        { 10, 100, 0, 5, 10 },
        { 10, 100, 0, 500, 100 } } },
    /* what is above keep is taken first, in proportion */
    { 250,
      { { 10, 200, 100, 200, 150 },
        { 10, 200, 50, 150, 100 },
        { 0, 0, 0, 0, 0 } } },
    { 200, { { 10, 200, 80, 100, 90 }, { 10, 200, 100, 120, 110 }, { 0 } } },
    /* then everything above the lower bound */
    { 120, { { 10, 200, 100, 200, 66 }, { 10, 200, 80, 150, 53 }, { 0 } } },
    /* and no more than that */
    { 5, { { 10, 200, 100, 200, 10 }, { 20, 200, 80, 150, 20 }, { 0 } } },
    /* amounts that cannot be added */
    { 0,
      { { 0, UINT64_MAX, 0, UINT64_MAX, 0 },
        { 0, UINT64_MAX, 0, UINT64_MAX, 0 } } },
};

static uint64_t
keep(void *ctx, const struct xbp_snapshot *s, uint64_t i)
{
    const struct fit_row *row = ctx;

    (void)s;
    return row->guests[i].keep;
}

START_TEST(test_plans_are_made_to_fit)
{
    const struct fit_row *row = &fit_rows[_i];
    struct fit_row copy = *row;
    uint64_t wishes[GUESTS], sum = 0, lowest = 0;

    snapshot.budget_kib = row->budget;
    for (size_t i = 0; i < GUESTS; i++) {
        show("x", (uint32_t)i);
        guests[i].lower_kib = row->guests[i].lower;
        guests[i].upper_kib = row->guests[i].upper;
        wishes[i] = row->guests[i].wish;
        lowest += row->guests[i].lower;
    }
    xbp_fit(&snapshot, keep, &copy, wishes);
    for (size_t i = 0; i < GUESTS; i++) {
        /* It is rounded by a KiB a guest and round. */
        ck_assert_uint_le(wishes[i], row->guests[i].planned);
        ck_assert_uint_ge(wishes[i] + 2, row->guests[i].planned);
        sum += wishes[i];
    }
    ck_assert(sum <= row->budget || sum == lowest);
}
END_TEST

START_TEST(test_reservations_get_what_is_left)
{
    uint64_t wishes[3] = { 300, 0, 100 };

    show("a", 1);
    show("", 0);
    show("b", 2);
    guests[1].lower_kib = 50;
    guests[1].upper_kib = 500;
    snapshot.budget_kib = 600;
    xbp_give_reservations(&snapshot, wishes);
    ck_assert_uint_eq(wishes[1], 200);
    snapshot.budget_kib = 410;
    xbp_give_reservations(&snapshot, wishes);
    ck_assert_uint_eq(wishes[1], 50);
    snapshot.budget_kib = 2000;
    xbp_give_reservations(&snapshot, wishes);
    ck_assert_uint_eq(wishes[1], 500);
}
END_TEST

static const struct used_row {
    uint64_t age_ms, used_kib, available_kib, expected_kib;
} used_rows[] = {
    { 0, 600, 100, 600 },
    { XBP_STALE_MS, 600, 100, 600 },
    /* old, or not told: what the guest writes without an agent */
    { XBP_STALE_MS + 1, 600, 100, 900 },
    { 0, XBP_UNKNOWN, 100, 900 },
    { XBP_UNKNOWN, XBP_UNKNOWN, 1001, 0 },
    { XBP_UNKNOWN, XBP_UNKNOWN, XBP_UNKNOWN, XBP_UNKNOWN },
    /* nobody uses more than there is */
    { 0, 1001, 100, 1000 },
};

START_TEST(test_used_is_what_was_told_last)
{
    const struct used_row *row = &used_rows[_i];

    show("a", 1);
    guests[0].actual_kib = 1000;
    guests[0].sample_age_ms = row->age_ms;
    guests[0].used_kib = row->used_kib;
    guests[0].available_kib = row->available_kib;
    ck_assert_uint_eq(xbp_used_kib(&guests[0]), row->expected_kib);
    guests[0]._struct_size = offsetof(struct xbp_guest, sample_age_ms);
    ck_assert_uint_eq(xbp_used_kib(&guests[0]),
                      row->available_kib == XBP_UNKNOWN
                          ? XBP_UNKNOWN
                          : sat_sub(1000, row->available_kib));
}
END_TEST

struct cliff {
    uint64_t edge; /* the first level at which it does not fit */
    unsigned looks;
};

static bool
is_before_edge(const void *ctx, uint64_t level)
{
    struct cliff *const *c = ctx;

    (*c)->looks++;
    return level < (*c)->edge;
}

static const struct highest_row {
    uint64_t edge, most, guess, level;
    unsigned looks; /* no more than that */
} highest_rows[] = {
    { 0, 0, 0, 0, 1 },
    { 0, 1000, 1000, 0, 20 },
    { 1, 1000, 0, 0, 2 },
    { 1, 1000, 1000, 0, 20 },
    { 500, 1000, 499, 499, 2 },
    { 500, 1000, 498, 499, 12 },
    { 500, 1000, 500, 499, 2 },
    { 500, 1000, UINT64_MAX, 499, 20 },
    { 1001, 1000, 1000, 1000, 1 },
    { 2000, 1000, 7, 1000, 20 },
    { UINT64_MAX, 1ull << 40, 0, 1ull << 40, 60 },
    { 1ull << 39, 1ull << 40, 0, (1ull << 39) - 1, 60 },
    { (1ull << 39) + 200, 1ull << 40, 1ull << 39, (1ull << 39) + 199, 12 },
    { (1ull << 39) - 200, 1ull << 40, 1ull << 39, (1ull << 39) - 201, 12 },
    { UINT64_MAX, UINT64_MAX - 1, 3, UINT64_MAX - 1, 90 },
};

START_TEST(test_the_highest_is_found_from_any_guess)
{
    const struct highest_row *row = &highest_rows[_i];
    struct cliff cliff = { .edge = row->edge }, *ctx = &cliff;

    ck_assert_uint_eq(xbp_highest(is_before_edge, &ctx, row->most, row->guess),
                      row->level);
    ck_assert_uint_le(cliff.looks, row->looks);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    UNIT_ADD_ROWS(tests, test_options_are_numbers_with_units, option_rows);
    tcase_add_test(tests, test_guests_are_remembered_by_uuid);
    tcase_add_test(tests, test_reservations_and_the_missing_are_forgotten);
    tcase_add_test(tests, test_twins_have_an_entry_each);
    UNIT_ADD_ROWS(tests, test_plans_are_made_to_fit, fit_rows);
    tcase_add_test(tests, test_reservations_get_what_is_left);
    UNIT_ADD_ROWS(tests, test_used_is_what_was_told_last, used_rows);
    UNIT_ADD_ROWS(tests, test_the_highest_is_found_from_any_guess,
                  highest_rows);
}

int
main(void)
{
    return unit_run("xbp", add);
}
