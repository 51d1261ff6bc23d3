/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The demand engine as a whole, on snapshots of a few guests and by chance. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policy-builtin.h"
#include "random-world.h"
#include "unit.h"
#include "util/units.h"
#include "xbp-level.h"
#include "xbp-util.h"

#define MIB    1024u
#define GIB    (1024u * MIB)
#define GUESTS 12
#define ROUNDS 300
#define LOOKS  30

policy_init_fn demand_policy_init;

static const char *const uuids[GUESTS] = {
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l",
};
static struct xbp_guest guests[GUESTS];
static const struct xbp_guest *pointers[GUESTS];
static struct xbp_snapshot snapshot;
static const struct xbp_policy *engine;
static void *ctx;
static uint64_t wishes[GUESTS];

static void
begin(void)
{
    engine = demand_policy_init();
    ctx = engine->create();
    ck_assert_ptr_nonnull(ctx);
    snapshot = (struct xbp_snapshot){
        ._struct_size = sizeof(snapshot),
        .now_ms = 1000000,
        .guests = pointers,
    };
    for (size_t i = 0; i < GUESTS; i++)
        pointers[i] = &guests[i];
}

static void
end(void)
{
    engine->destroy(ctx);
}

static void
say_nothing(struct xbp_guest *g)
{
    g->available_kib = XBP_UNKNOWN;
    g->sample_age_ms = g->seen_in_kib_per_s = XBP_UNKNOWN;
    g->cache_kib = g->used_kib = g->anon_kib = XBP_UNKNOWN;
    g->swap_used_kib = g->swap_total_kib = XBP_UNKNOWN;
    g->swap_in_kib_per_s = g->swap_out_kib_per_s = XBP_UNKNOWN;
    g->refault_anon_kib_per_s = g->refault_file_kib_per_s = XBP_UNKNOWN;
    g->stall_some_permyriad = g->stall_full_permyriad = XBP_UNKNOWN;
}

/* 256 MiB .. 4 GiB, at target_kib; nothing is known of it. */
static struct xbp_guest *
add_guest(uint64_t target_kib)
{
    size_t i = snapshot.n_guests++;
    struct xbp_guest *g = &guests[i];

    *g = (struct xbp_guest){
        ._struct_size = sizeof(*g),
        .uuid = uuids[i],
        .name = uuids[i],
        .domid = (uint32_t)i + 1,
        .dynamic_min_kib = 256 * MIB,
        .dynamic_max_kib = 4 * GIB,
        .lower_kib = 256 * MIB,
        .upper_kib = 4 * GIB,
        .target_kib = target_kib,
        .actual_kib = target_kib,
        .weight = XBP_WEIGHT_NEUTRAL,
    };
    say_nothing(g);
    snapshot.budget_kib += target_kib;
    return g;
}

/* Its agent says that it uses so much, and pays nothing. */
static void
use(struct xbp_guest *g, uint64_t used_kib)
{
    g->sample_age_ms = 0;
    g->used_kib = min_u64(used_kib, g->actual_kib);
    g->available_kib = g->actual_kib - g->used_kib;
    g->cache_kib = 0;
    g->anon_kib = g->used_kib;
    g->swap_used_kib = 0;
    g->swap_total_kib = 4 * GIB;
    g->swap_in_kib_per_s = g->swap_out_kib_per_s = 0;
    g->refault_anon_kib_per_s = g->refault_file_kib_per_s = 0;
    g->stall_some_permyriad = g->stall_full_permyriad = 0;
}

/* It uses all it has and swaps. */
static void
thrash(struct xbp_guest *g, uint64_t swapped_kib)
{
    use(g, g->actual_kib);
    g->swap_used_kib = swapped_kib;
    g->swap_in_kib_per_s = g->swap_out_kib_per_s = 20 * MIB;
    g->refault_anon_kib_per_s = 20 * MIB;
    g->stall_some_permyriad = 6000;
    g->stall_full_permyriad = 5000;
}

static void
plan(void)
{
    for (size_t i = 0; i < snapshot.n_guests; i++)
        wishes[i] = guests[i].target_kib;
    ck_assert_int_eq(engine->plan(ctx, &snapshot, wishes), 0);
}

