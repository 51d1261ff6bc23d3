/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ladder: what is done for a guest that suffers, and when. */
#include <config.h>

#include "ladder.h"
#include "unit.h"
#include "util/units.h"

#define S   MS_PER_S
#define MIB KIB_PER_MIB

/* A guest that thrashes on a host that has nothing for it. */
static const struct ladder_facts suffering = {
    .thrash = THRASH_THRASH,
    .is_automatic = true,
    .memory_kib = 512 * MIB,
    .out_kib = 100 * MIB,
    .size_kib = 512 * MIB,
    .swapped_kib = 0,
    .spare_kib = THRASH_UNKNOWN,
};

static struct ladder_facts
with_swap(enum thrash_state thrash, uint64_t swapped_kib, uint64_t spare_kib)
{
    return (struct ladder_facts){
        .thrash = thrash,
        .is_automatic = true,
        .has_swap = true,
        .patience_ms = 300 * S,
        .has_ours = true,
        .swapped_kib = swapped_kib,
        .spare_kib = spare_kib,
    };
}

static const struct {
    enum thrash_state thrash;
    bool is_automatic;
    uint64_t giveable_kib;
    bool has_swap;
    enum ladder_deed deed;
} first[] = {
    { THRASH_HEALTHY, true, 0, false, LADDER_NOTHING },
    { THRASH_WATCH, true, 0, false, LADDER_NOTHING },
    { THRASH_THRASH, true, 0, false, LADDER_ATTACH },
    { THRASH_EMERGENCY, true, 0, false, LADDER_ATTACH },
    { THRASH_THRASH, false, 0, false, LADDER_NOTHING },
    { THRASH_THRASH, true, 100 * MIB, false, LADDER_NOTHING },
    { THRASH_THRASH, true, 0, true, LADDER_NOTHING },
    { THRASH_SUSTAINED, true, 0, true, LADDER_ADVISE },
    { THRASH_SUSTAINED, false, 0, false, LADDER_ADVISE },
    { THRASH_SUSTAINED, true, 100 * MIB, true, LADDER_NOTHING },
};

START_TEST(test_memory_comes_before_swap_before_advice)
{
    struct ladder l = { 0 };
    struct ladder_facts f = suffering;

    f.thrash = first[_i].thrash;
    f.is_automatic = first[_i].is_automatic;
    f.giveable_kib = first[_i].giveable_kib;
    f.has_swap = first[_i].has_swap;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1000 * S), (int)first[_i].deed);
}
END_TEST

START_TEST(test_swap_is_tried_now_and_then)
{
    struct ladder l = { 0 };
    int n = 0;

    for (uint64_t now_ms = 1000 * S; now_ms < 1030 * S; now_ms += 100)
        n += ladder_step(&l, &suffering, now_ms) == LADDER_ATTACH;
    ck_assert_int_eq(n, 3);
}
END_TEST

/* The host has memory, but that does not help in time. */
START_TEST(test_memory_that_does_not_come_is_not_waited_for)
{
    struct ladder l = { 0 };
    struct ladder_facts f = suffering;
    uint64_t now_ms = 1000 * S;

    f.giveable_kib = 100 * MIB;
    while (ladder_step(&l, &f, now_ms) == LADDER_NOTHING && now_ms < 1100 * S)
        now_ms += 100;
    ck_assert_uint_eq(now_ms, 1010 * S);
}
END_TEST

/* Waiting for memory is for memory that would end it. */
static const struct {
    uint64_t giveable_kib, out_kib, size_kib;
    bool waits;
} amounts[] = {
    { 0, 0, 64 * MIB, false },
    { 4 * MIB, 100 * MIB, 512 * MIB, false },
    { 99 * MIB, 100 * MIB, 512 * MIB, false },
    { 100 * MIB, 100 * MIB, 512 * MIB, true },
    { 4 * MIB, 3 * MIB, 512 * MIB, true },
    /* As much as the volume would have. */
    { 64 * MIB, 100 * MIB, 64 * MIB, true },
    /* Without an agent. */
    { 511 * MIB, THRASH_UNKNOWN, 512 * MIB, false },
    { 512 * MIB, THRASH_UNKNOWN, 512 * MIB, true },
};

START_TEST(test_only_memory_that_is_enough_is_waited_for)
{
    struct ladder l = { 0 };
    struct ladder_facts f = suffering;

    f.giveable_kib = amounts[_i].giveable_kib;
    f.out_kib = amounts[_i].out_kib;
    f.size_kib = amounts[_i].size_kib;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1000 * S),
                     amounts[_i].waits ? LADDER_NOTHING : LADDER_ATTACH);
}
END_TEST

/* What was given is not there to be given any more; it takes a while. */
START_TEST(test_memory_that_was_given_is_let_work)
{
    struct ladder l = { 0 };
    struct ladder_facts f = suffering;

    f.giveable_kib = 120 * MIB;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1000 * S), LADDER_NOTHING);
    f.memory_kib += 120 * MIB;
    f.giveable_kib = 0;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1001 * S), LADDER_NOTHING);
    ck_assert_int_eq((int)ladder_step(&l, &f, 1009 * S), LADDER_NOTHING);
    ck_assert_int_eq((int)ladder_step(&l, &f, 1010 * S), LADDER_ATTACH);
}
END_TEST

START_TEST(test_memory_that_turns_out_too_little_is_not_waited_for)
{
    struct ladder l = { 0 };
    struct ladder_facts f = suffering;

    f.giveable_kib = 120 * MIB;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1000 * S), LADDER_NOTHING);
    f.memory_kib += 100 * MIB;
    f.giveable_kib = 20 * MIB;
    f.out_kib = 121 * MIB;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1001 * S), LADDER_ATTACH);
}
END_TEST

