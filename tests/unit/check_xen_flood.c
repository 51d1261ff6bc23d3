/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many events of a guest are too many, and how often that is said. */
#include <config.h>

#include "host-xen-flood.h"
#include "unit.h"

#define S 1000u

/* The verdict on the last of n events at one instant. */
static enum xen_flood_verdict
burst(struct xen_flood *f, unsigned n, uint64_t now_ms)
{
    enum xen_flood_verdict verdict = XEN_FLOOD_NONE;

    for (unsigned i = 0; i < n; i++) {
        ck_assert_int_eq(verdict, XEN_FLOOD_NONE);
        verdict = xen_flood_note(f, now_ms);
    }
    return verdict;
}

START_TEST(test_flood_bears_a_busy_agent)
{
    struct xen_flood f = { 0 };

    for (uint64_t s = 0; s < 100; s++)
        ck_assert_int_eq(burst(&f, XEN_FLOOD_EVENTS, s * S), XEN_FLOOD_NONE);
}
END_TEST

START_TEST(test_flood_mutes_one_event_too_many)
{
    struct xen_flood f = { 0 };

    ck_assert_int_eq(burst(&f, XEN_FLOOD_EVENTS + 1, 500), XEN_FLOOD_COMPLAIN);
}
END_TEST

START_TEST(test_flood_complains_once_per_episode)
{
    struct xen_flood f = { 0 };
    uint64_t now_ms = S;

    ck_assert_int_eq(burst(&f, XEN_FLOOD_EVENTS + 1, now_ms),
                     XEN_FLOOD_COMPLAIN);
    for (int i = 0; i < 10; i++) {
        now_ms += XEN_FLOOD_COOL_DOWN_MS;
        ck_assert_int_eq(burst(&f, XEN_FLOOD_EVENTS + 1, now_ms),
                         XEN_FLOOD_MUTE);
    }
    now_ms += XEN_FLOOD_EPISODE_MS + 1;
    ck_assert_int_eq(burst(&f, XEN_FLOOD_EVENTS + 1, now_ms),
                     XEN_FLOOD_COMPLAIN);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_test(tests, test_flood_bears_a_busy_agent);
    tcase_add_test(tests, test_flood_mutes_one_event_too_many);
    tcase_add_test(tests, test_flood_complains_once_per_episode);
}

int
main(void)
{
    return unit_run("xen_flood", add);
}
