/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ring of events: order, bounds, and that nobody pushes others out. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "events.h"
#include "unit.h"

static struct events *ev;

static void
setup(void)
{
    ev = events_new();
    ck_assert_ptr_nonnull(ev);
}

static void
teardown(void)
{
    ev = events_free(ev);
}

static uint64_t
add(enum events_kind kind, uint32_t domid)
{
    const struct events_entry e = { .kind = kind, .domid = domid };

    return events_add(ev, &e);
}

/* How many of the domain's (or of nobody's) are remembered; and that the whole
 * is in order. */
static size_t
count(uint32_t domid)
{
    const struct events_entry *e = events_after(ev, 0);
    uint64_t last_id = 0;
    size_t n = 0;

    for (; e; e = events_next(ev, e)) {
        ck_assert_uint_gt(e->id, last_id);
        last_id = e->id;
        n += e->domid == domid;
    }
    ck_assert_uint_eq(last_id, events_last_id(ev));
    return n;
}

START_TEST(test_ids_rise_from_one)
{
    ck_assert_uint_eq(events_last_id(ev), 0);
    ck_assert_ptr_null(events_after(ev, 0));
    ck_assert_uint_eq(add(EVENTS_DOMAIN_APPEARED, 7), 1);
    ck_assert_uint_eq(add(EVENTS_DOMAIN_GONE, 7), 2);
    ck_assert_uint_eq(events_after(ev, 0)->id, 1);
    ck_assert_uint_eq(events_after(ev, 1)->id, 2);
    ck_assert_ptr_null(events_after(ev, 2));
    ck_assert_ptr_null(events_after(ev, 99));
    ck_assert_uint_eq(events_count(ev), 2);
}
END_TEST

START_TEST(test_the_oldest_of_equals_is_forgotten)
{
    for (unsigned i = 0; i < EVENTS_MAX + 10; i++)
        add(EVENTS_TARGET_CHANGED, 7);
    ck_assert_uint_eq(count(7), EVENTS_MAX);
    ck_assert_uint_eq(events_after(ev, 0)->id, 11);
}
END_TEST

START_TEST(test_a_flapping_domain_pushes_out_its_own_only)
{
    add(EVENTS_CONFIG_RELOADED, EVENTS_NO_DOMID);
    for (unsigned i = 0; i < 50; i++)
        add(EVENTS_STATE_CHANGED, 1);
    for (unsigned i = 0; i < 3 * EVENTS_MAX; i++)
        add(EVENTS_STATE_CHANGED, 2);
    ck_assert_uint_eq(count(EVENTS_NO_DOMID), 1);
    ck_assert_uint_eq(count(1), 50);
    ck_assert_uint_eq(count(2), EVENTS_MAX - 51);
}
END_TEST

/* Each may have as many as any other, however they take turns. */
START_TEST(test_flapping_domains_share_the_ring)
{
    for (unsigned i = 0; i < EVENTS_MAX; i++)
        add(EVENTS_STATE_CHANGED, 1);
    for (unsigned i = 0; i < EVENTS_MAX; i++)
        add(EVENTS_STATE_CHANGED, 2 + i % 3);
    for (uint32_t domid = 1; domid <= 4; domid++) {
        ck_assert_uint_ge(count(domid), EVENTS_MAX / 4 - 1);
        ck_assert_uint_le(count(domid), EVENTS_MAX / 4 + 1);
    }
}
END_TEST

/* Requests that are refused again and again are many events of one kind. */
START_TEST(test_a_flood_of_one_kind_spares_the_others)
{
    add(EVENTS_HOST_LOST, EVENTS_NO_DOMID);
    for (unsigned i = 0; i < 2 * EVENTS_MAX; i++)
        add(EVENTS_RESERVATION_REFUSED, EVENTS_NO_DOMID);
    ck_assert_int_eq(events_after(ev, 0)->kind, EVENTS_HOST_LOST);
}
END_TEST

START_TEST(test_every_kind_has_its_name)
{
    for (unsigned i = 0; i < EVENTS_KINDS; i++) {
        const char *bad = NULL;
        uint64_t mask = 0;

        ck_assert_int_eq(events_parse_kinds(events_kind_name(i), &mask, &bad),
                         0);
        ck_assert_uint_eq(mask, UINT64_C(1) << i);
    }
}
END_TEST

START_TEST(test_kinds_are_a_list)
{
    const char *bad = NULL;
    uint64_t mask = 0;

    ck_assert_int_eq(events_parse_kinds("host-lost,host-back", &mask, &bad), 0);
    ck_assert_uint_eq(mask, UINT64_C(1) << EVENTS_HOST_LOST |
                                UINT64_C(1) << EVENTS_HOST_BACK);
}
END_TEST

static const struct bad_row {
    const char *text;
    const char *bad;
} bad_rows[] = {
    { "", "" },
    { "host", "host" },
    { "host-lost,", "" },
    { "host-lost,,host-back", ",host-back" },
    { "host-back,host-los,x", "host-los,x" },
};

START_TEST(test_an_unknown_kind_is_pointed_at)
{
    const char *bad = NULL;
    uint64_t mask = 42;

    ck_assert_int_eq(events_parse_kinds(bad_rows[_i].text, &mask, &bad),
                     -EINVAL);
    ck_assert_str_eq(bad, bad_rows[_i].bad);
    ck_assert_uint_eq(mask, 42);
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_ids_rise_from_one);
    tcase_add_test(tests, test_the_oldest_of_equals_is_forgotten);
    tcase_add_test(tests, test_a_flapping_domain_pushes_out_its_own_only);
    tcase_add_test(tests, test_flapping_domains_share_the_ring);
    tcase_add_test(tests, test_a_flood_of_one_kind_spares_the_others);
    tcase_add_test(tests, test_every_kind_has_its_name);
    tcase_add_test(tests, test_kinds_are_a_list);
    UNIT_ADD_ROWS(tests, test_an_unknown_kind_is_pointed_at, bad_rows);
}

int
main(void)
{
    return unit_run("events", add_tests);
}
