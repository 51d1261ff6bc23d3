/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much can be lent, and what comes back first. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "pool.h"
#include "unit.h"

#define MIB UINT64_C(1024)

static const struct {
    uint64_t promised_kib;
    uint64_t slack_kib;
    uint64_t growth_kib;
} growth_rows[] = {
    { 0, 0, 0 },
    { 1, 0, MIB },
    { MIB, 0, MIB },
    { MIB + 1, 0, 2 * MIB },
    { 5 * MIB, 8 * MIB, 0 },
    { 8 * MIB + 4, 8 * MIB, MIB },
};

START_TEST(test_domain_0_grows_by_what_is_lent_beyond_the_slack)
{
    ck_assert_uint_eq(pool_growth_kib(growth_rows[_i].promised_kib,
                                      growth_rows[_i].slack_kib),
                      growth_rows[_i].growth_kib);
}
END_TEST

static const struct {
    const char *what;
    struct pool_facts f;
    uint64_t lendable_kib;
} lendable_rows[] = {
    { "nothing is lent", { 0, 0, 0, 9 * MIB, 9 * MIB, 0 }, 0 },
    { "all of it", { 8 * MIB, 0, 0, 99 * MIB, 99 * MIB, 0 }, 8 * MIB },
    { "the rest",
      { 8 * MIB, 3 * MIB, 0, 99 * MIB, 99 * MIB, 3 * MIB },
      5 * MIB },
    { "what is spare", { 8 * MIB, 0, 0, 2 * MIB, 99 * MIB, 0 }, 2 * MIB },
    { "whole MiB of it", { 8 * MIB, 0, 0, 2 * MIB - 1, 99 * MIB, 0 }, MIB },
    { "as far as it grows", { 8 * MIB, 0, 0, 99 * MIB, MIB, 0 }, MIB },
    { "it cannot grow", { 8 * MIB, 0, 0, 99 * MIB, 0, 0 }, 0 },
    { "slack", { 8 * MIB, 0, 3 * MIB, 0, 0, 0 }, 3 * MIB },
    { "slack in use", { 8 * MIB, 2 * MIB, 3 * MIB, 0, 0, 0 }, MIB },
    { "slack and more", { 8 * MIB, 0, 3 * MIB, MIB, MIB, 0 }, 4 * MIB },
    { "grown already", { 8 * MIB, MIB / 2, 0, 0, 0, MIB }, MIB / 2 },
    { "less than is lent",
      { MIB, 3 * MIB, 0, 99 * MIB, 99 * MIB, 3 * MIB },
      0 },
    { "more than it has", { 8 * MIB, 9 * MIB, MIB, 0, 0, MIB }, 0 },
};

START_TEST(test_what_can_be_lent)
{
    uint64_t kib = pool_lendable_kib(&lendable_rows[_i].f);

    if (kib != lendable_rows[_i].lendable_kib)
        ck_abort_msg("%s: %llu KiB", lendable_rows[_i].what,
                     (unsigned long long)kib);
}
END_TEST

/* Whatever is lent then, domain 0 has it, and the host could spare it. */
START_TEST(test_what_can_be_lent_is_there)
{
    struct pool_facts f = { .lend_max_kib = 64 * MIB };
    unsigned int seed = 1;
    int i;

    for (i = 0; i < 10000; i++) {
        uint64_t growth_kib;

        f.promised_kib = (uint64_t)rand_r(&seed) % (64 * MIB);
        f.slack_kib = (uint64_t)rand_r(&seed) % (64 * MIB);
        f.spare_kib = (uint64_t)rand_r(&seed) % (64 * MIB);
        f.room_kib = (uint64_t)rand_r(&seed) % (64 * MIB);
        f.grown_kib = pool_growth_kib(f.promised_kib, f.slack_kib);
        growth_kib = pool_growth_kib(f.promised_kib + pool_lendable_kib(&f),
                                     f.slack_kib);
        ck_assert_uint_le(growth_kib, f.grown_kib + f.spare_kib);
        ck_assert_uint_le(growth_kib, f.grown_kib + f.room_kib);
        ck_assert_uint_le(f.promised_kib + pool_lendable_kib(&f),
                          f.lend_max_kib);
    }
}
END_TEST

START_TEST(test_what_was_idle_longest_comes_back_until_it_is_enough)
{
    struct lent *lent = calloc(1, sizeof(*lent));
    static const struct {
        const char *peer;
        uint64_t idle_s;
    } leases[] = { { "a", 5 }, { "", 99 }, { "b", 50 }, { "a", 7 } };
    struct lent_lease *l;

    ck_assert_ptr_null(pool_next_recall(lent, 1));
    for (lent->n = 0; lent->n < 4; lent->n++) {
        l = &lent->list[lent->n];
        snprintf(l->peer, sizeof(l->peer), "%s", leases[lent->n].peer);
        l->idle_s = leases[lent->n].idle_s;
        l->quota_kib = 10;
    }
    ck_assert_ptr_null(pool_next_recall(lent, 0));
    l = pool_next_recall(lent, 15);
    ck_assert_ptr_eq(l, &lent->list[2]);
    lent_recall(l, 0);
    ck_assert_ptr_null(pool_next_recall(lent, 10));
    l = pool_next_recall(lent, 15);
    ck_assert_ptr_eq(l, &lent->list[3]);
    lent_recall(l, 0);
    ck_assert_ptr_null(pool_next_recall(lent, 15));
    l = pool_next_recall(lent, 100);
    ck_assert_ptr_eq(l, &lent->list[0]);
    lent_recall(l, 0);
    /* Nobody can be asked for the one that was made by hand. */
    ck_assert_ptr_null(pool_next_recall(lent, 100));
    free(lent);
}
END_TEST

#define TABLES (9 + 3 * 12) /* of 9 MiB in three leases */

static const struct {
    enum pool_stays when;
    uint64_t kib;
} stays_rows[] = {
    { POOL_STAYS_NOW, 9 * MIB + TABLES },
    { POOL_STAYS_SOON, (4 + 2) * MIB + 4 + 2 + 2 * 12 },
    { POOL_STAYS_EVER, 2 * MIB + 2 + 12 },
};

START_TEST(test_what_stays_is_counted)
{
    struct lent *lent = calloc(1, sizeof(*lent));

    ck_assert_ptr_nonnull(lent);
    ck_assert_uint_eq(pool_stays_kib(lent, stays_rows[_i].when), 0);
    lent->list[0] = (struct lent_lease){ .peer = "a", .quota_kib = 4 * MIB };
    lent->list[1] = (struct lent_lease){ .peer = "b", .quota_kib = 3 * MIB };
    lent->list[2] = (struct lent_lease){ .peer = "", .quota_kib = 2 * MIB };
    lent->list[0].is_overdue = true;
    lent->n = 3;
    ck_assert_uint_eq(pool_stays_kib(lent, stays_rows[_i].when),
                      stays_rows[_i].kib);
    free(lent);
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_domain_0_grows_by_what_is_lent_beyond_the_slack,
                  growth_rows);
    UNIT_ADD_ROWS(tests, test_what_can_be_lent, lendable_rows);
    tcase_add_test(tests, test_what_can_be_lent_is_there);
    UNIT_ADD_ROWS(tests, test_what_stays_is_counted, stays_rows);
    tcase_add_test(tests,
                   test_what_was_idle_longest_comes_back_until_it_is_enough);
}

int
main(void)
{
    return unit_run("pool", add);
}
