/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When what a scenario expects has to be true. */
#include <config.h>

#include "play-condition.h"

static void
complain(struct play *p, struct expectation *e)
{
    char now[SCRIPT_TEXT_SIZE];

    if (e->is_broken)
        return; /* once is enough */
    e->is_broken = true;
    play_comparison_now(p, e->text, now, sizeof(now));
    play_fail(p, "expected: %s%s", e->line, now);
}

/* Is this the time to look? */
static bool
is_due(const struct play *p, const struct expectation *e)
{
    uint64_t now_ms = p->world->now_ms;

    switch (e->when) {
    case EXPECT_ALWAYS:
        return now_ms >= e->ms;
    case EXPECT_AT:
        return now_ms == e->ms && !e->is_met;
    case EXPECT_BY:
        return now_ms <= e->ms && !e->is_met;
    }
    return false;
}

static void
check(struct play *p, struct expectation *e)
{
    int verdict = play_condition(p, e->text);

    if (verdict < 0)
        play_fail(p, "it makes no sense to expect: %s", e->line);
    else if (verdict == 0 && e->when != EXPECT_BY)
        complain(p, e);
    else if (verdict > 0 && e->when == EXPECT_BY && p->world->now_ms == 0)
        play_fail(p, "true from the beginning, so say when: %s", e->line);
    if (verdict != 0 && e->when != EXPECT_ALWAYS)
        e->is_met = true;
}

void
play_check_expectations(struct play *p, bool is_end)
{
    struct script *s = p->script;

    if (p->how->ignores_expectations)
        return;
    for (size_t i = 0; i < s->n_expectations; i++) {
        struct expectation *e = &s->expectations[i];

        if (is_due(p, e))
            check(p, e);
        if (is_end && e->when != EXPECT_ALWAYS && !e->is_met)
            complain(p, e);
    }
}
