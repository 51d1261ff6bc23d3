/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The few words of the table: the fact that matters most is the one shown. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "tuning.h"
#include "unit.h"

#define MIB UINT64_C(1024)
/* What show-host.c's table has room for. */
#define COLUMN_WIDTH 20

static struct guest
ready_guest(uint64_t target_kib)
{
    return (struct guest){
        .facts = { .domid = 3, .target_kib = target_kib },
        .state = GUEST_READY,
        .has_range = true,
        .pin_kib = HOST_UNSET,
        .range = { .dynamic_min_kib = 256 * MIB,
                   .dynamic_max_kib = 1024 * MIB,
                   .static_max_kib = 1024 * MIB },
    };
}

static void
assert_reason(const struct guest *g, enum plan_rule rule, const char *expected)
{
    struct wish wish = { .domid = 3, .rule = rule };
    char text[EXPLAIN_SIZE];

    explain_reason(g, &wish, &tuning_default, text);
    ck_assert_str_eq(text, expected);
    ck_assert_uint_le(strlen(text), COLUMN_WIDTH);
}

struct share_row {
    uint64_t target_kib;
    uint64_t permyriad;
    const char *words;
};

static const struct share_row shares[] = {
    { 100 * MIB, 0, "at dynamic-min" },
    { 256 * MIB, 0, "at dynamic-min" },
    { 257 * MIB, 13, "0.1 % of range" },
    { 640 * MIB, 5000, "50.0 % of range" },
    { 1023 * MIB, 9986, "99.8 % of range" },
    { 1024 * MIB, 10000, "at dynamic-max" },
    { 2048 * MIB, 10000, "at dynamic-max" },
};

START_TEST(test_explain_share_is_the_place_in_the_range)
{
    struct guest g = ready_guest(shares[_i].target_kib);

    ck_assert_uint_eq(explain_share_permyriad(&g), shares[_i].permyriad);
    assert_reason(&g, PLAN_SHARE, shares[_i].words);
    assert_reason(&g, PLAN_G1_RANGE, shares[_i].words);
    assert_reason(&g, PLAN_G9_REST, shares[_i].words);
}
END_TEST

START_TEST(test_explain_share_of_a_fixed_range_is_none)
{
    struct guest g = ready_guest(256 * MIB);

    g.range.dynamic_max_kib = 256 * MIB;
    ck_assert_uint_eq(explain_share_permyriad(&g), 0);
    assert_reason(&g, PLAN_SHARE, "fixed");
    g.facts.target_kib = HOST_UNSET;
    ck_assert_uint_eq(explain_share_permyriad(&g), 0);
}
END_TEST

static const enum plan_rule rules[] = {
    PLAN_G2_BUDGET,  PLAN_G3_WAIT,      PLAN_G5_PROBE,
    PLAN_G6_RETRACT, PLAN_G7_THRASHING, PLAN_G8_FLOOR,
};

START_TEST(test_explain_names_the_rule_that_had_the_last_word)
{
    struct guest g = ready_guest(640 * MIB);
    struct wish wish = { .domid = 3, .rule = rules[_i] };
    char text[EXPLAIN_SIZE];

    explain_reason(&g, &wish, &tuning_default, text);
    ck_assert_ptr_nonnull(strstr(text, "(G"));
    ck_assert_uint_le(strlen(text), COLUMN_WIDTH);
}
END_TEST

struct state_row {
    enum guest_state state;
    const char *words;
};

static const struct state_row states[] = {
    { GUEST_BOOTING, "booting" },
    { GUEST_SLOW, "follows slowly" },
    { GUEST_STUCK, "does not follow" },
    { GUEST_NO_BALLOON, "no balloon driver" },
    { GUEST_PAUSED, "paused" },
    { GUEST_SHUTDOWN, "shut down" },
    { GUEST_DYING, "going away" },
};

START_TEST(test_explain_says_why_nobody_moves_it)
{
    struct guest g = ready_guest(640 * MIB);

    g.state = states[_i].state;
    assert_reason(&g, PLAN_SHARE, states[_i].words);
    g.has_range = false;
    assert_reason(&g, PLAN_SHARE, "no dynamic range");
    g.facts.domid = 0;
    assert_reason(&g, PLAN_SHARE, "not managed");
    g.facts.domid = 3;
    snprintf(g.range_error, sizeof(g.range_error), "min is above max");
    assert_reason(&g, PLAN_SHARE, "range refused");
}
END_TEST

START_TEST(test_explain_a_pin_is_the_reason)
{
    struct guest g = ready_guest(640 * MIB);

    g.pin_kib = 640 * MIB;
    assert_reason(&g, PLAN_SHARE, "pinned");
    g.state = GUEST_STUCK;
    assert_reason(&g, PLAN_SHARE, "does not follow");
}
END_TEST

START_TEST(test_explain_needs_no_plan)
{
    struct guest g = ready_guest(640 * MIB);
    char text[EXPLAIN_SIZE];

    explain_reason(&g, NULL, &tuning_default, text);
    ck_assert_str_eq(text, "50.0 % of range");
}
END_TEST

START_TEST(test_explain_wish_is_found_by_domid)
{
    struct wish wishes[] = { { .domid = 1 }, { .domid = 4 }, { .domid = 9 } };
    struct plan plan = { .n = 3, .wishes = wishes };

    ck_assert_ptr_eq(explain_wish(&plan, 1), &wishes[0]);
    ck_assert_ptr_eq(explain_wish(&plan, 4), &wishes[1]);
    ck_assert_ptr_eq(explain_wish(&plan, 9), &wishes[2]);
    ck_assert_ptr_null(explain_wish(&plan, 0));
    ck_assert_ptr_null(explain_wish(&plan, 5));
    ck_assert_ptr_null(explain_wish(&plan, 10));
    plan.n = 0;
    ck_assert_ptr_null(explain_wish(&plan, 1));
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_explain_share_is_the_place_in_the_range, shares);
    tcase_add_test(tests, test_explain_share_of_a_fixed_range_is_none);
    UNIT_ADD_ROWS(tests, test_explain_names_the_rule_that_had_the_last_word,
                  rules);
    UNIT_ADD_ROWS(tests, test_explain_says_why_nobody_moves_it, states);
    tcase_add_test(tests, test_explain_a_pin_is_the_reason);
    tcase_add_test(tests, test_explain_needs_no_plan);
    tcase_add_test(tests, test_explain_wish_is_found_by_domid);
}

int
main(void)
{
    return unit_run("explain", add);
}
