/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the demand engine shares a budget out by need. */
#include <config.h>

#include <inttypes.h>

#include "demand-share.h"
#include "random-world.h"
#include "unit.h"
#include "util/units.h"

#define MIB     1024u
#define PARTS   4
#define LOTS    16
#define ROUNDS  10000
#define NEUTRAL 256

/* In MiB; all have a range of 100 .. 1000 and a share of 400. What is 0 is not
 * there: wants and spares are what is used, weights are neutral. */
struct part_row {
    uint64_t tight, touched, want, spare, right, kept, stay, target, most;
    uint64_t firm; /* not there: tight */
    uint64_t peak;
    bool is_proven, is_lasting, is_much;
    uint32_t weight;
    uint64_t give;
};

static const struct share_row {
    const char *why;
    uint64_t budget;
    struct part_row parts[PARTS];
} share_rows[] = {
    { "what nobody needs is spread as even cushions",
      1200,
      { { .tight = 200, .give = 300 },
        { .tight = 300, .give = 400 },
        { .tight = 400, .give = 500 } } },
    { "no cushion for who is not believed",
      1200,
      { { .tight = 400, .most = 400, .give = 400 },
        { .tight = 300, .give = 400 },
        { .tight = 300, .give = 400 } } },
    { "who pays for a lack gets all that others do not need",
      1200,
      { { .tight = 200, .kept = 250, .give = 200 },
        { .tight = 300, .kept = 350, .give = 300 },
        { .tight = 900, .is_proven = true, .give = 700 } } },
    { "who only says that it needs more leaves lenders a part",
      1200,
      { { .tight = 200, .kept = 250, .give = 250 },
        { .tight = 300, .kept = 350, .give = 350 },
        { .tight = 400, .want = 800, .give = 600 } } },
    { "who pays comes before who says so",
      1200,
      { { .tight = 200, .give = 200 },
        { .tight = 400, .want = 900, .give = 400 },
        { .tight = 700, .is_proven = true, .give = 600 } } },
    { "where lacks cannot all be met the smallest is first",
      1600,
      { { .tight = 200, .give = 200 },
        { .tight = 200, .give = 200 },
        { .tight = 900, .is_proven = true, .give = 700 },
        { .tight = 500, .is_proven = true, .give = 500 } } },
    { "and none gets more, but for its weight",
      1600,
      { { .tight = 200, .give = 200 },
        { .tight = 200, .give = 200 },
        { .tight = 900, .is_proven = true, .weight = 512, .give = 667 },
        { .tight = 700, .is_proven = true, .give = 533 } } },
    { "who lacks more than there is comes after others' headroom",
      1200,
      { { .tight = 200, .want = 300, .give = 300 },
        { .tight = 300, .give = 300 },
        { .tight = 900, .is_proven = true, .is_much = true, .give = 600 } } },
    { "and after what others used a while ago",
      1200,
      { { .tight = 200, .peak = 350, .give = 350 },
        { .tight = 300, .give = 300 },
        { .tight = 900, .is_proven = true, .is_much = true, .give = 550 } } },
    { "for nobody else that is kept",
      1200,
      { { .tight = 200, .peak = 350, .give = 200 },
        { .tight = 300, .give = 300 },
        { .tight = 900, .is_proven = true, .give = 700 } } },
    { "what a guest has and uses beyond its share is not taken for a lack",
      1200,
      { { .tight = 600, .target = 600, .give = 500 },
        { .tight = 300, .give = 300 },
        { .tight = 900, .target = 400, .is_proven = true, .give = 400 } } },
    { "but for what another one needs of its share it is",
      1200,
      { { .tight = 600, .target = 600, .give = 400 },
        { .tight = 400, .give = 400 },
        { .tight = 400, .give = 400 } } },
    { "nor is the headroom that it has within its share",
      1200,
      { { .tight = 300, .want = 380, .target = 390, .give = 380 },
        { .tight = 300, .give = 300 },
        { .tight = 900, .is_proven = true, .give = 520 } } },
    { "nor is its cache",
      1200,
      { { .tight = 200, .touched = 350, .give = 350 },
        { .tight = 300, .give = 300 },
        { .tight = 900, .is_proven = true, .give = 550 } } },
    { "who does not show that it needs what it uses gives some of it",
      800,
      { { .tight = 380, .want = 450, .target = 400, .firm = 377, .give = 377 },
        { .tight = 450,
          .is_proven = true,
          .is_lasting = true,
          .give = 423 } } },
    { "but to none who lacked only a moment",
      800,
      { { .tight = 380, .want = 450, .target = 400, .firm = 377, .give = 400 },
        { .tight = 450, .is_proven = true, .give = 400 } } },
    { "who wakes has its share before what others have for no reason",
      1200,
      { { .tight = 200, .right = 400, .give = 400 },
        { .tight = 300, .give = 300 },
        { .tight = 400, .stay = 600, .give = 500 } } },
    { "what nobody needs stays where it is",
      1200,
      { { .tight = 200, .stay = 700, .give = 600 },
        { .tight = 300, .give = 300 },
        { .tight = 300, .give = 300 } } },
    { "what might help more cache is spare memory",
      1200,
      { { .tight = 200, .kept = 250, .give = 250 },
        { .tight = 300, .kept = 350, .give = 350 },
        { .tight = 300, .touched = 400, .spare = 900, .give = 600 } } },
    { "a budget below the floors: the floors",
      200,
      { { .tight = 100, .give = 100 },
        { .tight = 100, .give = 100 },
        { .tight = 900, .is_proven = true, .give = 100 } } },
    { "nobody takes part", 1000, { { .tight = 0 } } },
};

