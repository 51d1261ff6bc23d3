/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest's agent told, as engines are shown it. */
#include <config.h>

#include "unit.h"
#include "world.h"

#define NO SAMPLE_UNKNOWN

/* The sample of a guest of 512 MiB; a test changes what it is about. */
static struct sample
full_sample(uint64_t sequence, uint64_t uptime_ms)
{
    return (struct sample){
        .sequence = sequence,
        .uptime_ms = uptime_ms,
        .total_kib = 500 * MIB,
        .available_kib = 120 * MIB,
        .cache_kib = 90 * MIB,
        .anon_kib = 260 * MIB,
        .swap_total_kib = 128 * MIB,
        .swap_free_kib = 100 * MIB,
    };
}

static struct host_domain *domain;

static void
setup(void)
{
    world_setup();
    domain = world_add(&world, 1, 100 * MIB, 512 * MIB, 600 * MIB);
}

static const struct xbp_guest *
shown(void)
{
    ck_assert_uint_eq(world.snapshot.xbp.n_guests, 1);
    return world.snapshot.xbp.guests[0];
}

START_TEST(test_nothing_is_known_of_a_mute_guest)
{
    const struct xbp_guest *g;

    world_settle(&world);
    g = shown();
    ck_assert_uint_eq(g->_struct_size, sizeof(*g));
    ck_assert_uint_eq(g->available_kib, XBP_UNKNOWN);
    ck_assert_uint_eq(g->sample_age_ms, XBP_UNKNOWN);
    ck_assert_uint_eq(g->cache_kib, XBP_UNKNOWN);
    ck_assert_uint_eq(g->swap_used_kib, XBP_UNKNOWN);
    ck_assert_uint_eq(g->swap_in_kib_per_s, XBP_UNKNOWN);
    ck_assert_uint_eq(g->swap_out_kib_per_s, XBP_UNKNOWN);
    ck_assert_uint_eq(g->refault_anon_kib_per_s, XBP_UNKNOWN);
    ck_assert_uint_eq(g->refault_file_kib_per_s, XBP_UNKNOWN);
    ck_assert_uint_eq(g->stall_some_permyriad, XBP_UNKNOWN);
    ck_assert_uint_eq(g->stall_full_permyriad, XBP_UNKNOWN);
    ck_assert_uint_eq(g->used_kib, XBP_UNKNOWN);
    ck_assert_uint_eq(g->anon_kib, XBP_UNKNOWN);
    ck_assert_uint_eq(g->swap_total_kib, XBP_UNKNOWN);
}
END_TEST

/* The second sample comes 2 s after the first; counters count from 0. */
START_TEST(test_a_sample_is_shown)
{
    const struct xbp_guest *g;

    domain->sample = full_sample(1, 1000);
    world_settle(&world);
    ck_assert_uint_eq(shown()->swap_in_kib_per_s, XBP_UNKNOWN);
    domain->sample = full_sample(2, 3000);
    domain->sample.swap_in_pages = 1000;
    domain->sample.swap_out_pages = 2000;
    domain->sample.refault_anon_pages = 3000;
    domain->sample.refault_file_pages = 4000;
    domain->sample.stall_some_us = 500000;
    domain->sample.stall_full_us = 100000;
    world_observe(&world, 2000);
    g = shown();
    ck_assert_uint_eq(g->sample_age_ms, 0);
    ck_assert_uint_eq(g->cache_kib, 90 * MIB);
    ck_assert_uint_eq(g->swap_used_kib, 28 * MIB);
    ck_assert_uint_eq(g->swap_in_kib_per_s, 2000);
    ck_assert_uint_eq(g->swap_out_kib_per_s, 4000);
    ck_assert_uint_eq(g->refault_anon_kib_per_s, 6000);
    ck_assert_uint_eq(g->refault_file_kib_per_s, 8000);
    ck_assert_uint_eq(g->stall_some_permyriad, 2500);
    ck_assert_uint_eq(g->stall_full_permyriad, 500);
    ck_assert_uint_eq(g->used_kib, 380 * MIB);
    ck_assert_uint_eq(g->anon_kib, 260 * MIB);
    ck_assert_uint_eq(g->swap_total_kib, 128 * MIB);
}
END_TEST

