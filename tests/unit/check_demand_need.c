/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the demand engine makes of a guest's words and deeds. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "demand-base.h"
#include "demand-need.h"
#include "unit.h"
#include "util/units.h"

#define MIB   1024u
#define LOOKS 5
#define SHARE 1000

/* One look, in MiB, KiB/s and permyriad; span_s 0: no more looks. */
struct look_row {
    uint64_t span_s; /* since the look before */
    uint64_t held, used, cache, swapped, swap_in, swap_out, file_in, stall;
    uint64_t seen_in, seen_wait;
    bool is_silent; /* its agent said nothing for long */
    bool is_seen;   /* the host sees its swap disk */
};

/* After the last look.  The range is 100 .. 4000 MiB, the share 1000. */
static const struct need_row {
    const char *why;
    struct look_row looks[LOOKS];
    enum demand_cause cause;
    uint64_t tight, want, touched, kept; /* MiB */
    bool is_proven;
} need_rows[] = {
    { "one that says nothing has its share",
      { { .span_s = 1, .held = 1000, .is_silent = true } },
      DEMAND_UNKNOWN,
      1000,
      1000,
      0,
      1000,
      false },
    { "an idle one: its use, and 20 % of headroom",
      { { 1, .held = 1000, .used = 500 }, { 9, .held = 1000, .used = 500 } },
      DEMAND_IDLE,
      500,
      600,
      500,
      625,
      false },
    { "its cache is touched, too, and no more than a quarter lent at a time",
      { { 1, .held = 1000, .used = 500, .cache = 300 },
        { 9, .held = 1000, .used = 500, .cache = 300 } },
      DEMAND_IDLE,
      500,
      600,
      725,
      794,
      false },
    { "one that grows needs what it will use before it can get more",
      { { 1, .held = 1000, .used = 500 }, { 1, .held = 1000, .used = 590 } },
      DEMAND_CLAIM,
      590 + 6 * 90,
      590 + 6 * 90,
      1000,
      1000,
      false },
    { "growth that ended is forgotten",
      { { 1, .held = 1000, .used = 500 },
        { 1, .held = 1000, .used = 550 },
        { 1, .held = 1000, .used = 550 } },
      DEMAND_WAKE,
      550,
      660,
      550,
      663,
      false },
    { "one that swaps claims more, but no more than is out",
      { { 1, .held = 1000, .used = 1000 },
        { 1, .held = 1000, .used = 1000, .swapped = 20, .swap_in = 9000,
          .stall = 500 } },
      DEMAND_LACK,
      1063,
      1200,
      1000,
      1000,
      true },
    { "twice as much each time that it was not enough",
      { { 1, .held = 1000, .used = 1000 },
        { 1, .held = 1000, .used = 1000, .swapped = 900, .swap_in = 9000,
          .stall = 500 },
        { 1, .held = 1063, .used = 1063, .swapped = 900, .swap_in = 9000,
          .stall = 500 } },
      DEMAND_LACK,
      1063 + 6 * 63,
      1063 + 6 * 63,
      1000,
      1000,
      true },
    { "so it does when PSI sees nothing of that",
      { { 1, .held = 1000, .used = 1000 },
        { 1, .held = 1000, .used = 1000, .swapped = 20, .swap_in = 100 } },
      DEMAND_LACK,
      1063,
      1200,
      1000,
      1000,
      true },
    { "but not for a few pages",
      { { 1, .held = 1000, .used = 1000 },
        { 1, .held = 1000, .used = 1000, .swapped = 20, .swap_in = 40 } },
      DEMAND_CLAIM,
      1000,
      1200,
      1000,
      1000,
      false },
    { "nor for what the host does not see",
      { { 1, .held = 1000, .used = 1000 },
        { 1, .held = 1000, .used = 1000, .swapped = 20, .seen_in = 7,
          .is_seen = true } },
      DEMAND_CLAIM,
      1000,
      1200,
      1000,
      1000,
      false },
    { "one that the host sees wait for its swap lacks memory",
      { { 1, .held = 1000, .used = 1000 },
        { 1, .held = 1000, .used = 1000, .swapped = 20, .seen_in = 100,
          .seen_wait = 500, .is_seen = true } },
      DEMAND_LACK,
      1063,
      1200,
      1000,
      1000,
      true },
    { "so does one that says nothing",
      { { 1, .held = 1000, .is_silent = true, .is_seen = true },
        { 1, .held = 1000, .is_silent = true, .seen_in = 100, .seen_wait = 500,
          .is_seen = true } },
      DEMAND_LACK,
      1063,
      1063,
      1000,
      1000,
      true },
    { "who says nothing does with what was enough",
      { { 1, .held = 1000, .is_silent = true, .is_seen = true },
        { 9, .held = 900, .is_silent = true, .is_seen = true },
        { 9, .held = 900, .is_silent = true, .is_seen = true } },
      DEMAND_WAKE,
      900,
      900,
      900,
      925,
      false },
    { "who grows and waits for room lacks it",
      { { 1, .held = 1000, .used = 1000 },
        { 1, .held = 1000, .used = 1000, .swapped = 300, .swap_out = 90000,
          .stall = 3000 } },
      DEMAND_LACK,
      1063,
      1200,
      1000,
      1000,
      true },
    { "one that has memory free lacks none",
      { { 1, .held = 1000, .used = 500 },
        { 1, .held = 1000, .used = 500, .swapped = 900, .swap_in = 9000,
          .stall = 500 } },
      DEMAND_IDLE,
      500,
      600,
      500,
      625,
      false },
    { "pressure without anything that comes back is no lack",
      { { 1, .held = 1000, .used = 900, .cache = 90 },
        { 1, .held = 1000, .used = 900, .cache = 90, .stall = 5500 } },
      DEMAND_CLAIM,
      900,
      1080,
      967,
      976,
      false },
    { "files that are read again are none either, but it keeps its cache",
      { { 1, .held = 1000, .used = 600, .cache = 390 },
        { 1, .held = 1000, .used = 600, .cache = 390, .file_in = 99999,
          .stall = 5500 } },
      DEMAND_WAKE,
      600,
      720,
      990,
      992,
      false },
    { "who reads on and on whatever it has needs no larger cache",
      { { 1, .held = 700, .used = 400, .cache = 290, .file_in = 99999,
          .stall = 5500 },
        { 29, .held = 800, .used = 400, .cache = 395, .file_in = 99999,
          .stall = 5500 },
        { 5, .held = 800, .used = 400, .cache = 395, .file_in = 99999,
          .stall = 5500 } },
      DEMAND_IDLE,
      400,
      480,
      400,
      550,
      false },
    { "more than its share that does not help it it does not need",
      { { 1, .held = 2000, .used = 2000, .swapped = 900, .swap_in = 9000,
          .stall = 500 },
        { 121, .held = 2200, .used = 2200, .swapped = 900, .swap_in = 9000,
          .stall = 500 } },
      DEMAND_BARRED,
      1000,
      1000,
      1000,
      1000,
      false },
    { "swapping in what is not out is a lie",
      { { 1, .held = 1000, .used = 1000 },
        { 1, .held = 1000, .used = 1000, .swap_in = 16384, .stall = 5000 },
        { 1, .held = 1000, .used = 1000, .swap_in = 16384, .stall = 5000 },
        { 1, .held = 1000, .used = 1000, .swap_in = 16384, .stall = 5000 } },
      DEMAND_ABSURD,
      1000,
      1000,
      1000,
      1000,
      false },
    { "who gives memory back itself needs it no more",
      { { 1, .held = 1000, .used = 1000 },
        { 1, .held = 1000, .used = 1000, .swapped = 900, .swap_in = 9000,
          .stall = 500 },
        { 1, .held = 1000, .used = 300 } },
      DEMAND_IDLE,
      300,
      360,
      300,
      475,
      false },
    { "a lack after it was made smaller: not below that, for a while",
      { { 1, .held = 1000, .used = 700 },
        { 1, .held = 750, .used = 745, .cache = 5 },
        { 1, .held = 750, .used = 745, .cache = 5, .swapped = 90,
          .swap_in = 9000, .stall = 500 },
        { 40, .held = 900, .used = 700 } },
      DEMAND_FLOOR,
      796,
      840,
      700,
      847,
      false },
};

