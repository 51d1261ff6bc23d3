/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whose word is taken on suffering, and squeezes that are regretted (G7). */
#include <config.h>

#include "guest-limits.h"
#include "unit.h"
#include "util/units.h"
#include "world.h"

/* One domain of 100..300 MiB that holds 200 MiB. */
static struct host_domain *domain;
/* How long reads of its swap disk take in a second. */
static uint64_t wait_ms_per_s;

static void
setup(void)
{
    world_setup();
    wait_ms_per_s = HOST_UNSET;
    domain = world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);
    sample_init(&domain->sample);
    world_settle(&world);
}

static struct guest *
guest(void)
{
    return world_guest(&world, 1);
}

static uint64_t
lower_mib(void)
{
    return guest_lower_kib(guest(), &world.tuning) / MIB;
}

/* Seconds pass, with a report at the end of each: KiB/s swapped in and out, and
 * the part of that time in which all tasks waited. */
static void
report(unsigned seconds, uint64_t kib_per_s, uint64_t full_permyriad)
{
    struct sample *s = &domain->sample;

    for (unsigned i = 0; i < seconds; i++) {
        if (s->sequence++ == 0) {
            s->swap_in_pages = s->swap_out_pages = 0;
            s->refault_anon_pages = s->refault_file_pages = 0;
            s->stall_some_us = s->stall_full_us = 0;
            s->swap_total_kib = 512 * MIB;
            s->swap_free_kib = 256 * MIB;
        }
        s->uptime_ms += MS_PER_S;
        s->total_kib = domain->actual_kib;
        s->swap_in_pages += kib_per_s / PAGE_KIB;
        s->swap_out_pages += kib_per_s / PAGE_KIB;
        s->refault_anon_pages += kib_per_s / PAGE_KIB;
        s->stall_full_us += full_permyriad * 100;
        s->stall_some_us += full_permyriad * 100;
        world_observe(&world, MS_PER_S);
    }
}

static void
suffer(unsigned seconds)
{
    report(seconds, 4 * KIB_PER_MIB, 3000);
}

static void
be_calm(unsigned seconds)
{
    report(seconds, 0, 0);
}

/* It is told to hold as much, and does. */
static void
resize(uint64_t mib)
{
    guest_note_target(guest(), mib * MIB, &world.tuning, world.now_ms);
    domain->target_kib = mib * MIB;
    world_hold(&world, domain, mib * MIB);
}

START_TEST(test_agent_is_heard_by_its_reports)
{
    be_calm(2);
    domain->sample.available_kib = 0; /* low, and well */
    be_calm(5);
    ck_assert(!guest()->is_thrashing);
    suffer(1);
    world_observe(&world, 20);
    world_observe(&world, 5000);
    ck_assert(!guest()->is_thrashing);
    suffer(1);
    ck_assert(guest()->is_thrashing);
    ck_assert_uint_eq(world.snapshot.entries[0].flags, XBP_GUEST_THRASHING);
    be_calm(9);
    ck_assert(guest()->is_thrashing);
    be_calm(1);
    ck_assert(!guest()->is_thrashing);
}
END_TEST

/* 4 MiB a second may be what little is out, and cannot be nearly nothing. */
START_TEST(test_more_than_is_out_is_not_believed)
{
    be_calm(1);
    domain->sample.swap_free_kib = domain->sample.swap_total_kib - 255;
    suffer(5);
    ck_assert(!guest()->is_thrashing);
    domain->sample.swap_free_kib = domain->sample.swap_total_kib - 256;
    suffer(2);
    ck_assert(guest()->is_thrashing);
}
END_TEST

START_TEST(test_agent_that_dies_is_missed_for_a_while)
{
    be_calm(1);
    suffer(2);
    ck_assert(guest()->is_thrashing);
    world_observe(&world, 60000);
    ck_assert(guest()->is_thrashing);
    world_observe(&world, 1);
    ck_assert(!guest()->is_thrashing);
}
END_TEST

START_TEST(test_old_word_after_an_agent_ends_nothing_at_once)
{
    domain->available_kib = 100 * MIB; /* written a year ago */
    be_calm(1);
    suffer(2);
    world_observe(&world, GUEST_LOAD_STALE_MS + 1);
    ck_assert(guest()->is_thrashing);
    world_observe(&world, 10000);
    ck_assert(!guest()->is_thrashing);
}
END_TEST

