/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the demand engine learns of a guest over several looks. */
#include <config.h>

#include <stdlib.h>

#include "demand-need.h"
#include "demand-trial.h"
#include "unit.h"
#include "util/units.h"

#define MIB   1024u
#define SHARE 1000

/* One guest that is looked at again and again. */
struct story {
    struct demand_rules *rules;
    struct xbp_guest guest;
    struct demand_memory memory;
    struct demand_look look;
    struct demand_need need;
};

/* It holds and uses so many MiB, and has an agent that tells of it or says only
 * what is available. */
static void
begin(struct story *s, uint64_t held, uint64_t used, bool has_agent)
{
    *s = (struct story){
        .rules = xbp_option_create(sizeof(*s->rules), demand_rules_options),
        .guest = {
            ._struct_size = sizeof(struct xbp_guest),
            .dynamic_min_kib = 100 * MIB,
            .dynamic_max_kib = 8000 * MIB,
            .lower_kib = 100 * MIB,
            .upper_kib = 8000 * MIB,
            .target_kib = held * MIB,
            .actual_kib = held * MIB,
            .weight = 256,
            .sample_age_ms = has_agent ? 0 : XBP_UNKNOWN,
            .available_kib = (held - used) * MIB,
            .used_kib = used * MIB,
            .anon_kib = used * MIB,
            .swap_total_kib = has_agent ? 4000 * MIB : XBP_UNKNOWN,
        },
        .look = { .now_ms = 1000000, .share_kib = SHARE * MIB },
    };
    s->look.rules = s->rules;
    s->look.guest = &s->guest;
    if (!has_agent)
        s->guest.swap_used_kib = XBP_UNKNOWN;
}

/* And has so much swapped out, of which so much comes back. */
static void
begin_swapping(struct story *s, uint64_t held, uint64_t used, uint64_t out,
               uint64_t in_kib_per_s)
{
    begin(s, held, used, true);
    s->guest.swap_used_kib = out * MIB;
    s->guest.swap_in_kib_per_s = in_kib_per_s;
}

static void
look_after(struct story *s, uint64_t seconds)
{
    s->look.now_ms += seconds * MS_PER_S;
    demand_need(&s->look, &s->memory, &s->need);
}

/* What it may do without is headroom, not the cache that is in use. */
START_TEST(test_a_minor_lack_costs_no_cache)
{
    struct story s;

    begin_swapping(&s, 1400, 1100, 90, 400);
    s.guest.cache_kib = 290 * MIB;
    look_after(&s, 0);
    s.look.worst_cost_permyriad = PERMYRIAD;
    look_after(&s, 1);
    ck_assert_uint_ge(s.need.want_kib, (1100 + 3 * 290 / 4) * MIB * 63 / 64);
    ck_assert_uint_lt(s.need.want_kib, 1400 * MIB);
    s.guest.cache_kib = 0;
    look_after(&s, 1);
    ck_assert_uint_lt(s.need.want_kib, 1100 * MIB);
    free(s.rules);
}
END_TEST

/* A lesson of when it had much is not kept by one that has little now. */
START_TEST(test_a_lesson_is_worth_what_there_is)
{
    struct story s;

    begin(&s, 3000, 2000, true);
    s.guest.swap_used_kib = 100 * MIB;
    look_after(&s, 0);
    s.memory.floor_kib = 3000 * MIB;
    s.memory.floor_until_ms = UINT64_MAX;
    look_after(&s, 1);
    ck_assert_uint_eq(s.need.tight_kib, (2000 + 100 + 400) * MIB);
    free(s.rules);

    begin(&s, 3000, 2000, false);
    look_after(&s, 0);
    s.guest.available_kib = 2500 * MIB;
    look_after(&s, 1);
    s.memory.floor_kib = 3000 * MIB;
    s.memory.floor_until_ms = UINT64_MAX;
    look_after(&s, 1);
    ck_assert_uint_eq(s.need.tight_kib, SHARE * MIB);
    free(s.rules);
}
END_TEST

/* What it said a while ago cannot be true any more. */
START_TEST(test_who_swaps_out_uses_all_that_it_has)
{
    struct story s;

    begin(&s, 900, 300, false);
    s.guest.seen_out_kib_per_s = 0;
    look_after(&s, 0);
    look_after(&s, 10);
    ck_assert_uint_eq(s.need.base_kib, 300 * MIB);
    ck_assert_uint_eq(s.need.right_kib, 0);
    s.guest.seen_out_kib_per_s = 128;
    look_after(&s, 1);
    ck_assert_uint_eq(s.need.base_kib, 900 * MIB);
    ck_assert_uint_eq(s.need.right_kib, SHARE * MIB);
    s.guest.seen_out_kib_per_s = 0;
    s.guest.available_kib = 500 * MIB;
    look_after(&s, 1);
    ck_assert_uint_eq(s.need.base_kib, 400 * MIB);
    free(s.rules);
}
END_TEST