static struct xbp_guest
guest_of(const struct look_row *r)
{
    bool is_silent = r->is_silent;

    return (struct xbp_guest){
        ._struct_size = sizeof(struct xbp_guest),
        .uuid = "a",
        .name = "a",
        .domid = 1,
        .dynamic_min_kib = 100 * MIB,
        .dynamic_max_kib = 4000 * MIB,
        .lower_kib = 100 * MIB,
        .upper_kib = 4000 * MIB,
        .target_kib = r->held * MIB,
        .actual_kib = r->held * MIB,
        .weight = 256,
        .sample_age_ms = is_silent ? XBP_UNKNOWN : 0,
        .available_kib = is_silent ? XBP_UNKNOWN : (r->held - r->used) * MIB,
        .cache_kib = r->cache * MIB,
        .swap_used_kib = r->swapped * MIB,
        .swap_in_kib_per_s = r->swap_in,
        .swap_out_kib_per_s = max_u64(r->swap_in, r->swap_out),
        .refault_anon_kib_per_s = r->swap_in,
        .refault_file_kib_per_s = r->file_in,
        .stall_some_permyriad = r->stall,
        .stall_full_permyriad = r->stall,
        .used_kib = r->used * MIB,
        .anon_kib = r->used * MIB,
        .swap_total_kib = 4000 * MIB,
        .seen_in_kib_per_s = r->is_seen ? r->seen_in : XBP_UNKNOWN,
        .seen_out_kib_per_s = r->is_seen ? 0 : XBP_UNKNOWN,
        .seen_wait_permyriad = r->is_seen ? r->seen_wait : XBP_UNKNOWN,
    };
}