START_TEST(test_word_alone_counts_at_once_and_ends_slowly)
{
    domain->available_kib = 1 * MIB;
    world_observe(&world, 20);
    ck_assert(guest()->is_thrashing);
    domain->available_kib = 100 * MIB;
    world_observe(&world, 1000);
    ck_assert(guest()->is_thrashing);
    world_observe(&world, 5000);
    world_observe(&world, 5000);
    ck_assert(!guest()->is_thrashing);
}
END_TEST

START_TEST(test_squeeze_that_hurts_is_regretted)
{
    resize(120);
    domain->available_kib = 50 * MIB;
    world_observe(&world, 100);
    ck_assert_uint_eq(lower_mib(), 100);
    domain->available_kib = 1 * MIB;
    world_observe(&world, 100);
    ck_assert(guest()->is_thrashing);
    ck_assert_uint_eq(lower_mib(), 200);
}
END_TEST

/* Seconds pass in which its swap disk moves as much both ways. */
static void
swap_disk(unsigned seconds, uint64_t in_kib_per_s, uint64_t out_kib_per_s)
{
    for (unsigned i = 0; i < seconds; i++) {
        world_observe(&world, MS_PER_S);
        domain->swap.is_seen = true;
        domain->swap.at_ms = world.now_ms;
        domain->swap.in_kib += in_kib_per_s;
        domain->swap.out_kib += out_kib_per_s;
        domain->swap.wait_ms = wait_ms_per_s == HOST_UNSET
                                   ? HOST_UNSET
                                   : domain->swap.wait_ms + wait_ms_per_s;
        world_observe(&world, 0);
    }
}

START_TEST(test_swap_disk_tells_where_no_agent_does)
{
    domain->available_kib = 0; /* it swaps as little as it likes */
    swap_disk(2, 0, 0);
    swap_disk(11, 0, 0); /* calm after that word */
    ck_assert(!guest()->is_thrashing);
    swap_disk(1, 2 * KIB_PER_MIB, 3 * KIB_PER_MIB);
    ck_assert(!guest()->is_thrashing);
    ck_assert_uint_eq(world.snapshot.entries[0].swap_in_kib_per_s,
                      2 * KIB_PER_MIB);
    ck_assert_uint_eq(world.snapshot.entries[0].swap_out_kib_per_s,
                      3 * KIB_PER_MIB);
    swap_disk(1, 2 * KIB_PER_MIB, 3 * KIB_PER_MIB);
    ck_assert(guest()->is_thrashing);
    swap_disk(9, 0, 9 * KIB_PER_MIB); /* one that fills its swap is not it */
    ck_assert(guest()->is_thrashing);
    swap_disk(1, 0, 0);
    ck_assert(!guest()->is_thrashing);
}
END_TEST

struct wait_row {
    uint64_t kib_per_s, wait_ms;
    bool expect;
};

static const struct wait_row wait_rows[] = {
    { 470, 950, true }, /* a disk of 8.5 ms a page */
    { 470, 200, true },  { 470, 199, false },
    { 470, 9000, true }, /* many at once */
    { 9000, 10, false }, /* fast: nobody waits */
    { 100, 950, false }, /* hardly a page: it hangs rather */
};

START_TEST(test_reads_that_are_waited_for)
{
    const struct wait_row *row = &wait_rows[_i];

    wait_ms_per_s = 0;
    domain->swap.wait_ms = 0;
    swap_disk(3, 0, 0);
    wait_ms_per_s = row->wait_ms;
    swap_disk(3, row->kib_per_s, 0);
    ck_assert_int_eq(guest()->is_thrashing, row->expect);
    wait_ms_per_s = 0;
    swap_disk(10, 0, 0);
    ck_assert(!guest()->is_thrashing);
}
END_TEST

START_TEST(test_agent_knows_better_than_its_swap_disk)
{
    be_calm(2);
    for (int i = 0; i < 5; i++) {
        swap_disk(1, 9 * KIB_PER_MIB, 9 * KIB_PER_MIB);
        be_calm(1);
    }
    ck_assert(!guest()->is_thrashing);
    ck_assert_uint_eq(world.snapshot.entries[0].swap_in_kib_per_s, 0);
}
END_TEST

struct regret_row {
    uint64_t steps_mib[4]; /* from 200 MiB, each a second after the other */
    uint64_t rest_s;       /* it is well for as long; then it suffers */
    uint64_t expect_mib;
};

