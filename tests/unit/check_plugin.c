/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plugins in their processes: how long they are waited for, and that nothing
 * of the daemon's is theirs to change. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy.h"
#include "unit.h"
#include "util/clock.h"
#include "world.h"

/* For what is to be in time, on a machine that has other things to do. */
#define PATIENT_MS  1000
#define DEADLINE_MS 20000

static char dir[] = "/tmp/check_plugin.XXXXXX";
static char path[64];
static struct policy *policy;

/* A copy that is ours, in a place that nobody else can write to. */
static void
copy_plugin(const char *name)
{
    char command[4096];
    const char *top = getenv("abs_top_builddir");

    snprintf(dir, sizeof(dir), "/tmp/check_plugin.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/p.so", dir);
    snprintf(command, sizeof(command),
             "cp '%s/xenballoon-policy/testing/.libs/%s.so' %s && chmod 755 %s",
             top ? top : ".", name, path, path);
    ck_assert_int_eq(system(command), 0);
}

static void
load(const char *name, const char *options)
{
    char error[POLICY_ERROR_SIZE] = "", words[128];
    char *rest = words, *word;

    snprintf(words, sizeof(words), "%s", options);
    copy_plugin(name);
    ck_assert_msg(policy_open(&policy, path, PATIENT_MS, error) == 0, "%s",
                  error);
    while ((word = strsep(&rest, ","))) {
        char *equals = strchr(word, '=');

        *equals = '\0';
        ck_assert_int_eq(policy_config(policy, word, equals + 1, error), 0);
    }
    ck_assert_int_eq(policy_ready(policy, error), 0);
}

static void
setup(void)
{
    world_setup();
    world_add(&world, 1, 100 * MIB, 200 * MIB, 500 * MIB);
    world_add(&world, 2, 200 * MIB, 300 * MIB, 1000 * MIB);
    world_settle(&world);
}

static void
teardown(void)
{
    policy = policy_close(policy);
    unlink(path);
    rmdir(dir);
    world_teardown();
}

static int
ask(uint64_t budget_ms)
{
    return policy_ask(policy, &world.snapshot, budget_ms);
}

/* Asks again as long as it is busy with the plan that was late. */
static int
ask_until_back(uint64_t budget_ms)
{
    uint64_t due_ms = clock_monotonic_ms() + DEADLINE_MS;
    int r;

    do {
        r = ask(budget_ms);
    } while (r == -ETIMEDOUT && clock_monotonic_ms() < due_ms);
    return r;
}

static void
trouble_is(const char *text)
{
    ck_assert_msg(strstr(policy_trouble(policy), text), "trouble is: %s",
                  policy_trouble(policy));
}

static const struct wish_row {
    const char *wish;
    int r;
    uint64_t first_kib;
    uint64_t second_kib;
} wish_rows[] = {
    { "wish=zero", 0, 0, 0 },
    { "wish=one", 0, 1, 1 },
    { "wish=first", 0, 100 * MIB, 300 * MIB },
    { "wish=nan", -EIO, 0, 0 },
    { "wish=negative", -EIO, 0, 0 },
    { "wish=least", -EIO, 0, 0 },
    { "wish=above", -EIO, 0, 0 },
    { "wish=most", -EIO, 0, 0 },
};

START_TEST(test_nonsense_is_no_plan)
{
    const struct wish_row *row = &wish_rows[_i];

    load("bad-wishes", row->wish);
    ck_assert_int_eq(ask(PATIENT_MS), row->r);
    if (row->r < 0) {
        trouble_is("more than the host has");
        return;
    }
    ck_assert_uint_eq(policy_wish(policy, 0), row->first_kib);
    ck_assert_uint_eq(policy_wish(policy, 1), row->second_kib);
}
END_TEST

static const struct end_row {
    const char *options;
    const char *trouble;
} end_rows[] = {
    { "plan=crash,after=2", "its process " },
    { "plan=kill,after=2", "was ended by signal 9 (Killed) in plan" },
    { "plan=exit,after=2", "its process ended itself with status " },
    { "plan=beyond,after=2", "its process " },
    { "plan=close,after=2", "its process " },
};