/* A second passes, and every balloon goes where it was sent. */
static void
pass(uint64_t ms)
{
    snapshot.now_ms += ms;
    for (size_t i = 0; i < snapshot.n_guests; i++) {
        guests[i].target_kib = page_floor_kib(wishes[i]);
        guests[i].actual_kib = guests[i].target_kib;
    }
}

static void
expect_words(uint64_t i, const char *words)
{
    char text[256];

    engine->explain(ctx, i, text, sizeof(text));
    ck_assert_str_eq(text, words);
}

START_TEST(test_nothing_known_is_proportional)
{
    add_guest(1 * GIB);
    add_guest(3 * GIB);
    for (int i = 0; i < 600; i++) {
        plan();
        pass(1000);
    }
    ck_assert_uint_le(distance_u64(wishes[0], 2 * GIB), GIB / 32);
    ck_assert_uint_le(distance_u64(wishes[1], 2 * GIB), GIB / 32);
    expect_words(1, "says nothing of its use; has its share of 2048 MiB");
}
END_TEST

START_TEST(test_an_idle_guest_lends_to_one_that_lacks)
{
    struct xbp_guest *idle = add_guest(2 * GIB), *busy = add_guest(2 * GIB);

    for (int i = 0; i < 20; i++) {
        use(idle, 512 * MIB);
        if (busy->actual_kib < 3 * GIB)
            thrash(busy, 3 * GIB - busy->actual_kib);
        else
            use(busy, 2900 * MIB);
        plan();
        pass(1000);
    }
    /* all but what could not be given back within 10 s, at 80 MiB/s */
    ck_assert_uint_ge(busy->target_kib, 2 * GIB + 768 * MIB);
    expect_words(0, "uses 512 MiB and can do with 614 of its share of 2048 "
                    "MiB; lends 1432 MiB");
    ck_assert_uint_ge(idle->target_kib + MIB, 512 * MIB + 512 * MIB / 5);
}
END_TEST

/* The lender wakes: what it needs of its share is its own at once. */
START_TEST(test_a_lender_that_wakes_has_its_share_back)
{
    struct xbp_guest *idle = add_guest(1 * GIB), *busy = add_guest(3 * GIB);

    for (int i = 0; i < 5; i++) {
        use(idle, 512 * MIB);
        use(busy, 2900 * MIB);
        plan();
        pass(1000);
    }
    use(idle, idle->actual_kib - 8 * MIB);
    plan();
    ck_assert_uint_ge(wishes[0], 2 * GIB - MIB);
}
END_TEST

/* A guest that says whatever gains it most, for ever, next to one that is
 * honest and uses its share: nothing is lost to the liar. */
START_TEST(test_a_liar_never_costs_what_is_used)
{
    struct xbp_guest *honest = add_guest(2 * GIB), *liar = add_guest(2 * GIB);

    for (int i = 0; i < 1200; i++) {
        use(honest, 1800 * MIB);
        thrash(liar, 100 * GIB);
        plan();
        ck_assert_uint_ge(wishes[0], 2 * GIB - GIB / 32);
        pass(1000);
    }
}
END_TEST

/* It may have what nobody needs; who needs it has it back in two looks. */
START_TEST(test_a_liar_gives_back_what_is_needed)
{
    struct xbp_guest *idle = add_guest(2 * GIB), *liar = add_guest(2 * GIB);

    for (int i = 0; i < 60; i++) {
        use(idle, 512 * MIB);
        thrash(liar, 100 * GIB);
        plan();
        pass(1000);
    }
    ck_assert_uint_gt(liar->target_kib, 3 * GIB);
    for (int i = 0; i < 2; i++) {
        use(idle, idle->actual_kib);
        thrash(liar, 100 * GIB);
        plan();
        pass(1000);
    }
    ck_assert_uint_ge(wishes[0], 2 * GIB - GIB / 32);
    ck_assert_uint_le(wishes[1], 2 * GIB + GIB / 32);
}
END_TEST