/* It brings back what was out, into memory that it says is free. */
START_TEST(test_who_has_room_lacks_nothing)
{
    struct story s;

    begin(&s, 3000, 1000, false);
    s.guest.seen_in_kib_per_s = 9000;
    s.guest.seen_wait_permyriad = 900;
    look_after(&s, 0);
    ck_assert(!s.need.is_proven);
    s.guest.seen_out_kib_per_s = 9000;
    look_after(&s, 10);
    ck_assert(s.need.is_proven);
    free(s.rules);
}
END_TEST

/* As if it were free; but what comes in fills that, and it goes on. */
START_TEST(test_who_brings_in_more_than_is_free_lacks)
{
    struct story s;

    begin_swapping(&s, 900, 600, 1400, 20 * MIB);
    s.guest.stall_some_permyriad = 900;
    look_after(&s, 0);
    for (int i = 0; i < 15; i++) {
        look_after(&s, 1);
        ck_assert(!s.need.is_proven);
    }
    for (int i = 0; i < 30; i++)
        look_after(&s, 1);
    ck_assert(s.need.is_proven);
    ck_assert_uint_gt(s.need.tight_kib, 900 * MIB);
    ck_assert_uint_eq(s.need.right_kib, SHARE * MIB);
    free(s.rules);
}
END_TEST

/* Nobody knows what it had before. */
START_TEST(test_the_first_look_is_no_squeeze)
{
    struct story s;

    begin(&s, 900, 850, true);
    s.guest.target_kib = 0;
    look_after(&s, 0);
    ck_assert_uint_eq(s.memory.shrunk_ms, 0);
    free(s.rules);
}
END_TEST

/* What it lacks was not taken for its sake: by a probe, or by hand. */
START_TEST(test_what_others_took_is_no_lesson)
{
    struct story s;

    for (int is_own = 0; is_own < 2; is_own++) {
        begin(&s, 900, 850, true);
        look_after(&s, 0);
        s.memory.wish_kib = (is_own ? 600 : 900) * MIB;
        s.guest.target_kib = s.guest.actual_kib = 880 * MIB;
        look_after(&s, 1);
        s.guest.used_kib = 880 * MIB;
        s.guest.swap_used_kib = 100 * MIB;
        s.guest.swap_in_kib_per_s = 9000;
        look_after(&s, 1);
        ck_assert(s.need.is_proven);
        ck_assert(is_own == (s.memory.floor_kib > 0));
        free(s.rules);
    }
}
END_TEST

/* A kernel's image and tables are no small part of a small guest. */
START_TEST(test_what_a_kernel_does_not_manage_is_in_use)
{
    struct story s;

    begin(&s, 104, 54, true);
    s.guest.available_kib = 10 * MIB;
    look_after(&s, 0);
    look_after(&s, 10);
    ck_assert_uint_eq(s.need.base_kib, 94 * MIB);
    ck_assert_uint_eq(s.memory.ramp_kib_per_s, 0); /* that is no news */
    free(s.rules);

    begin(&s, 1600, 800, true);
    s.guest.available_kib = 400 * MIB;
    look_after(&s, 0);
    look_after(&s, 10);
    ck_assert_uint_eq(s.need.base_kib, (800 + 1600 / 8) * MIB);
    free(s.rules);
}
END_TEST

/* Who sleeps and tells so now and then does not grow by what it sways by. */
START_TEST(test_what_sways_does_not_grow)
{
    struct story s;

    begin(&s, 900, 500, true);
    look_after(&s, 0);
    s.guest.used_kib += 1 * MIB;
    look_after(&s, 10);
    ck_assert_uint_eq(s.memory.ramp_kib_per_s, 0);
    s.guest.used_kib += 1 * MIB;
    look_after(&s, 4);
    ck_assert_uint_eq(s.memory.ramp_kib_per_s, 256);
    s.guest.used_kib += 1 * MIB + 10;
    look_after(&s, 10);
    ck_assert_uint_eq(s.memory.ramp_kib_per_s, 103);
    free(s.rules);
}
END_TEST

/* What is free is full before it could get more. */
START_TEST(test_who_fills_what_is_free_at_once_lacks)
{
    struct story s;

    begin_swapping(&s, 900, 600, 1400, 49 * MIB);
    s.guest.stall_some_permyriad = 900;
    look_after(&s, 0);
    ck_assert(!s.need.is_proven);
    s.guest.swap_in_kib_per_s = 51 * MIB;
    look_after(&s, 1);
    ck_assert(s.need.is_proven);
    free(s.rules);
}
END_TEST