static struct xbp_guest guests[LOTS];
static struct demand_need needs[LOTS];
static struct demand_part parts[LOTS];
static uint64_t n;

static void
take_row(const struct part_row *row)
{
    uint64_t want = max_u64(row->want, row->tight);

    guests[n] = (struct xbp_guest){
        ._struct_size = sizeof(guests[n]),
        .uuid = "",
        .domid = (uint32_t)n + 1,
        .dynamic_min_kib = 100 * MIB,
        .dynamic_max_kib = 1000 * MIB,
        .lower_kib = 100 * MIB,
        .upper_kib = 1000 * MIB,
        .target_kib = row->target * MIB,
        .weight = row->weight ? row->weight : NEUTRAL,
    };
    needs[n] = (struct demand_need){
        .share_kib = 400 * MIB,
        .firm_kib = (row->firm ? row->firm : row->tight) * MIB,
        .tight_kib = row->tight * MIB,
        .touched_kib = row->touched * MIB,
        .want_kib = want * MIB,
        .spare_kib = max_u64(row->spare, want) * MIB,
        .right_kib = row->right * MIB,
        .kept_kib = row->kept * MIB,
        .most_kib = (row->most ? row->most : 1000) * MIB,
        .is_proven = row->is_proven,
        .is_lasting = row->is_lasting,
        .is_much = row->is_much,
        .peak_kib = row->peak * MIB,
    };
    parts[n] = (struct demand_part){
        .guest = &guests[n],
        .need = &needs[n],
        .stay_kib = row->stay * MIB,
    };
    n++;
}

START_TEST(test_needs_are_met_in_their_order)
{
    const struct share_row *row = &share_rows[_i];
    uint64_t cushion_kib = 0;

    n = 0;
    for (size_t i = 0; i < PARTS && row->parts[i].tight; i++)
        take_row(&row->parts[i]);
    if (row->budget == 200) /* not even the floors fit: no share is above */
        for (size_t i = 0; i < n; i++)
            needs[i].share_kib = guests[i].lower_kib;
    demand_share(parts, n, row->budget * MIB, &cushion_kib);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(distance_u64(parts[i].give_kib,
                                   row->parts[i].give * MIB) <= MIB,
                      "%s: part %zu has %" PRIu64 " MiB, not %" PRIu64,
                      row->why, i, parts[i].give_kib / MIB, row->parts[i].give);
}
END_TEST

static uint64_t
between(uint64_t least, uint64_t most)
{
    return least + dice(most - least + 1);
}

/* Needs by chance that keep what demand_need() promises. */
static void
random_part(uint64_t i)
{
    struct xbp_guest *g = &guests[i];
    struct demand_need *need = &needs[i];

    *g = (struct xbp_guest){
        ._struct_size = sizeof(*g),
        .uuid = "",
        .domid = (uint32_t)i + 1,
        .dynamic_min_kib = dice(1000),
        .weight = (uint32_t)between(1, 1024),
        .target_kib = dice(6000),
    };
    g->dynamic_max_kib = g->dynamic_min_kib + dice(5000);
    g->lower_kib = between(g->dynamic_min_kib, g->dynamic_max_kib);
    g->upper_kib = between(g->lower_kib, g->dynamic_max_kib);
    *need = (struct demand_need){
        .share_kib = between(g->lower_kib, g->upper_kib),
        .tight_kib = between(g->lower_kib, g->upper_kib),
        .most_kib = between(g->lower_kib, g->upper_kib),
        .right_kib = one_in(4) ? g->upper_kib : 0,
        .is_proven = one_in(2),
        .is_much = one_in(4),
        .is_lasting = one_in(4),
    };
    need->firm_kib = need->tight_kib;
    need->peak_kib = dice(need->share_kib + 1);
    need->touched_kib = dice(need->share_kib + 1);
    need->want_kib = between(need->tight_kib, g->upper_kib);
    need->spare_kib = between(need->want_kib, g->upper_kib);
    need->kept_kib = dice(need->share_kib + 1);
    parts[i] = (struct demand_part){
        .guest = g,
        .need = need,
        .stay_kib = dice(6000),
    };
}

/* And what a guest needs of its share it has, whatever the others say. */
START_TEST(test_shares_keep_bounds_and_budget)
{
    for (uint64_t round = 0; round < ROUNDS; round++) {
        uint64_t budget_kib = 0, sum_kib = 0, cushion_kib = dice(10000);

        random_begin(round);
        n = between(1, 12);
        for (uint64_t i = 0; i < n; i++) {
            random_part(i);
            budget_kib += needs[i].share_kib;
        }
        budget_kib += one_in(2) ? dice(10000) : 0;
        demand_share(parts, n, budget_kib, &cushion_kib);
        for (uint64_t i = 0; i < n; i++) {
            const struct demand_part *p = &parts[i];

            ck_assert_uint_ge(p->give_kib, p->guest->lower_kib);
            ck_assert_uint_ge(p->give_kib,
                              min_u64(p->need->tight_kib, p->need->share_kib));
            ck_assert_uint_le(p->give_kib, p->guest->upper_kib);
            sum_kib += p->give_kib;
        }
        ck_assert_msg(sum_kib <= budget_kib, "round %" PRIu64, round);
    }
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_needs_are_met_in_their_order, share_rows);
    tcase_add_test(tests, test_shares_keep_bounds_and_budget);
}

int
main(void)
{
    return unit_run("demand_share", add);
}
