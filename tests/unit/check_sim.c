/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The simulated host tells illegal orders from legal ones and loses no
 * memory: who tests with it has to be able to trust it. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sim.h"
#include "proto/keys.h"
#include "sim-spool.h"
#include "unit.h"
#include "util/units.h"

static const char two_domains[] = "[host]\n"
                                  "total = 1000MiB\n"
                                  "xen = 100MiB\n"
                                  "[domain 1]\n"
                                  "memory = 300MiB\n"
                                  "maxmem = 400MiB\n"
                                  "rate = 100MiB\n"
                                  "[domain 2]\n"
                                  "type = pvh\n"
                                  "memory = 400MiB\n"
                                  "maxmem = 800MiB\n"
                                  "character = no-balloon\n"
                                  "[domain 3]\n"
                                  "memory = 100MiB\n"
                                  "build = 2s\n"
                                  "boot = 3s\n"
                                  "teardown = 1s\n"
                                  "overhead = 8MiB\n"
                                  "absent = yes\n";

static struct host *host;
static struct sim_world *world;
static unsigned alarms;

static void
count_alarm(void *arg, const char *sentence)
{
    (void)arg;
    (void)sentence;
    alarms++;
}

static void
open_text(const char *text)
{
    struct sim_scenario scenario;
    char error[HOST_ERROR_SIZE] = "";

    ck_assert_msg(sim_scenario_parse(&scenario, text, NULL, error) == 0, "%s",
                  error);
    ck_assert_int_eq(host_sim_create(&host, &scenario), 0);
    world = host_sim_world(host);
    world->alarm = count_alarm;
    alarms = 0;
}

static void
setup(void)
{
    open_text(two_domains);
}

static void
teardown(void)
{
    host->ops->free(host);
}

static void
check_sum(void)
{
    int64_t sum_kib = world->free_kib + (int64_t)world->xen_kib;

    for (size_t i = 0; i < world->n; i++)
        sum_kib += (int64_t)(world->guests[i].facts.actual_kib +
                             world->guests[i].nature.overhead_kib);
    ck_assert_int_eq(sum_kib, (int64_t)world->scenario.total_kib);
}

static void
do_event(const char *text)
{
    struct sim_event e;

    ck_assert_int_eq(sim_event_parse(&e, "0s", text), 0);
    ck_assert_int_eq(sim_world_do(world, &e), 0);
}

START_TEST(test_sim_moves_towards_the_target)
{
    ck_assert_int_eq(host->ops->set_target(host, 1, 200 * KIB_PER_MIB), 0);
    sim_world_advance(world, 500);
    check_sum();
    ck_assert_uint_eq(sim_world_find(world, 1)->facts.actual_kib,
                      250 * KIB_PER_MIB);
    sim_world_advance(world, 60000);
    check_sum();
    ck_assert_uint_eq(sim_world_find(world, 1)->facts.actual_kib,
                      200 * KIB_PER_MIB);
    ck_assert_uint_eq(alarms, 0);
}
END_TEST

/* Xen's limit stops growth; it takes nothing away. */
START_TEST(test_sim_holds_maxmem)
{
    sim_world_find(world, 1)->facts.target_kib = 600 * KIB_PER_MIB;
    sim_world_advance(world, 10000);
    ck_assert_uint_eq(sim_world_find(world, 1)->facts.actual_kib,
                      400 * KIB_PER_MIB);
    check_sum();
}
END_TEST

START_TEST(test_sim_creates_builds_boots_and_destroys)
{
    const struct sim_guest *g;

    do_event("create 3");
    g = sim_world_find(world, 3);
    sim_world_advance(world, 1000);
    check_sum();
    ck_assert_uint_eq(g->facts.actual_kib, 50 * KIB_PER_MIB);
    ck_assert_uint_eq(g->facts.claimed_kib, 50 * KIB_PER_MIB);
    ck_assert(g->facts.is_paused);
    sim_world_advance(world, 4000);
    ck_assert_int_eq(g->facts.balloon, HOST_BALLOON_UNSAID);
    sim_world_advance(world, 6000);
    ck_assert_int_eq(g->facts.balloon, HOST_BALLOON_YES);
    do_event("destroy 3");
    ck_assert(g->facts.is_dying);
    ck_assert_int_eq(host->ops->set_target(host, 3, PAGE_KIB), -ESRCH);
    sim_world_advance(world, 7000);
    ck_assert_ptr_null(sim_world_find(world, 3));
    check_sum();
    ck_assert_uint_eq(alarms, 0);
}
END_TEST