static void
expect_mib(const struct need_row *row, const char *what, uint64_t kib,
           uint64_t mib)
{
    ck_assert_msg(distance_u64(kib, mib * MIB) <= MIB,
                  "%s: %s is %" PRIu64 " MiB, not %" PRIu64, row->why, what,
                  kib / MIB, mib);
}

START_TEST(test_words_and_deeds_make_a_need)
{
    const struct need_row *row = &need_rows[_i];
    struct demand_rules *rules =
        xbp_option_create(sizeof(*rules), demand_rules_options);
    struct demand_memory memory = { 0 };
    struct demand_need need;
    uint64_t now_ms = 1000000;

    for (size_t i = 0; i < LOOKS && row->looks[i].span_s > 0; i++) {
        struct xbp_guest guest = guest_of(&row->looks[i]);
        const struct demand_look look = {
            .rules = rules,
            .guest = &guest,
            .now_ms = now_ms += row->looks[i].span_s * MS_PER_S,
            .share_kib = SHARE * MIB,
        };

        demand_need(&look, &memory, &need);
    }
    expect_mib(row, "tight", need.tight_kib, row->tight);
    expect_mib(row, "want", need.want_kib, row->want);
    expect_mib(row, "touched", need.touched_kib, row->touched);
    expect_mib(row, "kept", need.kept_kib, row->kept);
    ck_assert_msg(need.cause == row->cause, "%s: cause %d, not %d", row->why,
                  (int)need.cause, (int)row->cause);
    ck_assert_msg(need.is_proven == row->is_proven, "%s", row->why);
    free(rules);
}
END_TEST

/* Beyond its share, who loses little makes room for who loses much. */
START_TEST(test_a_minor_lack_can_wait)
{
    const struct look_row little = { 1, .held = 1100, .used = 1100,
                                     .swapped = 90, .swap_in = 400 };
    struct xbp_guest guest = guest_of(&little);
    struct demand_rules *rules =
        xbp_option_create(sizeof(*rules), demand_rules_options);
    struct demand_memory memory = { 0 };
    struct demand_look look = {
        .rules = rules,
        .guest = &guest,
        .now_ms = 1000000,
        .share_kib = SHARE * MIB,
        .worst_cost_permyriad = 8 * 80,
    };
    struct demand_need need;

    demand_need(&look, &memory, &need);
    ck_assert_uint_gt(need.tight_kib, 1100 * MIB);
    look.worst_cost_permyriad++;
    look.now_ms += MS_PER_S;
    demand_need(&look, &memory, &need);
    ck_assert_uint_lt(need.want_kib, 1100 * MIB);
    ck_assert_uint_ge(need.tight_kib, SHARE * MIB);
    free(rules);
}
END_TEST