START_TEST(test_a_sample_grows_old)
{
    domain->sample = full_sample(1, 1000);
    world_settle(&world);
    domain->sample = full_sample(2, 3000);
    world_observe(&world, 2000);
    world_observe(&world, 7000);
    ck_assert_uint_eq(shown()->sample_age_ms, 7000);
    ck_assert_uint_eq(shown()->swap_in_kib_per_s, 0);
    /* What it has is still told, how fast it moves no more. */
    world_observe(&world, GUEST_LOAD_STALE_MS);
    ck_assert_uint_eq(shown()->sample_age_ms, 7000 + GUEST_LOAD_STALE_MS);
    ck_assert_uint_eq(shown()->used_kib, 380 * MIB);
    ck_assert_uint_eq(shown()->swap_in_kib_per_s, XBP_UNKNOWN);
}
END_TEST

/* What of used, swapped out and swap room is known from part of a sample. */
static const struct part_row {
    uint64_t total, available, swap_total, swap_free;
    uint64_t used, swap_used, swap_room;
} part_rows[] = {
    { 500, 120, 128, 100, 380, 28, 128 },
    { NO, 120, NO, 100, XBP_UNKNOWN, XBP_UNKNOWN, XBP_UNKNOWN },
    { 500, NO, 128, NO, XBP_UNKNOWN, XBP_UNKNOWN, 128 },
    /* no swap; numbers that cannot be */
    { 500, 500, 0, 0, 0, 0, 0 },
    { 500, 501, 128, 129, 0, 0, 128 },
};

START_TEST(test_parts_of_a_sample_are_shown)
{
    const struct part_row *row = &part_rows[_i];

    domain->sample = full_sample(1, 1000);
    domain->sample.total_kib = row->total;
    domain->sample.available_kib = row->available;
    domain->sample.swap_total_kib = row->swap_total;
    domain->sample.swap_free_kib = row->swap_free;
    domain->sample.cache_kib = NO;
    domain->sample.anon_kib = NO;
    world_settle(&world);
    ck_assert_uint_eq(shown()->used_kib, row->used);
    ck_assert_uint_eq(shown()->swap_used_kib, row->swap_used);
    ck_assert_uint_eq(shown()->swap_total_kib, row->swap_room);
    ck_assert_uint_eq(shown()->cache_kib, XBP_UNKNOWN);
    ck_assert_uint_eq(shown()->anon_kib, XBP_UNKNOWN);
}
END_TEST

/* A range has no agent. */
START_TEST(test_nothing_is_known_of_a_range)
{
    const struct xbp_guest *g;

    domain->sample = full_sample(1, 1000);
    world_settle(&world);
    ck_assert_int_eq(snapshot_add_range(&world.snapshot, MIB, 2 * MIB), 0);
    g = world.snapshot.xbp.guests[1];
    ck_assert_uint_eq(g->flags, XBP_GUEST_RESERVATION);
    ck_assert_uint_eq(g->sample_age_ms, XBP_UNKNOWN);
    ck_assert_uint_eq(g->used_kib, XBP_UNKNOWN);
    ck_assert_uint_eq(g->swap_total_kib, XBP_UNKNOWN);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, test_nothing_is_known_of_a_mute_guest);
    tcase_add_test(tests, test_a_sample_is_shown);
    tcase_add_test(tests, test_a_sample_grows_old);
    UNIT_ADD_ROWS(tests, test_parts_of_a_sample_are_shown, part_rows);
    tcase_add_test(tests, test_nothing_is_known_of_a_range);
}

int
main(void)
{
    return unit_run("snapshot", add);
}
