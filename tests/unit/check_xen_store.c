/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers to what scripts left in xenstore, and hearing of it. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "fake-xenstore.h"
#include "host-xen-cache.h"
#include "host-xen-store.h"
#include "host-xen-watch.h"
#include "proto/keys.h"
#include "unit.h"

#define NODE  KEYS_ERRANDS "/web"
#define STATE NODE "/state"
#define ID    NODE "/id"
#define WORDS "size=1000"

static struct xen_cache cache;
static char text[32];

static void
setup(void)
{
    cache = (struct xen_cache){ .xs = fake_reset() };
    fake_set(NODE, WORDS);
    fake_set(ID, "old");
}

static void
teardown(void)
{
    xen_cache_done(&cache);
}

static int
answer(const char *expected)
{
    const struct host_pair pairs[] = {
        { KEY_ERRAND_STATE, "granted 1000" },
        { KEY_ERRAND_ID, NULL },
        { KEY_ERRAND_ERROR, NULL }, /* is not there */
    };

    return xen_store_answer(cache.xs, NODE, expected, pairs, 3);
}

START_TEST(test_answer_writes_and_removes)
{
    ck_assert_int_eq(answer(WORDS), 0);
    ck_assert_str_eq(fake_get(STATE), "granted 1000");
    ck_assert_ptr_null(fake_get(ID));
    ck_assert_uint_eq(fake.transactions, 1);
}
END_TEST

START_TEST(test_answer_to_another_request_is_not_given)
{
    ck_assert_int_eq(answer("size=2000"), -ESRCH);
    ck_assert_ptr_null(fake_get(STATE));
    ck_assert_str_eq(fake_get(ID), "old");
    ck_assert_int_eq(answer(NULL), 0);
}
END_TEST

START_TEST(test_answer_does_not_bring_a_request_back)
{
    fake_unset(NODE);
    ck_assert_int_eq(answer(WORDS), -ESRCH);
    ck_assert_int_eq(answer(NULL), -ESRCH);
    ck_assert_ptr_null(fake_get(NODE));
}
END_TEST

START_TEST(test_answer_survives_conflicts)
{
    fake_conflict(5);
    ck_assert_int_eq(answer(WORDS), 0);
    ck_assert_str_eq(fake_get(STATE), "granted 1000");
    ck_assert_uint_eq(fake.transactions, 6);
}
END_TEST

START_TEST(test_answer_gives_up_on_endless_conflicts)
{
    fake_conflict(1000);
    ck_assert_int_eq(answer(WORDS), -EAGAIN);
    ck_assert_uint_lt(fake.transactions, 100);
}
END_TEST

/* What a quota says, and a write that fails takes nothing along. */
START_TEST(test_answer_that_is_refused_is_told)
{
    fake_refuse(ENOSPC);
    ck_assert_int_eq(answer(WORDS), -ENOSPC);
    ck_assert_ptr_null(fake_get(STATE));
    ck_assert_str_eq(fake_get(ID), "old");
    ck_assert_int_eq(xen_store_write(cache.xs, STATE, "x"), -ENOSPC);
    fake_refuse(0);
    ck_assert_int_eq(answer(WORDS), 0);
}
END_TEST

START_TEST(test_read_is_bounded)
{
    char small[sizeof(WORDS) - 1];

    ck_assert_int_eq(xen_store_read(cache.xs, NODE, text, sizeof(text)), 0);
    ck_assert_str_eq(text, WORDS);
    ck_assert_int_eq(xen_store_read(cache.xs, NODE, small, sizeof(small)),
                     -E2BIG);
    ck_assert_int_eq(xen_store_read(cache.xs, NODE "/no", text, sizeof(text)),
                     -ENOENT);
}
END_TEST

/* The next change, or NULL. */
static const char *
next(void)
{
    static char change[HOST_CHANGE_SIZE];

    return host_changes_next(&cache.changes, change) ? change : NULL;
}

START_TEST(test_watch_tells_what_others_changed)
{
    host_changes_begin(&cache.changes, KEYS_ERRANDS);
    xen_watch_changes(&cache, 1000);
    xen_watch_changes(&cache, 1000);
    ck_assert_uint_eq(fake.watches, 1);
    ck_assert_int_eq(xen_watch_drain(&cache, 1000), 1);
    ck_assert_str_eq(next(), "");
    ck_assert_ptr_null(next());
    /* Our own answer is no news. */
    answer(WORDS);
    ck_assert_int_eq(xen_watch_drain(&cache, 1001), 0);
    fake_set(NODE "/domid", "5");
    ck_assert_int_eq(xen_watch_drain(&cache, 1002), 1);
    ck_assert_str_eq(next(), "web/domid");
    ck_assert_ptr_null(next());
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_answer_writes_and_removes);
    tcase_add_test(tests, test_answer_to_another_request_is_not_given);
    tcase_add_test(tests, test_answer_does_not_bring_a_request_back);
    tcase_add_test(tests, test_answer_survives_conflicts);
    tcase_add_test(tests, test_answer_gives_up_on_endless_conflicts);
    tcase_add_test(tests, test_answer_that_is_refused_is_told);
    tcase_add_test(tests, test_read_is_bounded);
    tcase_add_test(tests, test_watch_tells_what_others_changed);
}

int
main(void)
{
    return unit_run("xen-store", add_tests);
}
