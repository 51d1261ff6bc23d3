/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is learned of a domain by watching it. */
#include <config.h>

#include <stdio.h>

#include "guest-limits.h"
#include "unit.h"
#include "world.h"

static enum guest_state
state(uint32_t domid)
{
    return world_guest(&world, domid)->state;
}

START_TEST(test_table_follows_the_host)
{
    world_add(&world, 7, 100 * MIB, 100 * MIB, 100 * MIB);
    world_add(&world, 3, 100 * MIB, 100 * MIB, 100 * MIB);
    world_observe(&world, 0);
    ck_assert_uint_eq(world.guests.n, 2);
    ck_assert_uint_eq(world.guests.guests[0].facts.domid, 3);
    world.view.n_domains = 1;
    world_observe(&world, 10);
    ck_assert_uint_eq(world.guests.n, 1);
    ck_assert_uint_eq(world.guests.n_gone, 1);
    ck_assert_uint_eq(world.guests.gone[0].domid, 3);
    world_observe(&world, 10); /* nobody has dealt with it so far */
    ck_assert_uint_eq(world.guests.n_gone, 1);
    ck_assert_ptr_null(guest_find(&world.guests, 3));
    ck_assert_ptr_nonnull(guest_find(&world.guests, 7));
}
END_TEST

/* libxl removes a domain's keys, and then the domain. */
START_TEST(test_who_goes_keeps_his_name)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    world_settle(&world);
    world_guest(&world, 1)->told.is_known = true;
    d->name[0] = '\0';
    world_observe(&world, 10);
    ck_assert_str_eq(world_guest(&world, 1)->facts.name, "guest1");
    world.view.n_domains = 0;
    world_observe(&world, 10);
    ck_assert_str_eq(world.guests.gone[0].name, "guest1");
    ck_assert_str_eq(world.guests.gone[0].uuid, d->uuid);
    ck_assert(!world.guests.gone[0].is_told);
}
END_TEST

START_TEST(test_reused_domid_is_another_domain)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    world_settle(&world);
    world_guest(&world, 1)->learned_floor_kib = 150 * MIB;
    world_guest(&world, 1)->learned_floor_until_ms = UINT64_MAX;
    d->uuid[0] = '9';
    world_observe(&world, 10);
    ck_assert_uint_eq(world_guest(&world, 1)->learned_floor_kib, 0);
}
END_TEST

struct state_row {
    enum host_balloon balloon;
    bool is_paused, is_shutdown, is_dying;
    uint64_t pass_ms;
    enum guest_state expect;
};

static const struct state_row state_rows[] = {
    { HOST_BALLOON_YES, false, false, false, 600, GUEST_READY },
    { HOST_BALLOON_YES, true, false, false, 600, GUEST_PAUSED },
    { HOST_BALLOON_YES, true, true, false, 600, GUEST_SHUTDOWN },
    { HOST_BALLOON_YES, true, true, true, 600, GUEST_DYING },
    { HOST_BALLOON_NO, false, false, false, 600, GUEST_NO_BALLOON },
    { HOST_BALLOON_UNSAID, false, false, false, 600, GUEST_BOOTING },
    { HOST_BALLOON_UNSAID, false, false, false, 200000, GUEST_NO_BALLOON },
};

START_TEST(test_state_follows_the_facts)
{
    const struct state_row *row = &state_rows[_i];
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    d->balloon = row->balloon;
    d->is_paused = row->is_paused;
    d->is_shutdown = row->is_shutdown;
    d->is_dying = row->is_dying;
    world_observe(&world, 0);
    world_observe(&world, row->pass_ms);
    ck_assert_int_eq(state(1), row->expect);
}
END_TEST

START_TEST(test_nothing_to_prove_is_ready)
{
    struct host_domain *d =
        world_add(&world, 1, 200 * MIB, 200 * MIB, 200 * MIB);

    d->balloon = HOST_BALLOON_UNSAID;
    world_settle(&world);
    ck_assert_int_eq(state(1), GUEST_READY);
}
END_TEST

START_TEST(test_grace_begins_with_the_need_for_proof)
{
    struct host_domain *d =
        world_add(&world, 1, HOST_UNSET, 200 * MIB, HOST_UNSET);

    d->balloon = HOST_BALLOON_UNSAID;
    world_settle(&world);
    world_observe(&world, 3600 * 1000);
    d->dynamic_min_kib = 100 * MIB;
    d->dynamic_max_kib = 300 * MIB;
    world_observe(&world, 10);
    ck_assert_int_eq(state(1), GUEST_BOOTING);
    world_observe(&world, world.tuning.boot_grace_ms);
    ck_assert_int_eq(state(1), GUEST_NO_BALLOON);
}
END_TEST

