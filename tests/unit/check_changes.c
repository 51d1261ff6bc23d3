/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is remembered of changes below a directory. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "host-changes.h"
#include "proto/keys.h"
#include "unit.h"

static struct host_changes changes;
static char change[HOST_CHANGE_SIZE];

static void
setup(void)
{
    host_changes_begin(&changes, KEYS_ERRANDS);
    ck_assert(host_changes_next(&changes, change));
    ck_assert_str_eq(change, "");
}

/* "": all; NULL: no news. */
static const struct {
    const char *path;
    const char *change;
} paths[] = {
    { KEYS_ERRANDS "/web", "web" },
    { KEYS_ERRANDS "/web/domid", "web/domid" },
    { KEYS_ERRANDS "/web/state", NULL },
    { KEYS_ERRANDS "/web/id", NULL },
    { KEYS_ERRANDS "/web/request", NULL },
    { KEYS_ERRANDS "/web/error", NULL },
    { KEYS_ERRANDS, "" },
    { KEYS_ROOT, "" },
    { KEYS_ROOT "/reservation", NULL },
    { KEYS_RESERVATIONS "/web", NULL },
    { "/local/domain/7", NULL },
};

START_TEST(test_changes_are_told_once)
{
    const char *expected = paths[_i].change;

    ck_assert(host_changes_note(&changes, paths[_i].path) ==
              (expected != NULL));
    host_changes_note(&changes, paths[_i].path);
    ck_assert(host_changes_next(&changes, change) == (expected != NULL));
    if (expected)
        ck_assert_str_eq(change, expected);
    ck_assert(!host_changes_next(&changes, change));
}
END_TEST

START_TEST(test_changes_come_in_order)
{
    host_changes_note(&changes, KEYS_ERRANDS "/b");
    host_changes_note(&changes, KEYS_ERRANDS "/a");
    host_changes_note(&changes, KEYS_ERRANDS "/b");
    ck_assert(host_changes_next(&changes, change));
    ck_assert_str_eq(change, "b");
    ck_assert(host_changes_next(&changes, change));
    ck_assert_str_eq(change, "a");
    ck_assert(!host_changes_next(&changes, change));
}
END_TEST

START_TEST(test_too_many_changes_are_all)
{
    char path[KEYS_PATH_SIZE];

    for (unsigned i = 0; i <= HOST_CHANGES_MAX; i++) {
        snprintf(path, sizeof(path), KEYS_ERRANDS "/%u", i);
        ck_assert(host_changes_note(&changes, path));
    }
    ck_assert(host_changes_next(&changes, change));
    ck_assert_str_eq(change, "");
    ck_assert(!host_changes_next(&changes, change));
}
END_TEST

START_TEST(test_a_change_too_long_is_all)
{
    char path[2 * HOST_CHANGE_SIZE] = KEYS_ERRANDS "/";
    size_t length = strlen(path);

    memset(path + length, 'x', HOST_CHANGE_SIZE);
    ck_assert(host_changes_note(&changes, path));
    ck_assert(host_changes_next(&changes, change));
    ck_assert_str_eq(change, "");
}
END_TEST

START_TEST(test_nothing_is_news_before_the_watch)
{
    struct host_changes none = { 0 };

    ck_assert(!host_changes_note(&none, KEYS_ERRANDS "/web"));
    ck_assert(!host_changes_note(&none, ""));
    ck_assert(!host_changes_next(&none, change));
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    UNIT_ADD_ROWS(tests, test_changes_are_told_once, paths);
    tcase_add_test(tests, test_changes_come_in_order);
    tcase_add_test(tests, test_too_many_changes_are_all);
    tcase_add_test(tests, test_a_change_too_long_is_all);
    tcase_add_test(tests, test_nothing_is_news_before_the_watch);
}

int
main(void)
{
    return unit_run("changes", add_tests);
}