static const struct regret_row regret_rows[] = {
    { { 150 }, 1, 200 },           { { 150 }, 27, 200 },
    { { 150 }, 29, 100 },          /* that long after it was not we */
    { { 250 }, 1, 100 },           /* nor was that */
    { { 180, 160, 140 }, 2, 200 }, /* one squeeze in small steps */
    { { 150, 250, 240 }, 2, 250 }, /* it had more in between */
};

START_TEST(test_what_is_regretted)
{
    const struct regret_row *row = &regret_rows[_i];

    be_calm(1);
    for (int i = 0; i < 4 && row->steps_mib[i] > 0; i++) {
        resize(row->steps_mib[i]);
        be_calm(i < 3 && row->steps_mib[i + 1] > 0 ? 1 : 0);
    }
    be_calm((unsigned)row->rest_s);
    suffer(2);
    ck_assert(guest()->is_thrashing);
    ck_assert_uint_eq(lower_mib(), row->expect_mib);
}
END_TEST

/* Whether it has a balloon is tried by so little that this cannot be why. */
START_TEST(test_a_probe_is_no_squeeze)
{
    be_calm(1);
    guest()->state = GUEST_BOOTING;
    resize(196);
    suffer(2);
    ck_assert(guest()->is_thrashing);
    ck_assert_uint_eq(lower_mib(), 100);
}
END_TEST

/* Squeezed to 150 MiB it suffers, and is given back what it had. */
static void
hurt(void)
{
    resize(150);
    suffer(2);
    ck_assert(guest()->is_thrashing);
    ck_assert_uint_eq(lower_mib(), 200);
    resize(200);
}

START_TEST(test_regret_is_short_and_longer_if_it_hurts_again)
{
    static const unsigned held_s[] = { 120, 240, 480, 600, 600 };

    be_calm(1);
    for (size_t i = 0; i < sizeof(held_s) / sizeof(held_s[0]); i++) {
        hurt();
        be_calm(held_s[i] - 1);
        ck_assert_uint_eq(lower_mib(), 200);
        be_calm(1);
        ck_assert_uint_eq(lower_mib(), 100);
    }
    be_calm(601); /* that was long ago */
    hurt();
    be_calm(119);
    ck_assert_uint_eq(lower_mib(), 200);
    be_calm(1);
    ck_assert_uint_eq(lower_mib(), 100);
}
END_TEST

struct relax_row {
    uint64_t available_mib; /* of 200 */
    uint64_t lower_mib;
};

static const struct relax_row relax_rows[] = {
    { 0, 200 },
    { 12, 200 },  /* 1/16 is no room */
    { 22, 190 },  /* what it uses, and that 1/16 */
    { 100, 159 }, /* at 150 it suffered, whatever it says now */
};

START_TEST(test_regret_ends_where_it_needs_no_more)
{
    const struct relax_row *row = &relax_rows[_i];

    be_calm(1);
    hurt();
    domain->sample.available_kib = row->available_mib * MIB;
    be_calm(9);
    ck_assert_uint_eq(lower_mib(), 200);
    be_calm(1);
    ck_assert(!guest()->is_thrashing);
    ck_assert_uint_eq(lower_mib(), row->lower_mib);
    domain->sample.available_kib = 0; /* it does not rise again by itself */
    be_calm(1);
    ck_assert_uint_eq(lower_mib(), row->lower_mib);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, test_agent_is_heard_by_its_reports);
    tcase_add_test(tests, test_more_than_is_out_is_not_believed);
    tcase_add_test(tests, test_agent_that_dies_is_missed_for_a_while);
    tcase_add_test(tests, test_old_word_after_an_agent_ends_nothing_at_once);
    tcase_add_test(tests, test_word_alone_counts_at_once_and_ends_slowly);
    tcase_add_test(tests, test_swap_disk_tells_where_no_agent_does);
    UNIT_ADD_ROWS(tests, test_reads_that_are_waited_for, wait_rows);
    tcase_add_test(tests, test_agent_knows_better_than_its_swap_disk);
    tcase_add_test(tests, test_squeeze_that_hurts_is_regretted);
    UNIT_ADD_ROWS(tests, test_what_is_regretted, regret_rows);
    tcase_add_test(tests, test_a_probe_is_no_squeeze);
    tcase_add_test(tests, test_regret_is_short_and_longer_if_it_hurts_again);
    UNIT_ADD_ROWS(tests, test_regret_ends_where_it_needs_no_more, relax_rows);
}

int
main(void)
{
    return unit_run("pain", add);
}