START_TEST(test_sim_refuses_a_domain_without_room)
{
    struct sim_event create;

    do_event("take 95MiB");
    ck_assert_int_eq(sim_event_parse(&create, "0s", "create 3"), 0);
    ck_assert_int_eq(sim_world_do(world, &create), -ENOMEM);
    do_event("give 95MiB");
    ck_assert_int_eq(sim_world_do(world, &create), 0);
    ck_assert_int_eq(sim_world_do(world, &create), -EEXIST);
    check_sum();
}
END_TEST

/* Free are 1000 - 100 - 300 - 400 MiB and 16 pages of the PVH domain. */
static const struct {
    const char *event; /* before, or NULL */
    bool is_maxmem;
    uint32_t domid;
    uint64_t mib;
    unsigned alarms;
} order_rows[] = {
    { NULL, false, 1, 250, 0 },
    { NULL, false, 1, 400, 0 },
    { NULL, false, 1, 401, 1 }, /* above maxmem */
    { NULL, true, 1, 300, 0 },
    { NULL, true, 1, 299, 1 }, /* below the target */
    { "set 1 maxmem 900MiB", false, 1, 499, 0 },
    { "set 1 maxmem 900MiB", false, 1, 500, 1 }, /* more than is free */
    { "create 3", false, 1, 391, 0 },
    { "create 3", false, 1, 392, 1 },         /* claimed by the builder */
    { "create 3", false, 3, 90, 1 },          /* being built */
    { "set 1 balloon no", false, 1, 250, 0 }, /* not said yet */
    { NULL, false, 2, 350, 1 },               /* no balloon */
    { NULL, true, 2, 500, 0 },
};

START_TEST(test_sim_alarms_at_illegal_orders)
{
    uint64_t kib = order_rows[_i].mib * KIB_PER_MIB;
    uint32_t domid = order_rows[_i].domid;
    int r;

    if (order_rows[_i].event)
        do_event(order_rows[_i].event);
    r = order_rows[_i].is_maxmem ? host->ops->set_maxmem(host, domid, kib)
                                 : host->ops->set_target(host, domid, kib);
    ck_assert_int_eq(r, 0);
    ck_assert_uint_eq(alarms, order_rows[_i].alarms);
}
END_TEST

START_TEST(test_sim_alarms_when_memory_runs_out)
{
    do_event("take 150MiB");
    sim_world_find(world, 1)->facts.target_kib = 400 * KIB_PER_MIB;
    sim_world_advance(world, 10000);
    ck_assert_uint_ge(alarms, 1);
    ck_assert_int_ge(world->free_kib, 0);
    check_sum();
}
END_TEST

START_TEST(test_sim_memory_keys_take_effect)
{
    const struct host_domain *d = &sim_world_find(world, 1)->facts;
    char path[KEYS_PATH_SIZE];

    keys_domain(path, 1, KEY_DYNAMIC_MIN);
    ck_assert_int_eq(host->ops->store_write(host, path, "4096"), 0);
    ck_assert_uint_eq(d->dynamic_min_kib, 4096);
    ck_assert_int_eq(host->ops->store_write(host, path, "4096x"), 0);
    ck_assert_uint_eq(d->dynamic_min_kib, HOST_UNSET);
    do_event("store-fails yes");
    ck_assert_int_eq(host->ops->store_write(host, path, "1"), -EIO);
}
END_TEST

static int
collect(void *arg, const char *name, const char *value)
{
    char *text = arg;

    snprintf(text + strlen(text), 256 - strlen(text), "%s=%s;", name, value);
    return 0;
}

START_TEST(test_store_lists_children_only)
{
    struct sim_store s = { 0 };
    char text[256] = "";

    ck_assert_int_eq(sim_store_write(&s, "/a/b/c", "1"), 0);
    ck_assert_int_eq(sim_store_write(&s, "/a/b-x", "2"), 0);
    ck_assert_int_eq(sim_store_write(&s, "/a/b", "3"), 0);
    ck_assert_int_eq(sim_store_write(&s, "/ab/c", "4"), 0);
    ck_assert_int_eq(sim_store_list(&s, "/a", collect, text), 0);
    ck_assert_str_eq(text, "b=3;b-x=2;");
    ck_assert_int_eq(sim_store_remove(&s, "/a/b"), 0);
    ck_assert_ptr_null(sim_store_read(&s, "/a/b/c"));
    ck_assert_str_eq(sim_store_read(&s, "/a/b-x"), "2");
    ck_assert_int_eq(sim_store_remove(&s, "/a/b"), -ENOENT);
    ck_assert_int_eq(sim_store_list(&s, "/none", collect, text), 0);
    ck_assert_int_eq(sim_store_write(&s, "a", ""), -EINVAL);
    sim_store_done(&s);
}
END_TEST