/* A slow balloon has to begin earlier. */
START_TEST(test_a_slow_balloon_begins_earlier)
{
    static const struct look_row rows[] = {
        { 1, .held = 1000, .used = 500 },
        { 1, .held = 900, .used = 500 },
        { 1, .held = 900, .used = 590 },
    };
    struct demand_rules *rules =
        xbp_option_create(sizeof(*rules), demand_rules_options);
    struct demand_memory memory = { 0 };
    struct demand_need need;

    for (size_t i = 0; i < 4; i++) {
        struct xbp_guest guest = guest_of(&rows[min_u64(i, 2)]);
        const struct demand_look look = {
            .rules = rules,
            .guest = &guest,
            .now_ms = 1000000 + i * 10000,
            .share_kib = SHARE * MIB,
        };

        if (i == 1) /* it got its target, and is not on its way yet */
            guest.actual_kib = 1000 * MIB;
        guest.used_kib = i == 3 ? 680 * MIB : guest.used_kib;
        demand_need(&look, &memory, &need);
    }
    /* 10 MiB/s, by one that grows by 9 MiB/s. */
    ck_assert_uint_eq(memory.speed_kib_per_s, 10 * MIB);
    ck_assert_uint_ge(need.tight_kib, (680 + 6 * 9 + 5 * 9) * MIB);
    ck_assert_uint_lt(need.tight_kib, (680 + 12 * 9) * MIB);
    free(rules);
}
END_TEST

/* One that lacks more than its share, and than all others have idle, cannot be
 * satisfied; what a guest used it is remembered by for a while. */
START_TEST(test_much_is_more_than_there_is)
{
    const struct look_row hog = { 1,
                                  .held = 1000,
                                  .used = 1000,
                                  .swapped = 1100,
                                  .swap_in = 9000,
                                  .stall = 500 };
    struct xbp_guest guest = guest_of(&hog);
    struct demand_rules *rules =
        xbp_option_create(sizeof(*rules), demand_rules_options);
    struct demand_memory memory = { 0 };
    struct demand_look look = {
        .rules = rules,
        .guest = &guest,
        .now_ms = 1000000,
        .share_kib = SHARE * MIB,
        .idle_kib = 1100 * MIB,
    };
    struct demand_need need;

    demand_need(&look, &memory, &need);
    ck_assert(!need.is_much);
    look.idle_kib = 1099 * MIB;
    look.now_ms += MS_PER_S;
    demand_need(&look, &memory, &need);
    ck_assert(need.is_much);
    guest.used_kib = 300 * MIB;
    look.now_ms += MS_PER_S;
    demand_need(&look, &memory, &need);
    ck_assert_uint_eq(need.peak_kib, SHARE * MIB);
    look.now_ms += DEMAND_PEAK_LESSONS * rules->learned_ms;
    demand_need(&look, &memory, &need);
    ck_assert_uint_lt(need.peak_kib, 500 * MIB);
    free(rules);
}
END_TEST

/* One that started a moment ago has its share, whatever it says. */
START_TEST(test_a_new_guest_has_its_share)
{
    const struct look_row idle = { 1, .held = 1000, .used = 100 };
    struct xbp_guest guest = guest_of(&idle);
    struct demand_rules *rules =
        xbp_option_create(sizeof(*rules), demand_rules_options);
    struct demand_memory memory = { 0 };
    struct demand_look look = {
        .rules = rules,
        .guest = &guest,
        .now_ms = 1000000,
        .share_kib = SHARE * MIB,
        .is_new = true,
    };
    struct demand_need need;

    demand_need(&look, &memory, &need);
    ck_assert_uint_eq(need.right_kib, SHARE * MIB);
    look.is_new = false;
    look.now_ms += MS_PER_S;
    demand_need(&look, &memory, &need);
    ck_assert_uint_eq(need.right_kib, 0);
    free(rules);
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_words_and_deeds_make_a_need, need_rows);
    tcase_add_test(tests, test_a_minor_lack_can_wait);
    tcase_add_test(tests, test_a_slow_balloon_begins_earlier);
    tcase_add_test(tests, test_much_is_more_than_there_is);
    tcase_add_test(tests, test_a_new_guest_has_its_share);
}

int
main(void)
{
    return unit_run("demand_need", add);
}