/* It takes ten calm seconds until it is called healthy: no volume for those. */
START_TEST(test_who_gets_better_is_given_nothing)
{
    struct ladder l = { 0 };
    struct ladder_facts f = suffering;

    f.gets_better = true;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1000 * S), LADDER_NOTHING);
    f.gets_better = false;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1001 * S), LADDER_ATTACH);
}
END_TEST

START_TEST(test_advice_is_given_once)
{
    struct ladder l = { 0 };
    struct ladder_facts f = with_swap(THRASH_SUSTAINED, 0, THRASH_UNKNOWN);

    ck_assert_int_eq((int)ladder_step(&l, &f, 1000 * S), LADDER_ADVISE);
    ck_assert_int_eq((int)ladder_step(&l, &f, 1001 * S), LADDER_NOTHING);
    f.thrash = THRASH_THRASH;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1002 * S), LADDER_NOTHING);
    f.thrash = THRASH_SUSTAINED;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1003 * S), LADDER_NOTHING);
    f.thrash = THRASH_HEALTHY;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1004 * S), LADDER_NOTHING);
    f.thrash = THRASH_SUSTAINED;
    ck_assert_int_eq((int)ladder_step(&l, &f, 1005 * S), LADDER_ADVISE);
}
END_TEST

static const struct {
    enum thrash_state thrash;
    uint64_t swapped_kib;
    uint64_t spare_kib;
    bool goes;
} calm[] = {
    { THRASH_HEALTHY, 0, THRASH_UNKNOWN, true },
    { THRASH_HEALTHY, 100 * MIB, 200 * MIB, true },
    { THRASH_HEALTHY, 100 * MIB, 199 * MIB, false },
    { THRASH_HEALTHY, 100 * MIB, THRASH_UNKNOWN, false },
    { THRASH_HEALTHY, THRASH_UNKNOWN, 200 * MIB, false },
    { THRASH_WATCH, 0, 200 * MIB, false },
};

START_TEST(test_swap_goes_when_it_is_not_needed)
{
    struct ladder_facts f =
        with_swap(calm[_i].thrash, calm[_i].swapped_kib, calm[_i].spare_kib);
    struct ladder l = { 0 };
    uint64_t now_ms = 1000 * S;

    while (now_ms < 2000 * S && ladder_step(&l, &f, now_ms) != LADDER_WITHDRAW)
        now_ms += S;
    ck_assert_uint_eq(now_ms, (calm[_i].goes ? 1300 : 2000) * S);
}
END_TEST

START_TEST(test_a_relapse_begins_the_calm_anew)
{
    struct ladder_facts well = with_swap(THRASH_HEALTHY, 0, 0);
    struct ladder_facts ill = with_swap(THRASH_WATCH, 0, 0);
    struct ladder l = { 0 };

    ladder_step(&l, &well, 1000 * S);
    ladder_step(&l, &ill, 1299 * S);
    ck_assert_int_eq((int)ladder_step(&l, &well, 1300 * S), LADDER_NOTHING);
    ck_assert_int_eq((int)ladder_step(&l, &well, 1599 * S), LADDER_NOTHING);
    ck_assert_int_eq((int)ladder_step(&l, &well, 1600 * S), LADDER_WITHDRAW);
    /* It was refused: after the same time again. */
    ck_assert_int_eq((int)ladder_step(&l, &well, 1601 * S), LADDER_NOTHING);
    ck_assert_int_eq((int)ladder_step(&l, &well, 1900 * S), LADDER_WITHDRAW);
}
END_TEST

/* What an administrator has attached is his to detach. */
START_TEST(test_what_others_attached_stays)
{
    struct ladder_facts f = with_swap(THRASH_HEALTHY, 0, 0);
    struct ladder l = { 0 };

    f.has_ours = false;
    for (uint64_t now_ms = 1000 * S; now_ms < 2000 * S; now_ms += S)
        ck_assert_int_eq((int)ladder_step(&l, &f, now_ms), LADDER_NOTHING);
}
END_TEST

static const struct {
    uint64_t memory_kib, max_kib, size_kib;
} sizes[] = {
    { 1024 * MIB, UINT64_MAX, 1024 * MIB },
    { 10 * MIB, UINT64_MAX, 64 * MIB },
    { 1024 * MIB, 512 * MIB, 512 * MIB },
    { 64 * 1024 * MIB, UINT64_MAX, 16 * 1024 * MIB },
    { 0, UINT64_MAX, 64 * MIB },
};

START_TEST(test_size_follows_memory)
{
    ck_assert_uint_eq(ladder_size_kib(sizes[_i].memory_kib, sizes[_i].max_kib),
                      sizes[_i].size_kib);
}
END_TEST

static void
add_tests(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_memory_comes_before_swap_before_advice, first);
    tcase_add_test(tests, test_swap_is_tried_now_and_then);
    tcase_add_test(tests, test_memory_that_does_not_come_is_not_waited_for);
    UNIT_ADD_ROWS(tests, test_only_memory_that_is_enough_is_waited_for,
                  amounts);
    tcase_add_test(tests, test_memory_that_was_given_is_let_work);
    tcase_add_test(tests,
                   test_memory_that_turns_out_too_little_is_not_waited_for);
    tcase_add_test(tests, test_who_gets_better_is_given_nothing);
    tcase_add_test(tests, test_advice_is_given_once);
    UNIT_ADD_ROWS(tests, test_swap_goes_when_it_is_not_needed, calm);
    tcase_add_test(tests, test_a_relapse_begins_the_calm_anew);
    tcase_add_test(tests, test_what_others_attached_stays);
    UNIT_ADD_ROWS(tests, test_size_follows_memory, sizes);
}

int
main(void)
{
    return unit_run("ladder", add_tests);
}