/* And it claims no more when that does not help it. */
START_TEST(test_a_lack_that_memory_does_not_mend_is_barred)
{
    struct xbp_guest *idle = add_guest(2 * GIB), *liar = add_guest(2 * GIB);
    char text[256] = "";

    for (int i = 0; i < 200 && !strstr(text, "lacked as much"); i++) {
        use(idle, 512 * MIB);
        thrash(liar, 100 * GIB);
        plan();
        engine->explain(ctx, 1, text, sizeof(text));
        pass(1000);
    }
    ck_assert_ptr_nonnull(strstr(text, "lacked as much"));
}
END_TEST

/* What it says cannot be: nothing is swapped out that it could bring in. */
START_TEST(test_an_absurd_liar_gets_its_share)
{
    struct xbp_guest *idle = add_guest(2 * GIB), *liar = add_guest(2 * GIB);

    for (int i = 0; i < 600; i++) {
        use(idle, 512 * MIB);
        thrash(liar, 0);
        plan();
        ck_assert_uint_le(wishes[1], 2 * GIB + GIB / 32);
        pass(1000);
    }
    expect_words(1, "says that it swaps in what is not swapped out; has its "
                    "share of 2048 MiB");
}
END_TEST

/* 96 MiB .. 4 GiB, at 160 MiB. */
static struct xbp_guest *
add_small(void)
{
    struct xbp_guest *g = add_guest(160 * MIB);

    g->dynamic_min_kib = g->lower_kib = 96 * MIB;
    return g;
}

/* It swaps in what it lacks, now more, now less; PSI sees nothing of that. */
static void
swap_unseen(struct xbp_guest *g, uint64_t swapped_kib)
{
    use(g, g->actual_kib - 4 * MIB);
    g->swap_used_kib = swapped_kib;
    g->swap_in_kib_per_s = swapped_kib == 0                 ? 0
                           : snapshot.now_ms / MS_PER_S % 4 ? 228
                                                            : 2400;
}

/* Who rests gives what it does not touch, but has back what it misses. */
START_TEST(test_a_sleeper_gives_what_it_does_not_touch)
{
    struct xbp_guest *asleep = add_small(), *awake = add_small();

    for (int i = 0; i < 180; i++) {
        uint64_t was_kib = awake->target_kib;

        swap_unseen(asleep, i < 120 ? 0 : 20 * MIB);
        swap_unseen(awake, sat_sub(176 * MIB, awake->actual_kib));
        plan();
        ck_assert(i >= 120 || wishes[1] >= was_kib);
        pass(1000);
        ck_assert(i != 119 || awake->actual_kib >= 174 * MIB);
    }
    ck_assert_uint_ge(asleep->target_kib, 158 * MIB);
}
END_TEST

/* What a guest might say. */
static void
say_anything(struct xbp_guest *g)
{
    uint64_t *const words[] = {
        &g->available_kib,
        &g->sample_age_ms,
        &g->cache_kib,
        &g->swap_used_kib,
        &g->swap_in_kib_per_s,
        &g->swap_out_kib_per_s,
        &g->refault_anon_kib_per_s,
        &g->refault_file_kib_per_s,
        &g->stall_some_permyriad,
        &g->stall_full_permyriad,
        &g->used_kib,
        &g->anon_kib,
        &g->swap_total_kib,
    };

    if (one_in(4)) {
        say_nothing(g);
    } else if (one_in(4)) {
        thrash(g, dice(8 * GIB));
    } else if (one_in(2)) {
        use(g, dice(g->actual_kib + 1));
    } else {
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
            *words[i] = one_in(3) ? dice(UINT64_MAX) : dice(4 * GIB);
    }
}

static void
random_guest(void)
{
    struct xbp_guest *g = add_guest(dice(4 * GIB));

    g->dynamic_min_kib = dice(2 * GIB);
    g->dynamic_max_kib = g->dynamic_min_kib + dice(4 * GIB);
    g->lower_kib =
        g->dynamic_min_kib + dice(g->dynamic_max_kib - g->dynamic_min_kib + 1);
    g->upper_kib = g->lower_kib + dice(g->dynamic_max_kib - g->lower_kib + 1);
    g->weight = (uint32_t)(1 + dice(2048));
    if (one_in(8)) {
        g->flags = XBP_GUEST_RESERVATION;
        g->uuid = "";
    }
}