START_TEST(test_an_end_is_an_answer)
{
    load("bad-plan", end_rows[_i].options);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(ask(PATIENT_MS), 0);
    ck_assert_int_eq(ask(DEADLINE_MS), -EOWNERDEAD);
    ck_assert(policy_is_dead(policy));
    trouble_is(end_rows[_i].trouble);
    trouble_is(" in plan");
    ck_assert_int_eq(ask(PATIENT_MS), -EOWNERDEAD);
}
END_TEST

START_TEST(test_what_it_is_shown_is_a_copy)
{
    load("bad-plan", "plan=scribble");
    ck_assert_int_eq(ask(PATIENT_MS), 0);
    ck_assert_uint_eq(world.snapshot.xbp.n_guests, 2);
    ck_assert_uint_eq(world.snapshot.entries[1].target_kib, 300 * MIB);
    ck_assert_uint_eq(policy_wish(policy, 1), 300 * MIB);
    ck_assert_int_eq(ask(PATIENT_MS), 0); /* and it is shown it anew */
}
END_TEST

START_TEST(test_words_without_an_end_are_cut)
{
    char text[POLICY_ERROR_SIZE];

    load("bad-plan", "plan=none");
    ck_assert_int_eq(ask(PATIENT_MS), 0);
    policy_explain(policy, 1, text, sizeof(text));
    ck_assert_uint_eq(strlen(text), sizeof(text) - 1);
    ck_assert_str_eq(text + strspn(text, "x"), "...");
    ck_assert_str_eq(policy_version(policy), "1\\x0a\\x1b[31m.2");
}
END_TEST

/* On a busy machine it may be waited for longer than was meant, and so be in
 * time. */
static int
ask_late(uint64_t budget_ms)
{
    int r = ask(budget_ms);

    return r == 0 ? -ETIMEDOUT : r;
}

START_TEST(test_late_in_a_row_is_too_often)
{
    uint64_t due_ms = clock_monotonic_ms() + DEADLINE_MS;
    int r;

    load("bad-plan", "plan=late,sleep-ms=100");
    do {
        r = ask_late(50);
    } while (r == -ETIMEDOUT && clock_monotonic_ms() < due_ms);
    ck_assert_int_eq(r, -EOWNERDEAD);
    trouble_is("it was not back within 50 ms too often");
}
END_TEST

START_TEST(test_late_now_and_then_is_forgiven)
{
    load("bad-plan", "plan=late,sleep-ms=100,every=12");
    for (int i = 1; i <= 12 * 8; i++) {
        if (i % 12 == 0)
            ck_assert_int_eq(ask_late(20), -ETIMEDOUT);
        else
            ck_assert_int_eq(ask_until_back(PATIENT_MS), 0);
    }
    ck_assert(!policy_is_dead(policy));
}
END_TEST

START_TEST(test_what_never_returns_is_ended)
{
    load("bad-plan", "plan=loop");
    ck_assert_int_eq(ask(10), -ETIMEDOUT);
    trouble_is("it was not back within 10 ms in plan");
    ck_assert(!policy_is_dead(policy));
    ck_assert_int_eq(ask_until_back(10), -EOWNERDEAD);
    trouble_is("it did not come back within 250 ms in plan");
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    UNIT_ADD_ROWS(tests, test_nonsense_is_no_plan, wish_rows);
    UNIT_ADD_ROWS(tests, test_an_end_is_an_answer, end_rows);
    tcase_add_test(tests, test_what_it_is_shown_is_a_copy);
    tcase_add_test(tests, test_words_without_an_end_are_cut);
    tcase_add_test(tests, test_late_in_a_row_is_too_often);
    tcase_add_test(tests, test_late_now_and_then_is_forgiven);
    tcase_add_test(tests, test_what_never_returns_is_ended);
}

int
main(void)
{
    return unit_run("plugin", add);
}
