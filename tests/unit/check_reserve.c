/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of reservations and the line each is kept as. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "reserve-text.h"
#include "reserve.h"
#include "unit.h"

#define ID "01234567-89ab-cdef-0123-456789abcdef"
#define GOOD                                                           \
 "state=granted kib=1000 min=500 overhead=20 asked-ms=5 give-up-ms=6 " \
 "expires-ms=7 pid=8 domid=4294967295 transferred=0 uuid= key=k "      \
 "owner=someone"

static struct reservation
reservation(const char *id, uint64_t asked_ms)
{
    struct reservation r = { .kib = 1000, .asked_ms = asked_ms };

    snprintf(r.id, sizeof(r.id), "%s", id);
    return r;
}

START_TEST(test_table_is_oldest_first)
{
    struct reserve_table t = { 0 };
    struct reservation young = reservation("young", 9);
    struct reservation old = reservation("old", 3);

    ck_assert_int_eq(reserve_add(&t, &young), 0);
    ck_assert_int_eq(reserve_add(&t, &old), 0);
    ck_assert_int_eq(reserve_add(&t, &old), -EEXIST);
    ck_assert_str_eq(t.list[0].id, "old");
    ck_assert_int_eq(reserve_remove(&t, "old"), 0);
    ck_assert_int_eq(reserve_remove(&t, "old"), -ENOENT);
    ck_assert_uint_eq(t.n, 1);
    ck_assert_ptr_nonnull(reserve_find(&t, "young"));
    reserve_table_done(&t);
}
END_TEST

START_TEST(test_table_is_bounded)
{
    struct reserve_table t = { 0 };
    char id[16];

    for (unsigned i = 0; i < RESERVE_MAX; i++) {
        struct reservation r;

        snprintf(id, sizeof(id), "%u", i);
        r = reservation(id, i);
        ck_assert_int_eq(reserve_add(&t, &r), 0);
    }
    ck_assert_int_eq(reserve_add(&t,
                                 &(struct reservation){ .id = "one too many" }),
                     -ENOSPC);
    reserve_table_done(&t);
}
END_TEST

START_TEST(test_empty_key_is_no_key)
{
    struct reserve_table t = { 0 };
    struct reservation r = reservation("a", 1);

    ck_assert_int_eq(reserve_add(&t, &r), 0);
    ck_assert_ptr_null(reserve_find_key(&t, ""));
    reserve_table_done(&t);
}
END_TEST

struct open_row {
    uint64_t holder_kib, open_kib;
};

/* 1000 KiB, 100 of them overhead */
static const struct open_row open_rows[] = {
    { 0, 1000 }, { 4, 896 }, { 600, 300 }, { 900, 0 }, { 5000, 0 },
};

START_TEST(test_open_part_shrinks_as_the_domain_fills)
{
    struct reservation r = { .kib = 1000, .overhead_kib = 100 };

    ck_assert_uint_eq(reserve_open_kib(&r, open_rows[_i].holder_kib),
                      open_rows[_i].open_kib);
}
END_TEST

START_TEST(test_line_reads_as_it_was_written)
{
    struct reservation r, again;
    char text[RESERVE_TEXT_SIZE];

    ck_assert_int_eq(reservation_parse(ID, GOOD, &r), 0);
    ck_assert_uint_eq(r.min_kib, 500);
    ck_assert_uint_eq(r.domid, RESERVE_NO_DOMID);
    ck_assert_str_eq(r.owner, "someone");
    reservation_format(&r, text);
    ck_assert_str_eq(text, GOOD);
    ck_assert_int_eq(reservation_parse(ID, text, &again), 0);
    ck_assert_mem_eq(&r, &again, sizeof(r));
}
END_TEST

static const char *const bad_lines[] = {
    "",
    "state=granted",
    GOOD " kib=1000", /* twice */
    GOOD " what=1",   /* unknown */
    "granted",        /* no = */
    "state=lost kib=1000 min=500 overhead=20 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 uuid= key= owner=a",
    "state=granted kib=0 min=0 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 uuid= key= owner=a",
    "state=granted kib=-5 min=0 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 uuid= key= owner=a",
    "state=granted kib=10 min=20 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 uuid= key= owner=a",
    "state=granted kib=10 min=10 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=99999999999 transferred=0 uuid= key= owner=a",
    "state=granted kib=10 min=10 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=2 uuid= key= owner=a",
    "state=granted kib=10 min=10 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 uuid=x key= owner=a",
    "state=granted kib=10 min=10 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 uuid= key= owner=a/b",
};

START_TEST(test_bad_line_is_refused_and_changes_nothing)
{
    struct reservation r = { .kib = 42 };

    ck_assert_int_eq(reservation_parse(ID, bad_lines[_i], &r), -EINVAL);
    ck_assert_uint_eq(r.kib, 42);
}
END_TEST

START_TEST(test_names)
{
    char longest[RESERVE_NAME_SIZE + 1];

    memset(longest, 'x', sizeof(longest));
    longest[RESERVE_NAME_SIZE] = '\0';
    ck_assert(!reserve_name_is_good(longest));
    longest[RESERVE_NAME_SIZE - 1] = '\0';
    ck_assert(reserve_name_is_good(longest));
    ck_assert(reserve_name_is_good("xl:vm-start@dom0+1_2.3-4"));
    ck_assert(!reserve_name_is_good(""));
    ck_assert(!reserve_name_is_good(NULL));
    ck_assert(!reserve_name_is_good("a b"));
    ck_assert(!reserve_name_is_good("a/b"));
    ck_assert(!reserve_name_is_good("a\n"));
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_test(tests, test_table_is_oldest_first);
    tcase_add_test(tests, test_table_is_bounded);
    tcase_add_test(tests, test_empty_key_is_no_key);
    UNIT_ADD_ROWS(tests, test_open_part_shrinks_as_the_domain_fills, open_rows);
    tcase_add_test(tests, test_line_reads_as_it_was_written);
    UNIT_ADD_ROWS(tests, test_bad_line_is_refused_and_changes_nothing,
                  bad_lines);
    tcase_add_test(tests, test_names);
}

int
main(void)
{
    return unit_run("reserve", add);
}