static void
check_wishes(uint64_t round)
{
    uint64_t sum_kib = 0, lowest_kib = 0;
    char text[256];

    for (size_t i = 0; i < snapshot.n_guests; i++) {
        ck_assert_uint_ge(wishes[i], guests[i].lower_kib);
        ck_assert_uint_le(wishes[i], guests[i].upper_kib);
        sum_kib += wishes[i];
        lowest_kib += guests[i].lower_kib;
        engine->explain(ctx, i, text, sizeof(text));
        ck_assert_uint_gt(strlen(text), 10);
    }
    ck_assert_msg(sum_kib <= max_u64(snapshot.budget_kib, lowest_kib),
                  "round %" PRIu64 ": %" PRIu64 " of %" PRIu64 " KiB", round,
                  sum_kib, snapshot.budget_kib);
}

/* No guest's word, and no past, brings a wish out of its bounds, the sum above
 * the budget, or anyone who says that it uses its share below that. */
START_TEST(test_any_words_leave_bounds_and_budget)
{
    for (uint64_t round = 0; round < ROUNDS; round++) {
        random_begin(round);
        begin();
        for (uint64_t i = 1 + dice(GUESTS - 1); i > 0; i--)
            random_guest();
        for (int look = 0; look < LOOKS; look++) {
            snapshot.budget_kib = dice(32 * (uint64_t)GIB);
            for (size_t i = 0; i < snapshot.n_guests; i++)
                say_anything(&guests[i]);
            plan();
            check_wishes(round);
            pass(dice(20000));
        }
        end();
    }
}
END_TEST

/* The same guests in another order, and again: the same wishes. */
START_TEST(test_order_does_not_matter)
{
    uint64_t first[LOOKS][GUESTS];

    for (uint64_t round = 0; round < ROUNDS; round++) {
        for (int is_again = 0; is_again < 3; is_again++) {
            begin();
            random_begin(round);
            for (uint64_t i = 2 + dice(GUESTS - 2); i > 0; i--)
                random_guest();
            for (uint64_t i = 0; is_again == 2 && i < snapshot.n_guests; i++)
                pointers[i] = &guests[snapshot.n_guests - 1 - i];
            for (int look = 0; look < LOOKS; look++) {
                for (size_t i = 0; i < snapshot.n_guests; i++)
                    say_anything(&guests[i]);
                ck_assert_int_eq(engine->plan(ctx, &snapshot, wishes), 0);
                for (size_t i = 0; i < snapshot.n_guests; i++) {
                    size_t own = (size_t)(pointers[i] - guests);

                    if (is_again == 0)
                        first[look][own] = wishes[i];
                    ck_assert_msg(first[look][own] == wishes[i],
                                  "round %" PRIu64 " look %d: domain %zu",
                                  round, look, own + 1);
                    guests[own].target_kib = wishes[i];
                    guests[own].actual_kib = wishes[i];
                }
                snapshot.now_ms += dice(3000);
            }
            end();
        }
    }
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, test_nothing_known_is_proportional);
    tcase_add_test(tests, test_an_idle_guest_lends_to_one_that_lacks);
    tcase_add_test(tests, test_a_lender_that_wakes_has_its_share_back);
    tcase_add_test(tests, test_a_liar_never_costs_what_is_used);
    tcase_add_test(tests, test_a_liar_gives_back_what_is_needed);
    tcase_add_test(tests, test_an_absurd_liar_gets_its_share);
    tcase_add_test(tests, test_a_lack_that_memory_does_not_mend_is_barred);
    tcase_add_test(tests, test_a_sleeper_gives_what_it_does_not_touch);
}

static void
add_chance(TCase *tests)
{
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_any_words_leave_bounds_and_budget);
    tcase_add_test(tests, test_order_does_not_matter);
}

int
main(void)
{
    int r = unit_run("demand", add);

    return r == EXIT_SUCCESS ? unit_run("demand by chance", add_chance) : r;
}
