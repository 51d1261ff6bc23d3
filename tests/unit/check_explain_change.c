/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What would change a target follows from the rule that decided it. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "explain-change.h"
#include "tuning.h"
#include "unit.h"
#include "util/text.h"

#define MIB    UINT64_C(1024)
#define NOW_MS UINT64_C(100000)

static char told[1024];

static void
take(void *arg, const char *sentence)
{
    (void)arg;
    ck_assert_uint_lt(strlen(sentence), EXPLAIN_SENTENCE_SIZE - 1);
    text_append(told, sizeof(told), "%s\n", sentence);
}

static struct guest
ready_guest(void)
{
    return (struct guest){
        .facts = { .domid = 3,
                   .target_kib = 640 * MIB,
                   .actual_kib = 640 * MIB },
        .state = GUEST_READY,
        .has_range = true,
        .pin_kib = HOST_UNSET,
        .range = { .dynamic_min_kib = 64 * MIB,
                   .dynamic_max_kib = 1024 * MIB,
                   .static_max_kib = 1024 * MIB },
    };
}

static void
explain(const struct guest *g, const struct wish *w, const struct step *step)
{
    static struct tuning tuning;
    const struct snapshot s = { .xbp.now_ms = NOW_MS, .tuning = &tuning };
    const struct explain_facts facts = { g, w, step, &s };

    tuning = tuning_default;
    told[0] = '\0';
    explain_changes(&facts, take, NULL);
}

static const struct rule_row {
    enum plan_rule rule;
    uint64_t wished_kib;
    uint64_t target_kib;
    const char *text;
} rule_rows[] = {
    { PLAN_SHARE, 640 * MIB, 640 * MIB, "more or less memory to share out" },
    { PLAN_SHARE, 1024 * MIB, 1024 * MIB, "its dynamic-max is another one" },
    { PLAN_G1_RANGE, 2048 * MIB, 1024 * MIB, "its dynamic-max" },
    { PLAN_G2_BUDGET, 640 * MIB, 600 * MIB, "it was cut by 40960 KiB" },
    { PLAN_G6_RETRACT, 800 * MIB, 640 * MIB, "in 20.0 s" },
    { PLAN_G7_THRASHING, 300 * MIB, 640 * MIB, "it is calm" },
    { PLAN_G8_FLOOR, 64 * MIB, 232 * MIB, "it is its out-of-memory floor" },
    { PLAN_G9_REST, 641 * MIB - 24, 640 * MIB, "and not 1000" },
    { PLAN_KEPT, 640 * MIB, 640 * MIB, "its engine makes a plan again" },
};

START_TEST(test_a_rule_says_what_would_take_it_back)
{
    const struct rule_row *row = &rule_rows[_i];
    struct wish w = { .domid = 3,
                      .target_kib = row->target_kib,
                      .wished_kib = row->wished_kib,
                      .rule = row->rule };
    struct guest g = ready_guest();

    g.learned_ceiling_until_ms = NOW_MS + 20000;
    g.facts.target_kib = row->target_kib;
    explain(&g, &w, NULL);
    ck_assert_msg(strstr(told, row->text), "%s", told);
}
END_TEST

START_TEST(test_a_change_that_is_too_soon_has_its_time)
{
    struct wish w = { .domid = 3,
                      .target_kib = 640 * MIB,
                      .wished_kib = 700 * MIB,
                      .rule = PLAN_G9_REST };
    struct guest g = ready_guest();

    g.target_since_ms = NOW_MS - 300;
    explain(&g, &w, NULL);
    ck_assert_msg(strstr(told, "has had its time, in 0.7 s"), "%s", told);
    ck_assert_msg(!strstr(told, "away from its target"), "%s", told);
}
END_TEST

static const struct state_row {
    enum guest_state state;
    const char *text;
} state_rows[] = {
    { GUEST_BOOTING, "it shows a balloon driver" },
    { GUEST_SLOW, "in 3.0 s without progress" },
    { GUEST_STUCK, "it is tried again, in 58.0 s" },
    { GUEST_NO_BALLOON, "says that it has a balloon driver" },
    { GUEST_PAUSED, "no longer paused" },
};

START_TEST(test_who_is_left_alone_hears_until_when)
{
    struct guest g = ready_guest();

    g.state = state_rows[_i].state;
    g.unproven_since_ms = NOW_MS;
    g.last_progress_ms = NOW_MS - 2000;
    g.stuck_since_ms = NOW_MS - 2000;
    explain(&g, NULL, NULL);
    ck_assert_msg(strstr(told, state_rows[_i].text), "%s", told);
}
END_TEST

START_TEST(test_who_nobody_moves_hears_what_to_set)
{
    struct guest g = ready_guest();

    g.has_range = false;
    explain(&g, NULL, NULL);
    ck_assert_msg(strstr(told, "vm-memory-dynamic-range-set"), "%s", told);
    g.facts.domid = 0;
    explain(&g, NULL, NULL);
    ck_assert_msg(strstr(told, "manage-domain-zero"), "%s", told);
    snprintf(g.range_error, sizeof(g.range_error), "min is above max");
    explain(&g, NULL, NULL);
    ck_assert_msg(strstr(told, "its range in xenstore"), "%s", told);
}
END_TEST

START_TEST(test_growth_waits_for_others)
{
    struct wish w = { .domid = 3,
                      .target_kib = 700 * MIB,
                      .wished_kib = 700 * MIB };
    struct step step = { .domid = 3,
                         .new_kib = 650 * MIB,
                         .rule = PLAN_G3_WAIT };
    struct guest g = ready_guest();

    explain(&g, &w, &step);
    ck_assert_msg(strstr(told, "others have given 51200 KiB"), "%s", told);
    explain(&g, &w, NULL);
    ck_assert_msg(strstr(told, "none is now"), "%s", told);
}
END_TEST

START_TEST(test_a_floor_is_forgotten)
{
    struct wish w = { .domid = 3,
                      .target_kib = 500 * MIB,
                      .wished_kib = 256 * MIB,
                      .rule = PLAN_G8_FLOOR };
    struct guest g = ready_guest();

    g.learned_floor_kib = 500 * MIB;
    g.learned_floor_until_ms = NOW_MS + 61500;
    explain(&g, &w, NULL);
    ck_assert_msg(strstr(told, "its floor is forgotten, in 61.5 s"), "%s",
                  told);
    ck_assert_str_eq(explain_floor(&g, &tuning_default),
                     "it has proven unable to give more");
    g.regret.floor_kib = 600 * MIB;
    ck_assert_str_eq(explain_floor(&g, &tuning_default),
                     "it thrashed when it had less");
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_a_rule_says_what_would_take_it_back, rule_rows);
    tcase_add_test(tests, test_a_change_that_is_too_soon_has_its_time);
    UNIT_ADD_ROWS(tests, test_who_is_left_alone_hears_until_when, state_rows);
    tcase_add_test(tests, test_who_nobody_moves_hears_what_to_set);
    tcase_add_test(tests, test_growth_waits_for_others);
    tcase_add_test(tests, test_a_floor_is_forgotten);
}

int
main(void)
{
    return unit_run("explain_change", add);
}
