/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what is lent: names, listings, and leases that are wanted
 * back. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lent-text.h"
#include "lent.h"
#include "unit.h"

static struct lent *lent;
static unsigned int n_gone;
static uint64_t gone_number;

static void
setup(void)
{
    lent = calloc(1, sizeof(*lent));
    ck_assert_ptr_nonnull(lent);
    n_gone = 0;
}

static void
teardown(void)
{
    free(lent);
}

static const struct {
    const char *label;
    const char *peer;
    const char *volume;
} label_rows[] = {
    { "host2/web", "host2", "web" },
    { "h.x-1/11111111-1111-4111-8111-111111111111:0", "h.x-1",
      "11111111-1111-4111-8111-111111111111:0" },
    { "by hand", "", "by hand" },
    { "", "", "" },
    { "/x", "", "/x" },
    { "host2/", "", "host2/" },
    { "host2/a/b", "", "host2/a/b" },
    { "ho st/web", "", "ho st/web" },
};

START_TEST(test_labels_are_split)
{
    struct lent_lease l;

    lent_split(label_rows[_i].label, &l);
    ck_assert_str_eq(l.peer, label_rows[_i].peer);
    ck_assert_str_eq(l.volume, label_rows[_i].volume);
}
END_TEST

START_TEST(test_the_longest_label_comes_back)
{
    char peer[PEER_NAME_SIZE] = "", volume[LEASE_VOLUME_SIZE] = "";
    char label[LENT_LABEL_SIZE];
    struct lent_lease l;

    memset(peer, 'p', sizeof(peer) - 1);
    memset(volume, 'v', sizeof(volume) - 1);
    lent_label(peer, volume, label);
    lent_split(label, &l);
    ck_assert_str_eq(l.peer, peer);
    ck_assert_str_eq(l.volume, volume);
}
END_TEST

static void
count_gone(void *arg, const struct lent_lease *l)
{
    ck_assert_ptr_eq(arg, lent);
    n_gone++;
    gone_number = l->number;
}

/* A listing of so many, beginning with first. */
static void
list(unsigned int first, unsigned int n)
{
    unsigned int i;

    lent_begin(lent);
    for (i = first; i < first + n; i++) {
        struct lent_lease l = { .number = i, .peer = "p", .size_kib = i };

        snprintf(l.token, sizeof(l.token), "%032u", i);
        snprintf(l.volume, sizeof(l.volume), "v%u", i);
        lent_take(lent, &l);
    }
    lent_end(lent, count_gone, lent);
}

START_TEST(test_a_listing_replaces_the_one_before)
{
    list(1, 3);
    ck_assert_uint_eq(lent->n, 3);
    list(2, 3);
    ck_assert_uint_eq(lent->n, 3);
    ck_assert_uint_eq(n_gone, 1);
    ck_assert_uint_eq(gone_number, 1);
    ck_assert_ptr_null(lent_find_number(lent, 1));
    ck_assert_uint_eq(lent_find_number(lent, 4)->size_kib, 4);
    ck_assert_uint_eq(lent_find(lent, "p", "v3")->number, 3);
    ck_assert_ptr_null(lent_find(lent, "q", "v3"));
    ck_assert_uint_eq(lent_count(lent, "p"), 3);
    list(9, 0);
    ck_assert_uint_eq(lent->n, 0);
    ck_assert_uint_eq(n_gone, 4);
}
END_TEST

START_TEST(test_more_leases_than_there_can_be_are_left_out)
{
    list(1, LENT_MAX + 5);
    ck_assert_uint_eq(lent->n, LENT_MAX);
}
END_TEST

