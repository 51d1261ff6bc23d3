/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of engines: who is whose, what is kept when one is refused. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "engines.h"
#include "policy.h"
#include "unit.h"
#include "world.h"

static struct engines engines;
static char error[CONF_ERROR_SIZE];

static const struct conf_policy proportional = { .engine = "proportional" };
static const struct conf_policy unknown = { .engine = "nonesuch" };
static const struct conf_policy with_option = {
    .engine = "proportional",
    .n_options = 1,
    .options = { { "speed", "9" } },
};

static void
setup(void)
{
    world_setup();
    ck_assert_int_eq(engines_put(&engines, ENGINES_DEFAULT, &proportional, NULL,
                                 error),
                     0);
}

static void
teardown(void)
{
    engines_done(&engines);
    world_teardown();
}

START_TEST(test_the_first_is_everyones)
{
    struct engine *second = NULL;

    ck_assert_int_eq(engines_put(&engines, "second", &proportional, &second,
                                 error),
                     0);
    ck_assert_ptr_eq(engines_of(&engines, ""), engines.list[0]);
    ck_assert_ptr_eq(engines_of(&engines, "second"), second);
    ck_assert_ptr_eq(engines_of(&engines, "third"), engines.list[0]);
    ck_assert_ptr_null(engines_find(&engines, "third"));
}
END_TEST

START_TEST(test_without_a_name_it_is_called_as_it_calls_itself)
{
    struct engine *e = NULL;

    ck_assert_int_eq(engines_put(&engines, "", &proportional, &e, error), 0);
    ck_assert_str_eq(e->name, "proportional");
    ck_assert_uint_eq(engines.n, 2);
}
END_TEST

START_TEST(test_a_name_is_a_place)
{
    const struct policy *old = engines.list[0]->policy;

    ck_assert_int_eq(engines_put(&engines, ENGINES_DEFAULT, &proportional, NULL,
                                 error),
                     0);
    ck_assert_uint_eq(engines.n, 1);
    ck_assert_ptr_ne(engines.list[0]->policy, old);
}
END_TEST

static const struct refused_row {
    const char *name;
    const struct conf_policy *spec;
    int r;
    const char *error;
} refused_rows[] = {
    { ENGINES_DEFAULT, &unknown, -ENOENT,
      "engine = nonesuch: there is no engine called nonesuch" },
    { ENGINES_DEFAULT, &with_option, -EINVAL,
      "speed = 9: engine proportional takes no options" },
    { "new", &unknown, -ENOENT,
      "engine = nonesuch: there is no engine called nonesuch" },
    { "No Name", &proportional, -EINVAL,
      "name of the engine: expected small letters, digits and '-', not "
      "'No Name'" },
};

START_TEST(test_the_last_good_one_stays)
{
    const struct refused_row *row = &refused_rows[_i];
    const struct policy *old = engines.list[0]->policy;

    ck_assert_int_eq(engines_put(&engines, row->name, row->spec, NULL, error),
                     row->r);
    ck_assert_str_eq(error, row->error);
    ck_assert_uint_eq(engines.n, 1);
    ck_assert_ptr_eq(engines.list[0]->policy, old);
    ck_assert_str_eq(engines.list[0]->spec.engine, "proportional");
}
END_TEST

START_TEST(test_there_are_no_more_than_so_many)
{
    char name[] = "e-x";

    for (size_t i = engines.n; i < ENGINES_MAX; i++) {
        name[2] = (char)('a' + i);
        ck_assert_int_eq(engines_put(&engines, name, &proportional, NULL,
                                     error),
                         0);
    }
    ck_assert_int_eq(engines_put(&engines, "more", &proportional, NULL, error),
                     -EDQUOT);
    ck_assert_int_eq(engines_put(&engines, name, &proportional, NULL, error),
                     0);
}
END_TEST

START_TEST(test_all_but_the_default_can_go)
{
    engines_put(&engines, "a", &proportional, NULL, error);
    engines_put(&engines, "b", &proportional, NULL, error);
    ck_assert_int_eq(engines_remove(&engines, "a", error), 0);
    ck_assert_int_eq(engines_remove(&engines, "a", error), -ENOENT);
    ck_assert_ptr_nonnull(engines_find(&engines, "b"));
    ck_assert_int_eq(engines_remove(&engines, ENGINES_DEFAULT, error), -EBUSY);
    ck_assert_uint_eq(engines.n, 2);
}
END_TEST

START_TEST(test_where_engines_fail_targets_stay)
{
    struct engine *other = NULL;

    world_add(&world, 1, 100 * MIB, 300 * MIB, 400 * MIB);
    engines_put(&engines, "other", &proportional, &other, error);
    world_settle(&world);
    ck_assert_int_eq(plan_begin(&world.plan, &world.snapshot), 0);
    ck_assert_int_eq(engines_plan(&engines, &world.snapshot, &world.plan), 0);
    ck_assert_uint_eq(world.plan.wishes[0].target_kib, 400 * MIB);
    ck_assert_int_eq(world.plan.wishes[0].rule, PLAN_SHARE);

    /* More than there is is nonsense. */
    world.snapshot.xbp.total_kib = 350 * MIB;
    ck_assert_int_eq(plan_begin(&world.plan, &world.snapshot), 0);
    ck_assert_int_eq(engines_plan(&engines, &world.snapshot, &world.plan),
                     -EIO);
    ck_assert_uint_eq(world.plan.wishes[0].target_kib, 300 * MIB);
    ck_assert_int_eq(world.plan.wishes[0].rule, PLAN_KEPT);
    ck_assert(engines.list[0]->is_failing);
    ck_assert(!other->is_failing); /* it has nothing to plan for */
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_the_first_is_everyones);
    tcase_add_test(tests, test_without_a_name_it_is_called_as_it_calls_itself);
    tcase_add_test(tests, test_a_name_is_a_place);
    UNIT_ADD_ROWS(tests, test_the_last_good_one_stays, refused_rows);
    tcase_add_test(tests, test_there_are_no_more_than_so_many);
    tcase_add_test(tests, test_all_but_the_default_can_go);
    tcase_add_test(tests, test_where_engines_fail_targets_stay);
}

int
main(void)
{
    return unit_run("engines", add);
}
