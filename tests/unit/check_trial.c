/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A trial tells what a tick would do, and a question changes no answer. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "book.h"
#include "engines.h"
#include "explain.h"
#include "host-sim.h"
#include "log.h"
#include "policy-builtin.h"
#include "tick.h"
#include "trial.h"
#include "unit.h"
#include "util/units.h"

#define MIB       KIB_PER_MIB
#define RUN_MS    UINT64_C(90000)
#define STEPS_MAX 4096

static const char three_domains[] = "[host]\n"
                                    "total = 2000MiB\n"
                                    "xen = 100MiB\n"
                                    "[domain 1-3]\n"
                                    "memory = 500MiB\n"
                                    "dynamic-min = 200MiB\n"
                                    "dynamic-max = 1GiB\n"
                                    "static-max = 1GiB\n"
                                    "balloon = yes\n"
                                    "needs = 250MiB\n"
                                    "rate = 100MiB\n"
                                    "[events]\n"
                                    "20s = set 1 needs 700MiB\n"
                                    "45s = set 2 needs 600MiB\n"
                                    "60s = set 1 needs 210MiB\n";

static struct host *host;
static struct engines engines;
static struct balancer b;

static void
open_all(const char *engine)
{
    struct conf_policy spec = { 0 };
    struct sim_scenario scenario;
    char error[CONF_ERROR_SIZE] = "";

    snprintf(spec.engine, sizeof(spec.engine), "%s", engine);
    ck_assert_msg(sim_scenario_parse(&scenario, three_domains, NULL, error) ==
                      0,
                  "%s", error);
    ck_assert_int_eq(host_sim_create(&host, &scenario), 0);
    ck_assert_msg(engines_put(&engines, ENGINES_DEFAULT, &spec, NULL, error) ==
                      0,
                  "%s", error);
    ck_assert_int_eq(balancer_init(&b, host, &engines, &tuning_default), 0);
}

static void
close_all(void)
{
    balancer_done(&b);
    engines_done(&engines);
    host->ops->free(host);
}

static void
pass(uint64_t ms)
{
    struct sim_world *w = host_sim_world(host);

    sim_world_advance(w, w->now_ms + ms);
}

/* All ticks of a run; before each of them somebody may ask. */
static size_t
run(const char *engine, uint64_t asked_kib, struct step steps[STEPS_MAX])
{
    struct trial trial;
    size_t n = 0;

    open_all(engine);
    while (host_sim_world(host)->now_ms < RUN_MS) {
        if (asked_kib > 0 && balancer_refresh(&b) == 0) {
            ck_assert_int_eq(trial_run(&trial, &b, asked_kib), 0);
            trial_done(&trial);
        }
        pass(min_u64(tick(&b), 500));
        for (size_t i = 0; i < b.steps.n && n < STEPS_MAX; i++)
            if (b.steps.list[i].kind == STEP_TARGET)
                steps[n++] = b.steps.list[i];
    }
    close_all();
    return n;
}

/* Engines that remember are asked for what never comes. */
START_TEST(test_a_question_changes_no_decision)
{
    static struct step alone[STEPS_MAX], asked[STEPS_MAX];
    const struct xbp_policy *engine = policy_builtins[_i]();
    size_t n = run(engine->name, 0, alone);

    ck_assert_uint_eq(run(engine->name, 600 * MIB, asked), n);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_eq(asked[i].domid, alone[i].domid);
        ck_assert_uint_eq(asked[i].new_kib, alone[i].new_kib);
    }
}
END_TEST

START_TEST(test_a_trial_is_what_the_next_tick_does)
{
    struct trial trial;

    open_all("proportional");
    tick(&b);
    for (int i = 0; i < 40; i++) {
        pass(500);
        ck_assert_int_eq(balancer_refresh(&b), 0);
        ck_assert_int_eq(trial_run(&trial, &b, 0), 0);
        tick(&b);
        ck_assert_uint_eq(trial.steps.n, b.steps.n);
        for (size_t j = 0; j < b.steps.n; j++) {
            ck_assert_uint_eq(trial.steps.list[j].domid, b.steps.list[j].domid);
            ck_assert_uint_eq(trial.steps.list[j].new_kib,
                              b.steps.list[j].new_kib);
        }
        trial_done(&trial);
    }
    close_all();
}
END_TEST

START_TEST(test_who_asks_and_who_reserves_get_the_same)
{
    struct book_ask ask = { .min_kib = 600 * MIB,
                            .max_kib = 600 * MIB,
                            .ttl_ms = 60000,
                            .wait_ms = 60000,
                            .owner = "test" };
    char error[BOOK_ERROR_SIZE] = "";
    struct reservation made;
    struct trial trial;

    open_all("proportional");
    for (int i = 0; i < 15; i++) {
        tick(&b);
        pass(1000);
    }
    ck_assert_int_eq(balancer_refresh(&b), 0);
    ck_assert_int_eq(trial_run(&trial, &b, 600 * MIB), 0);
    ck_assert_uint_eq(b.reservations.n, 0);
    ck_assert_uint_gt(trial.steps.n, 0);
    ck_assert_int_eq(book_reserve(&b, &ask, &made, NULL, error), 0);
    tick(&b);
    ck_assert_uint_eq(trial.plan.n, 3);
    for (uint32_t i = 1; i <= 3; i++) {
        const struct wish *w = explain_wish(&trial.plan, i);

        ck_assert_ptr_nonnull(w);
        ck_assert_uint_eq(w->target_kib,
                          guest_find(&b.guests, i)->facts.target_kib);
        ck_assert_uint_lt(w->target_kib, 500 * MIB);
    }
    trial_done(&trial);
    close_all();
}
END_TEST

static void
add(TCase *tests)
{
    int n = 0;

    while (policy_builtins[n])
        n++;
    tcase_add_loop_test(tests, test_a_question_changes_no_decision, 0, n);
    tcase_add_test(tests, test_a_trial_is_what_the_next_tick_does);
    tcase_add_test(tests, test_who_asks_and_who_reserves_get_the_same);
}

int
main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    return unit_run("trial", add);
}