START_TEST(test_a_recall_outlives_a_listing_and_is_told_once)
{
    list(1, 2);
    lent_recall(lent_find_number(lent, 2), 1000);
    list(1, 2);
    ck_assert(lent_find_number(lent, 2)->is_recalled);
    ck_assert(!lent_find_number(lent, 1)->is_recalled);
    ck_assert_ptr_null(lent_overdue(lent, 999));
    ck_assert_uint_eq(lent_overdue(lent, 1000)->number, 2);
    ck_assert_ptr_null(lent_overdue(lent, 2000));
    list(1, 2);
    ck_assert_ptr_null(lent_overdue(lent, 2000));
    /* Asked for again: there is a new end. */
    lent_recall(lent_find_number(lent, 2), 3000);
    ck_assert_ptr_null(lent_overdue(lent, 2999));
    ck_assert_uint_eq(lent_overdue(lent, 3000)->number, 2);
}
END_TEST

static const struct {
    const char *text;
    int r;
} recall_rows[] = {
    { "p/v2 1234", 0 },     { "p/v2 0", 0 },         { "p/v2 ", -EINVAL },
    { "p/v2", -EINVAL },    { "p/v 1234", -EINVAL }, { "p/v22 1", -EINVAL },
    { "p/v2 -1", -EINVAL }, { "p/v2 1 2", -EINVAL }, { "q/v2 7", -EINVAL },
    { "", -EINVAL },        { " 7", -EINVAL },
};

START_TEST(test_a_recall_is_taken_by_its_own_lease_only)
{
    list(1, 2);
    ck_assert_int_eq(lent_recall_parse(recall_rows[_i].text,
                                       lent_find_number(lent, 2)),
                     recall_rows[_i].r);
    ck_assert_int_eq(lent_find_number(lent, 2)->is_recalled,
                     recall_rows[_i].r == 0);
}
END_TEST

START_TEST(test_a_recall_comes_back)
{
    struct lent_lease *l;
    char text[LENT_RECALL_SIZE];

    list(1, 1);
    l = lent_find_number(lent, 1);
    lent_recall(l, UINT64_MAX);
    lent_recall_format(l, text);
    ck_assert_str_eq(text, "p/v1 18446744073709551615");
    l->is_recalled = false;
    l->recall_ms = 0;
    ck_assert_int_eq(lent_recall_parse(text, l), 0);
    ck_assert(l->is_recalled);
    ck_assert_uint_eq(l->recall_ms, UINT64_MAX);
}
END_TEST

static const struct {
    bool is_up;
    uint64_t lend_max_kib;
    uint64_t memory_kib;
    uint64_t promised_kib;
    uint64_t free_kib;
} free_rows[] = {
    { true, 100, 100, 0, 75 },  { true, 100, 100, 20, 75 },
    { true, 100, 100, 30, 70 }, { true, 100, 50, 30, 20 },
    { true, 50, 100, 30, 20 },  { true, 50, 100, 60, 0 },
    { true, 0, 100, 0, 0 },     { false, 100, 100, 0, 0 },
};

START_TEST(test_what_can_be_lent)
{
    lent->room_kib = 75;
    lent->pool.is_up = free_rows[_i].is_up;
    lent->lend_max_kib = free_rows[_i].lend_max_kib;
    lent->pool.memory_kib = free_rows[_i].memory_kib;
    lent->pool.promised_kib = free_rows[_i].promised_kib;
    ck_assert_uint_eq(lent_free_kib(lent), free_rows[_i].free_kib);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    UNIT_ADD_ROWS(tests, test_labels_are_split, label_rows);
    tcase_add_test(tests, test_the_longest_label_comes_back);
    tcase_add_test(tests, test_a_listing_replaces_the_one_before);
    tcase_add_test(tests, test_more_leases_than_there_can_be_are_left_out);
    tcase_add_test(tests, test_a_recall_outlives_a_listing_and_is_told_once);
    UNIT_ADD_ROWS(tests, test_a_recall_is_taken_by_its_own_lease_only,
                  recall_rows);
    tcase_add_test(tests, test_a_recall_comes_back);
    UNIT_ADD_ROWS(tests, test_what_can_be_lent, free_rows);
}

int
main(void)
{
    return unit_run("lent", add);
}