START_TEST(test_shrinking_proves_a_balloon)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    d->balloon = HOST_BALLOON_UNSAID;
    world_settle(&world);
    d->target_kib = 196 * MIB;
    world_observe(&world, 10);
    ck_assert(!world_guest(&world, 1)->has_balloon);
    world_hold(&world, d, 198 * MIB);
    world_observe(&world, 10);
    ck_assert(world_guest(&world, 1)->has_balloon);
    ck_assert_int_eq(state(1), GUEST_MOVING);
}
END_TEST

struct proof_row {
    enum host_domain_type type;
    bool is_growth, is_dying;
    bool expect;
};

static const struct proof_row proof_rows[] = {
    { HOST_DOMAIN_PV, false, false, true },
    { HOST_DOMAIN_PV, true, false, true },
    { HOST_DOMAIN_PVH, false, false, true },
    { HOST_DOMAIN_PVH, true, false, false }, /* populated on demand, perhaps */
    { HOST_DOMAIN_HVM, true, false, false },
    { HOST_DOMAIN_PV, false, true, false }, /* everyone shrinks in the end */
};

START_TEST(test_what_proves_a_balloon)
{
    const struct proof_row *row = &proof_rows[_i];
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    d->balloon = HOST_BALLOON_UNSAID;
    d->type = row->type;
    world_settle(&world);
    d->target_kib = row->is_growth ? 204 * MIB : 196 * MIB;
    world_observe(&world, 10);
    d->is_dying = row->is_dying;
    world_hold(&world, d, d->target_kib);
    world_observe(&world, 10);
    ck_assert_int_eq(world_guest(&world, 1)->has_balloon, row->expect);
}
END_TEST

START_TEST(test_construction_proves_nothing)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    d->balloon = HOST_BALLOON_UNSAID;
    d->is_paused = true;
    world_hold(&world, d, 0);
    world_observe(&world, 0);
    for (uint64_t mib = 10; mib <= 200; mib += 10) {
        world_hold(&world, d, mib * MIB);
        world_observe(&world, 100);
    }
    d->is_paused = false;
    world_observe(&world, 100);
    world_observe(&world, 1000);
    ck_assert(!world_guest(&world, 1)->has_balloon);
}
END_TEST

START_TEST(test_pursuit_is_slow_then_stuck_then_tried_again)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    world_settle(&world);
    d->target_kib = 150 * MIB;
    world_observe(&world, 10);
    ck_assert_int_eq(state(1), GUEST_MOVING);
    world_observe(&world, 1000);
    ck_assert_int_eq(state(1), GUEST_SLOW);
    world_observe(&world, 4000);
    ck_assert_int_eq(state(1), GUEST_STUCK);
    ck_assert_uint_eq(world_guest(&world, 1)->learned_floor_kib, 200 * MIB);
    world_observe(&world, world.tuning.stuck_retry_ms);
    ck_assert_int_ne(state(1), GUEST_STUCK);
    ck_assert_uint_eq(guest_lower_kib(world_guest(&world, 1), &world.tuning),
                      200 * MIB);
}
END_TEST

START_TEST(test_a_page_now_and_then_is_stuck)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    d->inaccuracy_kib = 64;
    world_settle(&world);
    d->target_kib = 150 * MIB;
    world_observe(&world, 10);
    for (int i = 0; i < 6; i++) {
        world_hold(&world, d, d->actual_kib - 4);
        world_observe(&world, 1000);
    }
    ck_assert_int_eq(state(1), GUEST_STUCK);
}
END_TEST

START_TEST(test_cannot_grow_teaches_a_ceiling)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    world_settle(&world);
    d->target_kib = 300 * MIB;
    world_observe(&world, 10);
    world_observe(&world, 6000);
    ck_assert_int_eq(state(1), GUEST_STUCK);
    ck_assert_uint_eq(guest_upper_kib(world_guest(&world, 1)), 200 * MIB);
}
END_TEST

START_TEST(test_offset_is_learned_at_rest)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    d->type = HOST_DOMAIN_PVH;
    world_hold(&world, d, 200 * MIB + 64);
    world_settle(&world);
    ck_assert(world_guest(&world, 1)->is_calibrated);
    ck_assert_int_eq(world_guest(&world, 1)->offset_kib, 64);
    ck_assert_uint_eq(guest_actual_kib(world_guest(&world, 1)), 200 * MIB);
}
END_TEST

