/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which lender is asked for a volume's memory, and what is said if none is. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"
#include "swap-lease.h"
#include "swap-lend.h"
#include "tick.h"
#include "unit.h"

#define MIB    UINT64_C(1024)
#define MS     UINT64_C(1000)
#define VOLUME "22222222-2222-4222-8222-222222222222"

/* Lenders that do what a row of a table says. */
struct fake {
    struct swap_lend base;
    const struct swap_lender *lenders;
    size_t n;
    const char *recalls; /* it wants all back; NULL */
    char asked[4][SWAP_LENDER_SIZE];
    size_t n_asked;
    struct swap_lend_answer answer;
    bool is_answered;
};

static struct fake fake;
static struct balancer *b;
static struct swap_volume *v;

static bool
fake_get(struct swap_lend *lend, size_t i, struct swap_lender *ret)
{
    (void)lend;
    if (i >= fake.n)
        return false;
    *ret = fake.lenders[i];
    return true;
}

static int
fake_ask(struct swap_lend *lend, const struct swap_volume *of,
         const char *lender)
{
    (void)lend;
    (void)of;
    ck_assert_uint_lt(fake.n_asked, 4);
    snprintf(fake.asked[fake.n_asked++], SWAP_LENDER_SIZE, "%s", lender);
    return 0;
}

static bool
fake_next(struct swap_lend *lend, struct swap_lend_answer *ret)
{
    bool is_there = fake.is_answered;

    (void)lend;
    fake.is_answered = false;
    *ret = fake.answer;
    return is_there;
}

static bool
fake_is_recalled(struct swap_lend *lend, const char *volume, const char *lender)
{
    (void)lend;
    (void)volume;
    return fake.recalls && strcmp(fake.recalls, lender) == 0;
}

static const struct swap_lend_ops fake_ops = {
    .get = fake_get,
    .ask = fake_ask,
    .next = fake_next,
    .is_recalled = fake_is_recalled,
};

static void
setup(void)
{
    fake = (struct fake){ .base.ops = &fake_ops };
    b = calloc(1, sizeof(*b));
    ck_assert_ptr_nonnull(b);
    b->swap.lend = &fake.base;
    v = swap_new(&b->swap);
    ck_assert_ptr_nonnull(v);
    memcpy(v->uuid, VOLUME, sizeof(VOLUME));
    v->size_kib = 64 * MIB;
    v->n_legs = 2;
    snprintf(v->legs[1], sizeof(v->legs[1]), "file:/var/swap");
}

static void
teardown(void)
{
    swap_done(&b->swap);
    free(b);
}

/* --- the choice ----------------------------------------------------------- */

#define COST (64 * MIB + 64 + 12) /* of 64 MiB, with tables */

static const struct {
    const char *what;
    struct swap_lender lenders[3];
    const char *peer;
    const char *recalls;
    const char *chosen; /* NULL: nobody */
    const char *words;
} choices[] = {
    { "nobody is there", { { 0 } }, "", NULL, NULL, ": there is no peer" },
    { "the one that is there",
      { { "a", true, "", COST, 0 } },
      "",
      NULL,
      "a",
      NULL },
    { "tables count",
      { { "a", true, "", COST - 1, 0 } },
      "",
      NULL,
      NULL,
      "take 65612 KiB there; a has 65611 KiB" },
    { "each is told of",
      { { "a", true, "", MIB, 0 }, { "b", false, "no route", 0, 0 } },
      "",
      NULL,
      NULL,
      "; a has 1024 KiB; b is down (no route)" },
    { "who has most",
      { { "a", true, "", COST, 90 },
        { "b", true, "", 2 * COST, 900 },
        { "c", true, "", COST, 9 } },
      "",
      NULL,
      "b",
      NULL },
    { "who is near, although it has less",
      { { "a", true, "", 9 * COST, 20 * MS }, { "b", true, "", COST, MS / 2 } },
      "",
      NULL,
      "b",
      NULL },
    { "who is near but has nothing is of no use",
      { { "a", true, "", 9 * COST, 20 * MS }, { "b", true, "", MIB, MS / 2 } },
      "",
      NULL,
      "a",
      NULL },
    { "a little further is as near",
      { { "a", true, "", 9 * COST, 15 * MS }, { "b", true, "", COST, 9 * MS } },
      "",
      NULL,
      "a",
      NULL },
    { "who was named",
      { { "a", true, "", 9 * COST, 1 }, { "b", true, "", COST, 99 * MS } },
      "b",
      NULL,
      "b",
      NULL },
    { "who was named only",
      { { "a", true, "", 9 * COST, 1 }, { "b", true, "", MIB, 1 } },
      "b",
      NULL,
      NULL,
      "Peer b cannot lend 65536 KiB, which take 65612 KiB "
      "there; b has 1024 KiB" },
    { "who was named is nobody",
      { { "a", true, "", 9 * COST, 1 } },
      "x",
      NULL,
      NULL,
      "there: there is no such peer" },
    { "who wants it back is not asked again",
      { { "a", true, "", 9 * COST, 1 }, { "b", true, "", COST, 1 } },
      "",
      "a",
      "b",
      NULL },
    { "and says so",
      { { "a", true, "", 9 * COST, 1 } },
      "",
      "a",
      NULL,
      "; a wants its memory back" },
};

static void
take_lenders(const struct swap_lender *lenders, size_t most)
{
    fake.lenders = lenders;
    fake.n = 0;
    while (fake.n < most && lenders[fake.n].name)
        fake.n++;
}

