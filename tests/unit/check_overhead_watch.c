/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whose overhead is measured, when, and what would spoil it. */
#include <config.h>

#include <string.h>

#include "overhead-watch.h"
#include "unit.h"
#include "world.h"

static struct overhead_watch watch;

static struct guest *
look(uint64_t pass_ms)
{
    world_observe(&world, pass_ms);
    return overhead_watch_look(&watch, &world.guests, &world.snapshot);
}

/* Xen takes memory for itself, or for a domain. */
static void
xen_takes(uint64_t kib)
{
    world.view.memory.free_kib -= kib;
}

/* A host with domain 1 at rest, watched from its beginning. */
static void
setup(void)
{
    world_init(&world);
    watch = (struct overhead_watch){ 0 };
    xen_takes(40 * MIB);
    world_add(&world, 1, 64 * MIB, 64 * MIB, 64 * MIB);
    ck_assert_ptr_null(look(0));
    ck_assert_ptr_null(look(1000));
}

static struct host_domain *
appear(uint32_t domid)
{
    return world_add(&world, domid, 64 * MIB, 64 * MIB, 64 * MIB);
}

/* It comes, Xen takes that much for it, and it is seen. */
static struct host_domain *
come(uint32_t domid, uint64_t overhead_kib)
{
    struct host_domain *d = appear(domid);

    xen_takes(overhead_kib);
    ck_assert_ptr_null(look(20));
    return d;
}

/* Time passes, and nothing comes of it. */
static void
assert_never_measured(void)
{
    ck_assert_ptr_null(look(20));
    ck_assert_ptr_null(look(1000));
    ck_assert_ptr_null(look(1000));
}

static void
vanish(uint32_t domid)
{
    size_t n = --world.view.n_domains;

    for (size_t i = 0; i < n; i++)
        if (world.domains[i].domid == domid)
            memmove(&world.domains[i], &world.domains[i + 1],
                    (n - i) * sizeof(world.domains[0]));
}

static void
assert_measured(struct guest *g, uint32_t domid, uint64_t kib)
{
    ck_assert_ptr_nonnull(g);
    ck_assert_uint_eq(g->facts.domid, domid);
    ck_assert_uint_eq(g->overhead_kib, kib);
    /* Once is enough. */
    ck_assert_ptr_null(look(1000));
}

START_TEST(test_newcomer_at_rest_is_measured)
{
    come(2, 3 * MIB);
    ck_assert_ptr_null(look(20));
    assert_measured(look(1000), 2, 3 * MIB);
    /* The next one is measured from there. */
    come(3, 5 * MIB);
    assert_measured(look(1000), 3, 5 * MIB);
}
END_TEST

START_TEST(test_domains_of_before_the_daemon_are_not_measured)
{
    ck_assert_uint_eq(world_guest(&world, 1)->overhead_kib, HOST_UNSET);
    watch = (struct overhead_watch){ 0 };
    world_guest(&world, 1)->is_counted = false;
    ck_assert_ptr_null(look(1000));
    ck_assert_ptr_null(look(1000));
}
END_TEST

START_TEST(test_balloons_meanwhile_do_not_matter)
{
    struct host_domain *d = come(2, 3 * MIB);

    world_hold(&world, &world.domains[0], 32 * MIB);
    ck_assert_ptr_null(look(1000)); /* it has settled, but another moves */
    world_hold(&world, d, 96 * MIB);
    ck_assert_ptr_null(look(1000));
    assert_measured(look(1000), 2, 3 * MIB);
}
END_TEST

START_TEST(test_what_it_holds_beyond_its_target_counts)
{
    struct host_domain *d = appear(2);

    d->type = HOST_DOMAIN_HVM;
    d->videoram_kib = 4 * MIB;
    world_hold(&world, d, 64 * MIB + 5 * MIB);
    xen_takes(3 * MIB);
    ck_assert_ptr_null(look(20));
    assert_measured(look(1000), 2, 4 * MIB);
}
END_TEST

START_TEST(test_paused_newcomer_is_waited_for)
{
    struct host_domain *d = appear(2);

    d->is_paused = true;
    xen_takes(3 * MIB);
    ck_assert_ptr_null(look(20));
    ck_assert_ptr_null(look(10000));
    d->is_paused = false;
    assert_measured(look(1000), 2, 3 * MIB);
}
END_TEST

START_TEST(test_two_that_come_together_are_not_told_apart)
{
    appear(2);
    come(3, 3 * MIB);
    ck_assert_ptr_null(look(1000));
    ck_assert_ptr_null(look(1000));
    come(4, 2 * MIB);
    assert_measured(look(1000), 4, 2 * MIB);
}
END_TEST

START_TEST(test_another_that_comes_spoils_it)
{
    come(2, 3 * MIB);
    come(3, 3 * MIB);
    ck_assert_ptr_null(look(1000));
    ck_assert_ptr_null(look(1000));
}
END_TEST

START_TEST(test_another_that_goes_spoils_it)
{
    come(2, 3 * MIB);
    vanish(1);
    assert_never_measured();
}
END_TEST

START_TEST(test_one_that_takes_anothers_place_spoils_it)
{
    vanish(1);
    appear(2);
    ck_assert_ptr_null(look(20));
    ck_assert_ptr_null(look(1000));
    /* The same number, another domain (A4). */
    memcpy(world.domains[0].uuid, "11111111", 8);
    assert_never_measured();
}
END_TEST

START_TEST(test_one_that_dies_spoils_it)
{
    come(2, 3 * MIB);
    world.domains[0].is_dying = true;
    ck_assert_ptr_null(look(1000));
    world.domains[0].is_dying = false;
    ck_assert_ptr_null(look(1000));
}
END_TEST

START_TEST(test_one_that_goes_at_once_leaves_no_trace)
{
    come(2, 3 * MIB);
    vanish(2);
    xen_takes(2 * MIB);
    ck_assert_ptr_null(look(20));
    ck_assert_ptr_null(look(1000));
    come(3, 1 * MIB);
    assert_measured(look(1000), 3, 1 * MIB);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, test_newcomer_at_rest_is_measured);
    tcase_add_test(tests, test_domains_of_before_the_daemon_are_not_measured);
    tcase_add_test(tests, test_balloons_meanwhile_do_not_matter);
    tcase_add_test(tests, test_what_it_holds_beyond_its_target_counts);
    tcase_add_test(tests, test_paused_newcomer_is_waited_for);
    tcase_add_test(tests, test_two_that_come_together_are_not_told_apart);
    tcase_add_test(tests, test_another_that_comes_spoils_it);
    tcase_add_test(tests, test_another_that_goes_spoils_it);
    tcase_add_test(tests, test_one_that_takes_anothers_place_spoils_it);
    tcase_add_test(tests, test_one_that_dies_spoils_it);
    tcase_add_test(tests, test_one_that_goes_at_once_leaves_no_trace);
}

int
main(void)
{
    return unit_run("overhead-watch", add);
}
