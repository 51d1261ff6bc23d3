/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of reservations and the line each is kept as. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"
#include "reserve-heir.h"
#include "reserve-text.h"
#include "reserve.h"
#include "unit.h"

#define ID "01234567-89ab-cdef-0123-456789abcdef"
#define GOOD                                                                 \
 "state=granted kib=1000 min=500 overhead=20 asked-ms=5 give-up-ms=6 "       \
 "expires-ms=7 pid=8 domid=4294967295 transferred=0 for-next=0 uuid= key=k " \
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
    "expires-ms=7 pid=8 domid=1 transferred=0 for-next=0 uuid= key= owner=a",
    "state=granted kib=0 min=0 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 for-next=0 uuid= key= owner=a",
    "state=granted kib=-5 min=0 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 for-next=0 uuid= key= owner=a",
    "state=granted kib=10 min=20 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 for-next=0 uuid= key= owner=a",
    "state=granted kib=10 min=10 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=99999999999 transferred=0 for-next=0 uuid= "
    "key= owner=a",
    "state=granted kib=10 min=10 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=2 for-next=0 uuid= key= owner=a",
    "state=granted kib=10 min=10 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 for-next=2 uuid= key= owner=a",
    "state=granted kib=10 min=10 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 for-next=0 uuid=x key= owner=a",
    "state=granted kib=10 min=10 overhead=0 asked-ms=5 give-up-ms=6 "
    "expires-ms=7 pid=8 domid=1 transferred=0 for-next=0 uuid= key= owner=a/b",
};

START_TEST(test_bad_line_is_refused_and_changes_nothing)
{
    struct reservation r = { .kib = 42 };

    ck_assert_int_eq(reservation_parse(ID, bad_lines[_i], &r), -EINVAL);
    ck_assert_uint_eq(r.kib, 42);
}
END_TEST

/* As an earlier version kept it. */
START_TEST(test_line_of_before_is_for_nobody_next)
{
    static const char line[] =
        "state=granted kib=1000 min=500 overhead=20 asked-ms=5 give-up-ms=6 "
        "expires-ms=7 pid=8 domid=4294967295 transferred=0 uuid= key=k owner=a";
    struct reservation r;

    ck_assert_int_eq(reservation_parse(ID, line, &r), 0);
    ck_assert(!r.is_for_next);
    ck_assert_uint_eq(r.kib, 1000);
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

/* Who comes for what was granted at 100 for the next domain? */
static const struct heir_row {
    uint64_t appeared_ms[3]; /* of domains 1 to 3 */
    uint32_t taken;          /* a domain that has a reservation */
    uint32_t domid;          /* 0: nobody */
} heir_rows[] = {
    { { 0, 0, 0 }, 0, 0 },       /* they were there before the daemon */
    { { 0, 99, 50 }, 0, 0 },     /* it was not yet granted */
    { { 0, 100, 150 }, 0, 2 },   /* the first to come */
    { { 170, 160, 150 }, 0, 3 }, /* not the lowest number */
    { { 0, 150, 160 }, 2, 3 },   /* who has his own needs no other */
    { { 0, 150, 0 }, 2, 0 },
};

static struct guest_table
heirs_of(const struct heir_row *row, struct guest guests[3])
{
    for (uint32_t i = 0; i < 3; i++) {
        guests[i] = (struct guest){ .facts.domid = i + 1,
                                    .appeared_ms = row->appeared_ms[i] };
        snprintf(guests[i].facts.uuid, sizeof(guests[i].facts.uuid), "u%u",
                 i + 1);
    }
    return (struct guest_table){ .n = 3, .guests = guests };
}

START_TEST(test_the_next_domain_inherits)
{
    const struct heir_row *row = &heir_rows[_i];
    struct guest guests[3];
    struct guest_table table = heirs_of(row, guests);
    struct reservation own = reservation("own", 1);
    struct reservation r = reservation("next", 2);
    struct reserve_table t = { 0 };
    const struct guest *heir;

    own.domid = RESERVE_NO_DOMID;
    if (row->taken > 0)
        snprintf(own.uuid, sizeof(own.uuid), "u%u", row->taken);
    r.domid = RESERVE_NO_DOMID;
    r.is_for_next = true;
    r.granted_ms = 100;
    reserve_add(&t, &own);
    reserve_add(&t, &r);
    ck_assert_ptr_null(reserve_heir(&r, &t, &table)); /* pending */
    r.state = RESERVE_GRANTED;
    heir = reserve_heir(&r, &t, &table);
    ck_assert_uint_eq(heir ? heir->facts.domid : 0, row->domid);
    r.is_for_next = false;
    ck_assert_ptr_null(reserve_heir(&r, &t, &table));
    reserve_table_done(&t);
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
    tcase_add_test(tests, test_line_of_before_is_for_nobody_next);
    tcase_add_test(tests, test_names);
    UNIT_ADD_ROWS(tests, test_the_next_domain_inherits, heir_rows);
}

int
main(void)
{
    return unit_run("reserve", add);
}