START_TEST(test_being_far_off_is_no_offset)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    world_hold(&world, d, 250 * MIB);
    world_settle(&world);
    ck_assert(!world_guest(&world, 1)->is_calibrated);
    ck_assert_int_eq(world_guest(&world, 1)->offset_kib, 0);
}
END_TEST

START_TEST(test_bad_range_keeps_the_last_good)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);
    struct guest *g;

    world_settle(&world);
    d->dynamic_min_kib = 400 * MIB;
    world_observe(&world, 10);
    g = world_guest(&world, 1);
    ck_assert_str_eq(g->range_error,
                     "dynamic-min 409600 KiB is above dynamic-max 307200 KiB");
    ck_assert_uint_eq(g->range.dynamic_min_kib, 100 * MIB);
    d->dynamic_min_kib = 150 * MIB;
    world_observe(&world, 10);
    ck_assert_str_eq(g->range_error, "");
    ck_assert_uint_eq(g->range.dynamic_min_kib, 150 * MIB);
}
END_TEST

static const struct {
    unsigned garbled;
    const char *name;
} garbled_limits[] = {
    { HOST_STATIC_MIN, "static-min" },
    { HOST_DYNAMIC_MIN, "dynamic-min" },
    { HOST_DYNAMIC_MAX, "dynamic-max" },
    { HOST_STATIC_MAX, "static-max" },
    { HOST_STATIC_MAX | HOST_DYNAMIC_MIN, "dynamic-min" },
};

START_TEST(test_limit_that_is_no_number_keeps_the_last_good)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);
    char expected[HOST_ERROR_SIZE];
    struct guest *g;

    snprintf(expected, sizeof(expected),
             "%s is not a number of KiB: digits only, at most 4398046511104",
             garbled_limits[_i].name);
    world_settle(&world);
    d->dynamic_min_kib = HOST_UNSET;
    d->garbled_limits = garbled_limits[_i].garbled;
    world_observe(&world, 10);
    g = world_guest(&world, 1);
    ck_assert_str_eq(g->range_error, expected);
    ck_assert(g->has_range);
    ck_assert_uint_eq(g->range.dynamic_min_kib, 100 * MIB);
    d->garbled_limits = 0;
    world_observe(&world, 10);
    ck_assert_str_eq(world_guest(&world, 1)->range_error, "");
    ck_assert(!world_guest(&world, 1)->has_range);
}
END_TEST

START_TEST(test_limit_that_is_no_number_is_no_first_range)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    d->garbled_limits = HOST_STATIC_MIN;
    world_settle(&world);
    ck_assert(!world_guest(&world, 1)->has_range);
    ck_assert_str_ne(world_guest(&world, 1)->range_error, "");
}
END_TEST

START_TEST(test_without_a_range_hands_are_off)
{
    struct host_domain *d =
        world_add(&world, 1, HOST_UNSET, 200 * MIB, HOST_UNSET);

    d->static_max_kib = HOST_UNSET;
    world_settle(&world);
    ck_assert(!world_guest(&world, 1)->has_range);
    ck_assert(!guest_is_movable(world_guest(&world, 1), &world.tuning));
}
END_TEST

START_TEST(test_guest_believes_an_agent_while_it_speaks)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);
    const struct guest *g;

    d->available_kib = 50 * MIB;
    sample_init(&d->sample);
    d->sample.sequence = 1;
    world_observe(&world, 100);
    g = world_guest(&world, 1);
    /* An old kernel does not tell. */
    ck_assert_uint_eq(g->facts.available_kib, 50 * MIB);
    d->sample.sequence = 2;
    d->sample.available_kib = 1 * MIB;
    world_observe(&world, 100);
    ck_assert_uint_eq(g->facts.available_kib, 1 * MIB);
    world_observe(&world, GUEST_LOAD_STALE_MS);
    ck_assert_uint_eq(g->facts.available_kib, 1 * MIB);
    world_observe(&world, 1);
    ck_assert_uint_eq(g->facts.available_kib, 50 * MIB);
    d->sample.sequence = 0;
    world_observe(&world, 1);
    ck_assert_uint_eq(g->facts.available_kib, 50 * MIB);
}
END_TEST

struct pin_row {
    uint64_t pin_mib, learned_floor_mib, lower_mib, upper_mib;
};