START_TEST(test_a_lender_is_chosen)
{
    char lender[SWAP_LENDER_SIZE], error[SWAP_LEASE_ERROR_SIZE];
    int r;

    ck_assert_uint_eq(pool_cost_kib(v->size_kib), COST);
    take_lenders(choices[_i].lenders, 3);
    fake.recalls = choices[_i].recalls;
    snprintf(v->peer, sizeof(v->peer), "%s", choices[_i].peer);
    r = swap_lease_choose(b, v, lender, error);
    ck_assert_msg(r == (choices[_i].chosen ? 0 : -ENOENT), "%s: %d",
                  choices[_i].what, r);
    ck_assert_str_eq(lender, choices[_i].chosen ? choices[_i].chosen : "");
    if (choices[_i].words)
        ck_assert_msg(strstr(error, choices[_i].words) != NULL, "%s: %s",
                      choices[_i].what, error);
}
END_TEST

START_TEST(test_one_lender_does_not_keep_two_copies)
{
    static const struct swap_lender lenders[] = {
        { "a", true, "", 9 * COST, 1 }, { .name = NULL }
    };
    char lender[SWAP_LENDER_SIZE], error[SWAP_LEASE_ERROR_SIZE];

    take_lenders(lenders, 1);
    snprintf(v->legs[1], sizeof(v->legs[1]), "nbd:10.0.0.2:10809:x");
    snprintf(v->lenders[1], sizeof(v->lenders[1]), "a");
    ck_assert_int_eq(swap_lease_choose(b, v, lender, error), -ENOENT);
    ck_assert_ptr_nonnull(strstr(error, "; a has lent to it already"));
}
END_TEST

/* --- the asking ----------------------------------------------------------- */

static const struct swap_lender two[] = {
    { "a", true, "", 9 * COST, 1 },
    { "b", true, "", 2 * COST, 1 },
};
static enum volume_event happened;
static unsigned int n_happened;

static void
happens(struct balancer *of, struct swap_volume *what, enum volume_event event)
{
    (void)of;
    what->deed = VOLUME_DO_NOTHING;
    happened = event;
    n_happened++;
}

static void
begin_to_ask(void)
{
    take_lenders(two, 2);
    n_happened = 0;
    v->state = VOLUME_ASKING;
    v->deed = VOLUME_DO_ASK;
    ck_assert_int_eq(swap_lease_ask(b, v), 0);
}

static void
answer(const char *lender, const char *leg, const char *error)
{
    fake.answer = (struct swap_lend_answer){ .volume = VOLUME };
    snprintf(fake.answer.lender, SWAP_LENDER_SIZE, "%s", lender);
    snprintf(fake.answer.leg, VOLUME_LEG_SIZE, "%s", leg);
    snprintf(fake.answer.error, VOLUME_ERROR_SIZE, "%s", error);
    fake.is_answered = true;
    swap_lease_hear(b, happens);
}

START_TEST(test_what_is_lent_is_a_leg)
{
    begin_to_ask();
    answer("a", "nbd:10.0.0.2:10809:x", "");
    ck_assert_uint_eq(n_happened, 1);
    ck_assert_int_eq((int)happened, VOLUME_DONE);
    ck_assert_str_eq(v->legs[0], "nbd:10.0.0.2:10809:x");
    ck_assert_str_eq(v->lenders[0], "a");
    ck_assert_uint_eq(v->n_owed, 1);
}
END_TEST

START_TEST(test_who_refuses_is_followed_by_the_next)
{
    begin_to_ask();
    ck_assert_str_eq(fake.asked[0], "a");
    answer("a", "", "it is short itself");
    ck_assert_uint_eq(n_happened, 0);
    ck_assert_str_eq(fake.asked[1], "b");
    ck_assert_uint_eq(v->n_owed, 2);
    answer("b", "", "no");
    ck_assert_uint_eq(n_happened, 1);
    ck_assert_int_eq((int)happened, VOLUME_FAILED);
    ck_assert_str_eq(v->code, "no-lender");
    ck_assert_str_eq(v->error, "b: no");
    /* The next time, all are asked again. */
    begin_to_ask();
    ck_assert_str_eq(fake.asked[2], "a");
}
END_TEST

START_TEST(test_an_answer_that_nobody_waits_for_is_nothing)
{
    begin_to_ask();
    answer("b", "nbd:10.0.0.3:10809:x", "");
    ck_assert_uint_eq(n_happened, 0);
    ck_assert_uint_eq(fake.n_asked, 1);
    ck_assert_str_eq(v->legs[0], "");
    v->deed = VOLUME_DO_DETACH;
    answer("a", "nbd:10.0.0.2:10809:x", "");
    ck_assert_uint_eq(n_happened, 0);
    ck_assert_str_eq(v->legs[0], "");
}
END_TEST

START_TEST(test_a_refusal_has_numbers)
{
    static const struct swap_lender small[] = { { "a", true, "", MIB, 1 },
                                                { "b", true, "", 3, 1 } };

    take_lenders(small, 2);
    ck_assert_int_eq(swap_lease_ask(b, v), -ENOENT);
    ck_assert_str_eq(v->code, "no-lender");
    ck_assert_uint_eq(v->needed_kib, COST);
    ck_assert_uint_eq(v->available_kib, MIB);
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    UNIT_ADD_ROWS(tests, test_a_lender_is_chosen, choices);
    tcase_add_test(tests, test_one_lender_does_not_keep_two_copies);
    tcase_add_test(tests, test_what_is_lent_is_a_leg);
    tcase_add_test(tests, test_who_refuses_is_followed_by_the_next);
    tcase_add_test(tests, test_an_answer_that_nobody_waits_for_is_nothing);
    tcase_add_test(tests, test_a_refusal_has_numbers);
}

int
main(void)
{
    return unit_run("swap-lease", add_tests);
}