static const struct {
    const char *text;
    const char *sentence; /* part of it */
} bad_rows[] = {
    { "", "[host] needs free" },
    { "[host]\ntotal = 1GiB\nnonsense\n", "line 3" },
    { "[host]\nfree = 1\nspeed = 0\n", "speed = 0" },
    { "[host]\nfree = 1\n[domain 1]\nmemory = much\n", "memory = much" },
    { "[host]\nfree = 1\n[domain x]\nmemory = 1\n", "[domain x]" },
    { "[host]\nfree = 1\n[domain 5-4]\nmemory = 1\n", "[domain 5-4]" },
    { "[host]\nfree = 1\n[domain 1]\ncharacter = odd\n", "character = odd" },
    { "[host]\nfree = 1\n[events]\n5s = sing 3\n", "sing 3" },
    { "[host]\nfree = 1\n[events]\n5 apples = destroy 3\n", "5 apples" },
    { "[host]\nfree = 1\n[events]\n5s = destroy 3 4\n", "destroy 3 4" },
    { "[host]\ntotal = 1GiB\n[domain 1]\nmemory = 2GiB\n", "[host] needs" },
};

START_TEST(test_scenario_says_what_is_wrong)
{
    struct sim_scenario s = { .seed = 7 };
    char error[HOST_ERROR_SIZE] = "";

    ck_assert_int_lt(sim_scenario_parse(&s, bad_rows[_i].text, NULL, error), 0);
    ck_assert_msg(strstr(error, bad_rows[_i].sentence), "%s", error);
    ck_assert_uint_eq(s.seed, 7);
}
END_TEST

/* As a tool would: under another name first, then renamed into place. */
static void
drop(const char *dir, const char *name, const char *text)
{
    char partial[128], path[128];
    FILE *file;

    snprintf(partial, sizeof(partial), "%s/partial", dir);
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(partial, "we");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(rename(partial, path), 0);
}

static bool
has_file(const char *dir, const char *name)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    return access(path, F_OK) == 0;
}

static void
take_away(const char *dir, const char *name)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    ck_assert_int_eq(unlink(path), 0);
}

START_TEST(test_spool_files_are_domains)
{
    char dir[] = "/tmp/check_sim.XXXXXX";
    struct sim_spool spool = { 0 };

    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(world->scenario.spool, SIM_SPOOL_SIZE, "%s", dir);
    drop(dir, "small.dom", "[domain]\nmemory = 100MiB\n");
    drop(dir, "huge.dom", "[domain]\nmemory = 9GiB\n");
    drop(dir, "odd.dom", "[domain]\nmemory = odd\n");
    sim_spool_scan(&spool, world);
    sim_spool_scan(&spool, world);
    ck_assert_uint_eq(world->n, 3);
    ck_assert_str_eq(world->guests[2].facts.name, "small");
    ck_assert(has_file(dir, "small.domid"));
    ck_assert(has_file(dir, "huge.failed"));
    ck_assert(has_file(dir, "odd.failed"));
    take_away(dir, "small.dom");
    take_away(dir, "huge.dom");
    take_away(dir, "odd.dom");
    sim_spool_scan(&spool, world);
    ck_assert_uint_eq(world->n, 2);
    check_sum();
    sim_spool_done(&spool);
    ck_assert_int_eq(rmdir(dir), 0); /* the answers went with the files */
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_sim_moves_towards_the_target);
    tcase_add_test(tests, test_sim_holds_maxmem);
    tcase_add_test(tests, test_sim_creates_builds_boots_and_destroys);
    tcase_add_test(tests, test_sim_refuses_a_domain_without_room);
    UNIT_ADD_ROWS(tests, test_sim_alarms_at_illegal_orders, order_rows);
    tcase_add_test(tests, test_sim_alarms_when_memory_runs_out);
    tcase_add_test(tests, test_sim_memory_keys_take_effect);
    tcase_add_test(tests, test_store_lists_children_only);
    UNIT_ADD_ROWS(tests, test_scenario_says_what_is_wrong, bad_rows);
    tcase_add_test(tests, test_spool_files_are_domains);
}

int
main(void)
{
    return unit_run("sim", add);
}
