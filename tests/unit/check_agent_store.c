/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* balancer-agent's connection to a xenstore that comes and goes. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>

#include "fake-xenstore.h"
#include "guest/store.h"
#include "log.h"
#include "unit.h"

#define KEY "data/key"

static unsigned n_lines;

static void
count_line(enum log_level level, const char *line)
{
    (void)level;
    (void)line;
    n_lines++;
}

static void
setup(void)
{
    fake_reset();
    n_lines = 0;
    log_set_sink(count_line);
}

static void
teardown(void)
{
    log_set_sink(NULL);
}

START_TEST(test_store_connects_once)
{
    struct store st = { .xs = NULL };

    ck_assert_int_eq(store_write(&st, KEY, "a", 0), 0);
    ck_assert_str_eq(fake_get(KEY), "a");
    ck_assert_int_eq(store_write(&st, KEY, "b", 1), 0);
    ck_assert_str_eq(fake_get(KEY), "b");
    ck_assert_uint_eq(fake.opens, 1);
    store_close(&st, KEY);
    ck_assert_ptr_null(fake_get(KEY));
    ck_assert_uint_eq(fake.closes, 1);
    ck_assert_uint_eq(n_lines, 0);
}
END_TEST

/* How many attempts there were by the end of each second. */
START_TEST(test_store_tries_less_and_less_often)
{
    struct store st = { .xs = NULL };
    unsigned failures = 0;

    fake_refuse(ENOENT);
    for (uint64_t s = 0; s <= 63; s++) {
        int r = store_write(&st, KEY, "a", s * 1000);

        ck_assert_int_eq(r, s == 0 || s == 1 || s == 3 || s == 7 || s == 15 ||
                                    s == 31 || s == 63
                                ? -ENOENT
                                : -EAGAIN);
        failures += r == -ENOENT;
    }
    ck_assert_uint_eq(failures, 7);
    ck_assert_uint_eq(st.retry_ms, 63000 + STORE_RETRY_MAX_MS);
    ck_assert_uint_eq(n_lines, 1);
    fake_refuse(0);
    ck_assert_int_eq(store_write(&st, KEY, "a", 123000 - 1), -EAGAIN);
    ck_assert_int_eq(store_write(&st, KEY, "a", 123000), 0);
    ck_assert_str_eq(fake_get(KEY), "a");
    ck_assert_uint_eq(n_lines, 2);
    /* It begins anew with the next trouble. */
    fake_refuse(EIO);
    ck_assert_int_eq(store_write(&st, KEY, "b", 124000), -EIO);
    fake_refuse(0);
    ck_assert_int_eq(store_write(&st, KEY, "b", 125000), 0);
    store_close(&st, NULL);
    ck_assert_str_eq(fake_get(KEY), "b");
}
END_TEST

/* After a migration the old connection may lead nowhere. */
START_TEST(test_store_connects_anew_after_a_failure)
{
    struct store st = { .xs = NULL };

    ck_assert_int_eq(store_write(&st, KEY, "a", 0), 0);
    fake_refuse(EBADF);
    ck_assert_int_eq(store_write(&st, KEY, "b", 1000), -EBADF);
    ck_assert_uint_eq(fake.closes, 1);
    fake_refuse(0);
    ck_assert_int_eq(store_write(&st, KEY, "b", 2000), 0);
    ck_assert_uint_eq(fake.opens, 2);
    store_close(&st, NULL);
}
END_TEST

/* The first look says that there is something to read; so does each after a
 * connection was lost. */
START_TEST(test_store_hears_of_changes)
{
    struct store st = { .xs = NULL };
    unsigned n = 0, length = 0;
    char *text, **names;

    ck_assert_int_eq(store_fd(&st), -1);
    ck_assert(!store_has_changed(&st));
    ck_assert_int_eq(store_watch(&st, KEY, 0), 0);
    ck_assert_int_eq(store_watch(&st, KEY, 0), 0);
    ck_assert_uint_eq(fake.watches, 1);
    ck_assert_int_eq(store_fd(&st), FAKE_FD);
    ck_assert(store_has_changed(&st));
    ck_assert(!store_has_changed(&st));
    fake_set(KEY "/a", "1");
    ck_assert(store_has_changed(&st));
    names = store_list(&st, KEY, &n);
    ck_assert_uint_eq(n, 1);
    ck_assert_str_eq(names[0], "a");
    text = store_read(&st, KEY "/a", &length);
    ck_assert_str_eq(text, "1");
    ck_assert_uint_eq(length, 1);
    free(text);
    free(names);
    store_close(&st, NULL);
}
END_TEST

START_TEST(test_store_watches_anew_after_a_hangup)
{
    struct store st = { .xs = NULL };

    ck_assert_int_eq(store_watch(&st, KEY, 0), 0);
    ck_assert(store_has_changed(&st));
    fake_hang_up();
    ck_assert(!store_has_changed(&st));
    ck_assert_int_eq(store_fd(&st), -1);
    ck_assert_ptr_null(store_read(&st, KEY, NULL));
    ck_assert_uint_eq(fake.closes, 1);
    fake_reset();
    fake_refuse(ENOENT);
    ck_assert_int_eq(store_watch(&st, KEY, 1000), -ENOENT);
    ck_assert_int_eq(store_watch(&st, KEY, 1999), -EAGAIN);
    fake_refuse(0);
    ck_assert_int_eq(store_watch(&st, KEY, 2000), 0);
    ck_assert(store_has_changed(&st));
    store_close(&st, NULL);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_store_connects_once);
    tcase_add_test(tests, test_store_tries_less_and_less_often);
    tcase_add_test(tests, test_store_connects_anew_after_a_failure);
    tcase_add_test(tests, test_store_hears_of_changes);
    tcase_add_test(tests, test_store_watches_anew_after_a_hangup);
}

int
main(void)
{
    return unit_run("agent_store", add);
}
