/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What holds for every engine that comes with the daemon, on every host:
 * random ones, over some plans each.  PROPERTIES_SEED repeats a failure,
 * PROPERTIES_ROUNDS asks for more.
 */
#include <config.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "policy-builtin.h"
#include "random-world.h"
#include "unit.h"
#include "util/units.h"
#include "world.h"

#define SEED    20261126
#define ROUNDS  400
#define PLANS   12
#define SHARERS (WORLD_DOMAINS + 1)

static uint64_t seed, rounds;
static uint64_t round_number;

/* Two instances that are shown the same. */
static const struct xbp_policy *engine;
static void *ctx[2];
static uint64_t wishes[2][SHARERS];

static void
setup(void)
{
    seed = random_setting("PROPERTIES_SEED", SEED);
    rounds = random_setting("PROPERTIES_ROUNDS", ROUNDS);
}

/* Says how to repeat what failed; an assertion of check's costs more time than
 * all that is tested here. */
__attribute__((format(printf, 2, 3))) static void
hold(bool condition, const char *format, ...)
{
    char what[256];
    va_list args;

    if (condition)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    ck_abort_msg("%s, PROPERTIES_SEED=%" PRIu64 " round %" PRIu64 ": %s",
                 engine->name, seed, round_number, what);
}

static void
make(size_t i)
{
    ctx[i] = engine->create ? engine->create() : NULL;
    ck_assert(!engine->create || ctx[i]);
}

static void
end(size_t i)
{
    if (engine->destroy)
        engine->destroy(ctx[i]);
    ctx[i] = NULL;
}

/* A number of the size of what the guest has, none, or one that cannot be. */
static uint64_t
random_word(uint64_t about_kib)
{
    const uint64_t words[] = {
        XBP_UNKNOWN,         0,
        UINT64_MAX - 1,      dice(about_kib + 1),
        dice(about_kib + 1), dice(2 * about_kib + 1),
    };

    return words[dice(sizeof(words) / sizeof(words[0]))];
}

/* Agents of all kinds: honest, mute, late, mad. */
static void
random_reports(void)
{
    for (size_t i = 0; i < world.snapshot.xbp.n_guests; i++) {
        struct xbp_guest *e = &world.snapshot.entries[i];
        uint64_t about_kib = e->actual_kib % (UINT64_C(1) << 40);

        e->weight = one_in(3) ? 1 + (uint32_t)dice(65535) : 256;
        e->sample_age_ms = one_in(4) ? random_word(60000) : dice(2000);
        e->cache_kib = random_word(about_kib);
        e->swap_used_kib = random_word(about_kib);
        e->swap_in_kib_per_s = random_word(about_kib / 8);
        e->swap_out_kib_per_s = random_word(about_kib / 8);
        e->refault_anon_kib_per_s = random_word(about_kib / 8);
        e->refault_file_kib_per_s = random_word(about_kib / 8);
        e->stall_some_permyriad = dice(PERMYRIAD + 1);
        e->stall_full_permyriad = dice(e->stall_some_permyriad + 1);
        e->used_kib = random_word(about_kib);
        e->anon_kib = random_word(about_kib);
        e->swap_total_kib = random_word(about_kib);
        e->seen_in_kib_per_s = random_word(about_kib / 8);
        e->seen_out_kib_per_s = random_word(about_kib / 8);
        e->seen_wait_permyriad = random_word(PERMYRIAD + 1);
        e->flags |= one_in(6) ? XBP_GUEST_THRASHING : 0;
    }
}

/* Hosts of a size that has to do with what guests have, and others. */
static void
random_snapshot(void)
{
    struct xbp_snapshot *s = &world.snapshot.xbp;

    random_reports();
    if (!one_in(8))
        s->total_kib = s->budget_kib + dice(s->budget_kib + 1);
    if (one_in(3))
        s->budget_kib = dice(s->budget_kib + 1);
    if (one_in(4)) {
        uint64_t min_kib = dice(64 * MIB);

        ck_assert_int_eq(snapshot_add_range(&world.snapshot, min_kib,
                                            min_kib + dice(512 * MIB)),
                         0);
    }
}

