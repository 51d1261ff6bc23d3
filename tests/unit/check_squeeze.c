/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can give what, and what becomes of those who wait. */
#include <config.h>

#include <string.h>

#include "squeeze.h"
#include "unit.h"
#include "world.h"

static struct feasibility
ask(uint64_t needed_kib)
{
    struct feasibility f;

    ck_assert_int_eq(squeeze_feasibility(&f, &world.snapshot, &world.guests,
                                         needed_kib),
                     0);
    return f;
}

START_TEST(test_feasible_to_the_last_page)
{
    struct feasibility f;

    world_add(&world, 1, 100 * MIB, 500 * MIB, 500 * MIB);
    world_add(&world, 2, 300 * MIB, 500 * MIB, 500 * MIB);
    world_settle(&world);
    /* 24 free, 400 and 200 above the floors */
    f = ask(624 * MIB);
    ck_assert(f.is_feasible);
    ck_assert_uint_eq(f.available_kib, 624 * MIB);
    ck_assert_uint_eq(f.spare_kib, 24 * MIB);
    feasibility_done(&f);
    f = ask(624 * MIB + 1);
    ck_assert(!f.is_feasible);
    feasibility_done(&f);
}
END_TEST

START_TEST(test_promises_are_not_given_twice)
{
    struct feasibility f;

    world_add(&world, 1, 100 * MIB, 500 * MIB, 500 * MIB);
    world_reserve(&world, "a", 600 * MIB);
    world_settle(&world);
    f = ask(324 * MIB);
    ck_assert(f.is_feasible);
    ck_assert_uint_eq(f.available_kib, 324 * MIB);
    feasibility_done(&f);
}
END_TEST

START_TEST(test_what_borrowers_would_give_back_can_be_had)
{
    struct feasibility f;
    char text[256];

    world.tuning.lent_give_kib = world.tuning.lent_hope_kib = 50 * MIB;
    world_add(&world, 1, 100 * MIB, 500 * MIB, 500 * MIB);
    world_settle(&world);
    f = ask(974 * MIB);
    ck_assert(f.is_feasible);
    ck_assert_uint_eq(f.available_kib, 974 * MIB);
    ck_assert_uint_eq(f.spare_kib, 524 * MIB);
    ck_assert_uint_eq(f.lent_kib, 50 * MIB);
    feasibility_text(&f, text, sizeof(text));
    ck_assert_ptr_nonnull(strstr(text, "and 51200 KiB are lent to other"));
    feasibility_done(&f);
    f = ask(974 * MIB + 1);
    ck_assert(!f.is_feasible);
    feasibility_done(&f);
}
END_TEST

struct limit_row {
    uint32_t domid;
    uint64_t give_mib;
    const char *limit;
};

static const struct limit_row limit_rows[] = {
    { 0, 0, "domain 0 is not managed" },
    { 1, 50, "its dynamic-min" },
    { 2, 0, "it has no balloon driver" },
    { 3, 0, "it is paused" },
    { 4, 0, "it has no dynamic range" },
    { 5, 0, "its dynamic-min equals its dynamic-max" },
    { 6, 0, "it is booting" },
};

START_TEST(test_items_say_what_stopped_each)
{
    struct feasibility f;

    world_add(&world, 0, 100 * MIB, 100 * MIB, 100 * MIB);
    world_add(&world, 1, 50 * MIB, 100 * MIB, 100 * MIB);
    world_add(&world, 2, 50 * MIB, 100 * MIB, 100 * MIB)->balloon =
        HOST_BALLOON_NO;
    world_add(&world, 3, 50 * MIB, 100 * MIB, 100 * MIB)->is_paused = true;
    world_add(&world, 4, HOST_UNSET, 100 * MIB, HOST_UNSET);
    world_add(&world, 5, 100 * MIB, 100 * MIB, 100 * MIB);
    world_add(&world, 6, 50 * MIB, 100 * MIB, 100 * MIB)->balloon =
        HOST_BALLOON_UNSAID;
    world_settle(&world);
    f = ask(1024 * MIB);
    ck_assert(!f.is_feasible);
    ck_assert_uint_eq(f.n, 7);
    ck_assert_uint_eq(f.items[_i].domid, limit_rows[_i].domid);
    ck_assert_uint_eq(f.items[_i].give_kib, limit_rows[_i].give_mib * MIB);
    ck_assert_str_eq(f.items[_i].limit, limit_rows[_i].limit);
    feasibility_done(&f);
}
END_TEST

static enum squeeze_verdict
judge(size_t i)
{
    return squeeze_judge(&world.snapshot, &world.reservations, i);
}

START_TEST(test_pending_is_granted_when_free)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 900 * MIB, 900 * MIB);

    world_reserve(&world, "a", 200 * MIB);
    world.reservations.list[0].state = RESERVE_PENDING;
    world_settle(&world);
    ck_assert_int_eq(judge(0), SQUEEZE_WAIT);
    d->target_kib = 800 * MIB;
    world_hold(&world, d, 824 * MIB);
    world_observe(&world, 10);
    ck_assert_int_eq(judge(0), SQUEEZE_GRANT);
}
END_TEST