/* Step by step, or at once if it suffers. */
START_TEST(test_who_suffers_takes_its_share_back_at_once)
{
    struct story s;

    begin_swapping(&s, 500, 500, 900, 100);
    s.guest.stall_some_permyriad = 900;
    look_after(&s, 0);
    ck_assert_uint_eq(s.need.tight_kib, (500 + 500 / 16) * MIB + 256);
    s.guest.stall_some_permyriad = 1000;
    look_after(&s, 1);
    ck_assert_uint_eq(s.need.tight_kib, SHARE * MIB);
    free(s.rules);

    begin_swapping(&s, 500, 500, 200, 100);
    s.guest.stall_some_permyriad = 1000;
    look_after(&s, 0);
    ck_assert_uint_eq(s.need.tight_kib, (500 + 200 + 100) * MIB);
    free(s.rules);
}
END_TEST

/* It keeps what it once had too little with, but not while it sleeps and
 * another suffers. */
START_TEST(test_a_lesson_of_a_sleeper_yields)
{
    struct story s;

    begin(&s, 900, 850, true);
    s.guest.swap_used_kib = 400 * MIB;
    look_after(&s, 0);
    s.memory.floor_kib = 900 * MIB;
    s.memory.floor_until_ms = UINT64_MAX;
    look_after(&s, 20);
    ck_assert_uint_eq(s.need.tight_kib, 900 * MIB);
    s.look.worst_cost_permyriad = 399;
    look_after(&s, 1);
    ck_assert_uint_eq(s.need.tight_kib, 900 * MIB);
    s.look.worst_cost_permyriad = 400;
    look_after(&s, 1);
    ck_assert_uint_eq(s.need.tight_kib, 850 * MIB);
    ck_assert_uint_lt(s.need.firm_kib, 850 * MIB);
    s.guest.swap_in_kib_per_s = 9000;
    look_after(&s, 1);
    ck_assert_uint_ge(s.need.tight_kib, 900 * MIB);
    s.guest.swap_in_kib_per_s = 0;
    look_after(&s, 9);
    ck_assert_uint_ge(s.need.tight_kib, 900 * MIB);
    free(s.rules);
}
END_TEST

/* A cache may be in use: who grows and has nothing but that is waking. */
START_TEST(test_who_grows_into_its_cache_wakes)
{
    struct story s;

    begin(&s, 900, 500, true);
    look_after(&s, 0);
    s.guest.used_kib += 15 * MIB;
    look_after(&s, 1);
    ck_assert_uint_eq(s.need.right_kib, 0);
    free(s.rules);

    begin(&s, 900, 500, true);
    s.guest.cache_kib = 370 * MIB;
    look_after(&s, 0);
    s.guest.used_kib += 15 * MIB;
    look_after(&s, 1);
    ck_assert_uint_eq(s.need.right_kib, SHARE * MIB);
    free(s.rules);
}
END_TEST

/* Of a guest of a few pages a sixteenth part is nothing, and so is what it
 * lacks. */
START_TEST(test_who_has_nothing_is_judged_as_well)
{
    struct story s;

    begin(&s, 1000, 500, true);
    s.guest.actual_kib = 8;
    s.look.share_kib = 4;
    demand_judge_help(&s.look, &s.memory, 500);
    s.look.now_ms += 30 * MS_PER_S;
    demand_judge_help(&s.look, &s.memory, 500);
    ck_assert_uint_eq(s.memory.barred_until_ms, 0);
    s.guest.actual_kib = 0;
    s.guest.used_kib = XBP_UNKNOWN;
    s.guest.available_kib = XBP_UNKNOWN;
    s.memory.missed_ms = s.look.now_ms;
    demand_judge_cache(&s.look, &s.memory, 500);
    s.look.now_ms += 20 * MS_PER_S;
    demand_judge_cache(&s.look, &s.memory, 500);
    ck_assert_uint_eq(s.memory.cache_barred_until_ms, 0);
    free(s.rules);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_test(tests, test_a_minor_lack_costs_no_cache);
    tcase_add_test(tests, test_a_lesson_is_worth_what_there_is);
    tcase_add_test(tests, test_who_swaps_out_uses_all_that_it_has);
    tcase_add_test(tests, test_who_has_room_lacks_nothing);
    tcase_add_test(tests, test_who_brings_in_more_than_is_free_lacks);
    tcase_add_test(tests, test_the_first_look_is_no_squeeze);
    tcase_add_test(tests, test_what_others_took_is_no_lesson);
    tcase_add_test(tests, test_what_a_kernel_does_not_manage_is_in_use);
    tcase_add_test(tests, test_what_sways_does_not_grow);
    tcase_add_test(tests, test_who_fills_what_is_free_at_once_lacks);
    tcase_add_test(tests, test_who_suffers_takes_its_share_back_at_once);
    tcase_add_test(tests, test_a_lesson_of_a_sleeper_yields);
    tcase_add_test(tests, test_who_grows_into_its_cache_wakes);
    tcase_add_test(tests, test_who_has_nothing_is_judged_as_well);
}

int
main(void)
{
    return unit_run("demand_lessons", add);
}