static void
plan(size_t instance)
{
    const struct xbp_snapshot *s = &world.snapshot.xbp;

    for (size_t i = 0; i < s->n_guests; i++)
        wishes[instance][i] = s->guests[i]->target_kib;
    hold(engine->plan(ctx[instance], s, wishes[instance]) == 0, "no plan");
}

static void
check_bounds(void)
{
    const struct xbp_snapshot *s = &world.snapshot.xbp;
    uint64_t sum_kib = 0, lowest_kib = 0;

    for (size_t i = 0; i < s->n_guests; i++) {
        const struct xbp_guest *g = s->guests[i];
        uint64_t kib = wishes[0][i];

        hold(kib >= g->lower_kib && kib <= g->upper_kib,
             "guest %zu: %" PRIu64 " is not in %" PRIu64 "..%" PRIu64, i, kib,
             g->lower_kib, g->upper_kib);
        sum_kib += kib;
        lowest_kib += g->lower_kib;
    }
    hold(sum_kib <= max_u64(s->budget_kib, lowest_kib),
         "%" PRIu64 " KiB are more than the budget of %" PRIu64 ", and %" PRIu64
         " would do",
         sum_kib, s->budget_kib, lowest_kib);
}

static void
check_same(void)
{
    for (size_t i = 0; i < world.snapshot.xbp.n_guests; i++)
        hold(wishes[0][i] == wishes[1][i], "guest %zu: %" PRIu64 " or %" PRIu64,
             i, wishes[0][i], wishes[1][i]);
}

static void
check_explained(void)
{
    char text[512];

    for (size_t i = 0; i < world.snapshot.xbp.n_guests; i++) {
        memset(text, 'x', sizeof(text));
        engine->explain(ctx[0], i, text, sizeof(text));
        hold(memchr(text, '\0', sizeof(text) - 1) && text[0] != '\0',
             "guest %zu: no sentence", i);
        memset(text, 'x', sizeof(text));
        engine->explain(ctx[0], i, text, 8);
        hold(text[8] == 'x', "guest %zu: too long a sentence", i);
    }
}

/* Both see the same; then the first is asked once more. */
static void
check_plan(void)
{
    random_snapshot();
    plan(0);
    check_bounds();
    check_explained();
    plan(1);
    check_same();
    plan(1);
    check_same();
}

/* Domains follow their targets, or not; some come and go. */
static void
go_on(void)
{
    const struct xbp_snapshot *s = &world.snapshot.xbp;

    for (size_t i = 0; i < s->n_guests; i++) {
        const struct guest *g = world.snapshot.guests[i];
        size_t place = 0;

        while (g && world.domains[place].domid != g->facts.domid)
            place++;
        if (g && !one_in(4))
            world.domains[place].target_kib = wishes[0][i];
        if (g && !one_in(4))
            world.domains[place].actual_kib = wishes[0][i];
        if (g && one_in(40))
            world.domains[place].domid += 100;
        if (g && one_in(10))
            world.domains[place].is_paused = one_in(2);
    }
    world_observe(&world, one_in(2) ? dice(100) : dice(40000));
}

START_TEST(test_plans_are_safe_and_repeatable)
{
    uint64_t sharers = 0;

    engine = policy_builtins[_i]();
    for (round_number = 0; round_number < rounds; round_number++) {
        random_begin(seed + round_number);
        random_world(&world);
        make(0);
        make(1);
        for (int i = 0; i < PLANS; i++) {
            check_plan();
            sharers += world.snapshot.xbp.n_guests;
            go_on();
        }
        end(0);
        end(1);
        world_done(&world);
    }
    ck_assert_uint_gt(sharers, rounds * PLANS); /* or nothing was tested */
}
END_TEST

static void
add(TCase *tests)
{
    int n = 0;

    while (policy_builtins[n])
        n++;
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, test_plans_are_safe_and_repeatable, 0, n);
}

int
main(void)
{
    return unit_run("engine_properties", add);
}
