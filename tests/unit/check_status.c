/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When what is shown in xenstore is worth a write, and which word it is. */
#include <config.h>

#include "status-plan.h"
#include "unit.h"
#include "world.h"

#define NEVER UINT64_MAX

START_TEST(test_word_is_written_on_change_only)
{
    struct status_word w = { 0 };

    ck_assert_uint_eq(status_word_due_ms(&w, "ready", 5000), 0);
    status_word_note(&w, "ready", 5000);
    ck_assert_uint_eq(status_word_due_ms(&w, "ready", 5000), NEVER);
    ck_assert_uint_eq(status_word_due_ms(&w, "stuck", 5000), 0);
}
END_TEST

/* Changes at every look; how many of them are written? */
static unsigned
flap(struct status_word *w, uint64_t from_ms, uint64_t to_ms)
{
    unsigned writes = 0;

    for (uint64_t now_ms = from_ms; now_ms < to_ms; now_ms += 100) {
        const char *word = now_ms / 100 % 2 > 0 ? "stuck" : "ready";

        if (status_word_due_ms(w, word, now_ms) == 0) {
            status_word_note(w, word, now_ms);
            writes++;
        }
    }
    return writes;
}

START_TEST(test_word_that_flaps_is_held_back)
{
    struct status_word w = { 0 };
    uint64_t due_ms;

    ck_assert_uint_eq(flap(&w, 1000, 2000), STATUS_WORDS_BURST);
    /* Then once in the time that a change costs. */
    ck_assert_uint_le(flap(&w, 2000, 102000), 100000 / STATUS_WORDS_MS + 1);
    /* It is written as it is then: a calm one is not forgotten ... */
    w = (struct status_word){ 0 };
    flap(&w, 1000, 2000);
    due_ms = status_word_due_ms(&w, "calm", 2000);
    ck_assert_uint_gt(due_ms, 2000);
    ck_assert_uint_le(due_ms, 2000 + STATUS_WORDS_MS);
    ck_assert_uint_eq(status_word_due_ms(&w, "calm", due_ms), 0);
    /* ... and who was calm for long may change at once again. */
    ck_assert_uint_eq(flap(&w, 1000000, 1001000), STATUS_WORDS_BURST);
}
END_TEST

static const struct {
    uint64_t kib[2];
    uint64_t now_ms;
    uint64_t due_ms;
} amounts[] = {
    { { 1000, 2000 }, 9000, NEVER },
    { { 1000 + 1023, 2000 }, 9000, NEVER },
    { { 1000 + 1024, 2000 }, 9000, 0 },
    { { 1000, 2000 - 1024 }, 9000, 0 },
    { { 1000 + 1024, 2000 }, 5000 + 999, 5000 + 1000 },
    { { 1000 + 1024, 2000 }, 5000 + 1000, 0 },
    { { 1000, UINT64_MAX }, 9000, 0 },
};

START_TEST(test_amounts_are_written_by_the_mib)
{
    struct status_amounts a = { 0 };
    const uint64_t shown[] = { 1000, 2000 };

    ck_assert_uint_eq(status_amounts_due_ms(&a, shown, 2, 5000), 0);
    status_amounts_note(&a, shown, 2, 5000);
    ck_assert_uint_eq(status_amounts_due_ms(&a, amounts[_i].kib, 2,
                                            amounts[_i].now_ms),
                      amounts[_i].due_ms);
}
END_TEST

static const struct {
    enum guest_state state;
    bool has_range;
    bool is_thrashing;
    const char *word;
} guests[] = {
    { GUEST_BOOTING, true, false, "booting" },
    { GUEST_READY, true, false, "ready" },
    { GUEST_MOVING, true, false, "ready" },
    { GUEST_SLOW, true, false, "ready" },
    { GUEST_READY, false, false, "unmanaged" },
    { GUEST_READY, true, true, "thrashing" },
    { GUEST_MOVING, true, true, "thrashing" },
    { GUEST_STUCK, true, true, "stuck" },
    { GUEST_NO_BALLOON, true, false, "no-balloon" },
    { GUEST_PAUSED, false, false, "paused" },
    { GUEST_SHUTDOWN, true, false, "shutdown" },
    { GUEST_DYING, true, false, "dying" },
};

START_TEST(test_guest_in_a_word)
{
    const struct guest g = {
        .state = guests[_i].state,
        .has_range = guests[_i].has_range,
        .is_thrashing = guests[_i].is_thrashing,
    };

    ck_assert_str_eq(status_guest_word(&g), guests[_i].word);
}
END_TEST

/* One domain of 256 KiB inaccuracy: up to 1280 KiB are nobody's shortage. */
static const struct {
    uint64_t free_kib;
    bool is_awaited;
    bool is_at_rest;
    const char *word;
} hosts[] = {
    { 4096, false, true, "ok" },
    { 4096, true, false, "squeezing" },
    { 2048, false, true, "ok" },
    { 2048 - 1280, false, true, "ok" },
    { 2048 - 1281, false, true, "short" },
    { 2048 - 1281, false, false, "squeezing" },
    { 0, true, false, "squeezing" },
};

START_TEST(test_host_in_a_word)
{
    struct host_domain *d =
        world_add(&world, 1, 100 * MIB, 200 * MIB, 300 * MIB);

    d->inaccuracy_kib = 256;
    world_reserve(&world, "r", 2048);
    world.view.memory.free_kib = hosts[_i].free_kib;
    world_settle(&world);
    ck_assert_str_eq(status_host_word(&world.snapshot, hosts[_i].is_awaited,
                                      hosts[_i].is_at_rest),
                     hosts[_i].word);
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, test_word_is_written_on_change_only);
    tcase_add_test(tests, test_word_that_flaps_is_held_back);
    UNIT_ADD_ROWS(tests, test_amounts_are_written_by_the_mib, amounts);
    UNIT_ADD_ROWS(tests, test_guest_in_a_word, guests);
    UNIT_ADD_ROWS(tests, test_host_in_a_word, hosts);
}

int
main(void)
{
    return unit_run("status", add_tests);
}