/* Range 100..300 MiB: a pin is a place in it, a floor is stronger. */
static const struct pin_row pin_rows[] = {
    { 150, 0, 150, 150 }, { 50, 0, 100, 100 },    { 400, 0, 300, 300 },
    { 0, 0, 100, 100 },   { 150, 200, 200, 200 }, { 250, 200, 250, 250 },
};

START_TEST(test_pin_is_one_place_in_the_range)
{
    const struct pin_row *row = &pin_rows[_i];
    struct guest *g;

    world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);
    world_settle(&world);
    g = world_guest(&world, 1);
    g->pin_kib = row->pin_mib * MIB;
    g->learned_floor_kib = row->learned_floor_mib * MIB;
    g->learned_floor_until_ms = UINT64_MAX;
    world_observe(&world, 0);
    ck_assert_uint_eq(world.snapshot.entries[0].lower_kib,
                      row->lower_mib * MIB);
    ck_assert_uint_eq(world.snapshot.entries[0].upper_kib,
                      row->upper_mib * MIB);
}
END_TEST

struct floor_row {
    uint64_t static_max_mib, floor_mib;
};

/* The published formula at its edges. */
static const struct floor_row floor_rows[] = {
    { 64, 40 },    { 127, 71 },   { 128, 72 },     { 256, 104 },
    { 511, 167 },  { 512, 168 },  { 2047, 359 },   { 2048, 360 },
    { 4096, 424 }, { 8192, 552 }, { 65536, 2344 },
};

START_TEST(test_oom_floor)
{
    const struct floor_row *row = &floor_rows[_i];
    uint64_t floor_kib = guest_oom_floor_kib(row->static_max_mib * MIB);

    ck_assert_uint_eq(floor_kib / MIB, row->floor_mib);
}
END_TEST

/* How fast it gives is known once it has given enough to be timed. */
START_TEST(test_the_speed_of_a_shrinking_domain_is_measured)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 400 * MIB);

    world_settle(&world);
    ck_assert_uint_eq(world_guest(&world, 1)->gives_kib_per_s, 0);
    d->target_kib = 120 * MIB;
    world_observe(&world, 10);
    world_hold(&world, d, 199 * MIB);
    world_observe(&world, 100);
    ck_assert_uint_eq(world_guest(&world, 1)->gives_kib_per_s, 0);
    world_hold(&world, d, 160 * MIB);
    world_observe(&world, 900);
    ck_assert_uint_eq(world_guest(&world, 1)->gives_kib_per_s, 40 * MIB);
    world_observe(&world, 5000);
    ck_assert_uint_eq(world_guest(&world, 1)->gives_kib_per_s, 40 * MIB);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_test(tests, test_the_speed_of_a_shrinking_domain_is_measured);
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, test_table_follows_the_host);
    tcase_add_test(tests, test_who_goes_keeps_his_name);
    tcase_add_test(tests, test_reused_domid_is_another_domain);
    UNIT_ADD_ROWS(tests, test_state_follows_the_facts, state_rows);
    tcase_add_test(tests, test_nothing_to_prove_is_ready);
    tcase_add_test(tests, test_grace_begins_with_the_need_for_proof);
    tcase_add_test(tests, test_shrinking_proves_a_balloon);
    UNIT_ADD_ROWS(tests, test_what_proves_a_balloon, proof_rows);
    tcase_add_test(tests, test_construction_proves_nothing);
    tcase_add_test(tests, test_pursuit_is_slow_then_stuck_then_tried_again);
    tcase_add_test(tests, test_a_page_now_and_then_is_stuck);
    tcase_add_test(tests, test_cannot_grow_teaches_a_ceiling);
    tcase_add_test(tests, test_offset_is_learned_at_rest);
    tcase_add_test(tests, test_being_far_off_is_no_offset);
    tcase_add_test(tests, test_bad_range_keeps_the_last_good);
    UNIT_ADD_ROWS(tests, test_limit_that_is_no_number_keeps_the_last_good,
                  garbled_limits);
    tcase_add_test(tests, test_limit_that_is_no_number_is_no_first_range);
    tcase_add_test(tests, test_without_a_range_hands_are_off);
    tcase_add_test(tests, test_guest_believes_an_agent_while_it_speaks);
    UNIT_ADD_ROWS(tests, test_pin_is_one_place_in_the_range, pin_rows);
    UNIT_ADD_ROWS(tests, test_oom_floor, floor_rows);
}

int
main(void)
{
    return unit_run("guest", add);
}