START_TEST(test_oldest_is_served_first)
{
    world_add(&world, 1, 100 * MIB, 900 * MIB, 900 * MIB);
    world_reserve(&world, "a", 200 * MIB);
    world_reserve(&world, "b", 100 * MIB);
    world.reservations.list[0].state = RESERVE_PENDING;
    world.reservations.list[1].state = RESERVE_PENDING;
    world_settle(&world);
    /* 124 MiB are free: enough for b, but a asked before */
    ck_assert_int_eq(judge(0), SQUEEZE_WAIT);
    ck_assert_int_eq(judge(1), SQUEEZE_WAIT);
}
END_TEST

START_TEST(test_impossible_is_said_when_it_becomes_so)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 900 * MIB, 900 * MIB);

    world_reserve(&world, "a", 200 * MIB);
    world.reservations.list[0].state = RESERVE_PENDING;
    world_settle(&world);
    d->target_kib = 800 * MIB;
    world_observe(&world, 10);
    world_observe(&world, 2000);
    ck_assert_int_eq(world_guest(&world, 1)->state, GUEST_SLOW);
    ck_assert_int_eq(judge(0), SQUEEZE_WAIT);
    world_observe(&world, 3000);
    ck_assert_int_eq(judge(0), SQUEEZE_IMPOSSIBLE);
}
END_TEST

/* Who lets its time pass is waited for, but nobody new is promised that. */
START_TEST(test_late_borrowers_are_waited_for)
{
    struct feasibility f;
    char text[128];

    world_add(&world, 1, 900 * MIB, 900 * MIB, 900 * MIB);
    world_reserve(&world, "a", 150 * MIB);
    world.reservations.list[0].state = RESERVE_PENDING;
    world.tuning.lent_hope_kib = 30 * MIB;
    world_settle(&world);
    ck_assert_int_eq(judge(0), SQUEEZE_WAIT);
    f = ask(MIB);
    ck_assert(!f.is_feasible);
    feasibility_done(&f);
    squeeze_blame_borrowers(&world.snapshot, text, sizeof(text));
    ck_assert_str_eq(text, "; 30720 KiB that are lent to other hosts are not "
                           "back");
    world.tuning.lent_hope_kib = 25 * MIB;
    world_observe(&world, 10);
    ck_assert_int_eq(judge(0), SQUEEZE_IMPOSSIBLE);
    world.tuning.lent_hope_kib = 0;
    world_observe(&world, 10);
    squeeze_blame_borrowers(&world.snapshot, text, sizeof(text));
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(test_waiting_and_keeping_are_bounded)
{
    world_add(&world, 1, 100 * MIB, 900 * MIB, 900 * MIB);
    world_reserve(&world, "a", 200 * MIB);
    world.reservations.list[0].state = RESERVE_PENDING;
    world_settle(&world);
    world.reservations.list[0].give_up_ms = world.now_ms;
    ck_assert_int_eq(judge(0), SQUEEZE_TIMEOUT);
    world.reservations.list[0].state = RESERVE_GRANTED;
    ck_assert_int_eq(judge(0), SQUEEZE_WAIT);
    world.reservations.list[0].expires_ms = world.now_ms;
    ck_assert_int_eq(judge(0), SQUEEZE_EXPIRED);
}
END_TEST

START_TEST(test_blame_names_who_did_not_follow)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 900 * MIB);
    char text[64];

    world_settle(&world);
    squeeze_blame(&world.guests, text, sizeof(text));
    ck_assert_str_eq(text, "");
    d->target_kib = 100 * MIB;
    world_observe(&world, 10);
    world_observe(&world, 6000);
    squeeze_blame(&world.guests, text, sizeof(text));
    ck_assert_str_eq(text, "1 (guest1)");
}
END_TEST

START_TEST(test_account_closes_and_counts_a_holder_once)
{
    const struct account *a = &world.snapshot.account;
    struct host_domain *d =
        world_add(&world, 1, HOST_UNSET, 300 * MIB, HOST_UNSET);

    world.view.memory.free_kib -= 20 * MIB; /* the hypervisor's own */
    world_hold(&world, d, 100 * MIB);       /* being built */
    world_reserve(&world, "a", 310 * MIB);
    world.reservations.list[0].overhead_kib = 10 * MIB;
    memcpy(world.reservations.list[0].uuid, d->uuid, sizeof(d->uuid));
    world_observe(&world, 0);
    ck_assert_uint_eq(a->reservations_kib, 200 * MIB);
    ck_assert_uint_eq(a->commitments_kib, 0);
    ck_assert_uint_eq(a->xen_kib, 20 * MIB);
    ck_assert_uint_eq(a->total_kib, a->xen_kib + a->dom0_kib + a->domains_kib +
                                        a->reserved_kib + a->free_kib);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, test_feasible_to_the_last_page);
    tcase_add_test(tests, test_promises_are_not_given_twice);
    tcase_add_test(tests, test_what_borrowers_would_give_back_can_be_had);
    tcase_add_test(tests, test_late_borrowers_are_waited_for);
    UNIT_ADD_ROWS(tests, test_items_say_what_stopped_each, limit_rows);
    tcase_add_test(tests, test_pending_is_granted_when_free);
    tcase_add_test(tests, test_oldest_is_served_first);
    tcase_add_test(tests, test_impossible_is_said_when_it_becomes_so);
    tcase_add_test(tests, test_waiting_and_keeping_are_bounded);
    tcase_add_test(tests, test_blame_names_who_did_not_follow);
    tcase_add_test(tests, test_account_closes_and_counts_a_holder_once);
}

int
main(void)
{
    return unit_run("squeeze", add);
}
