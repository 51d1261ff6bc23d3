/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the rule that had the last word to what would take it back. */
#include <config.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "explain-change.h"
#include "guest-limits.h"
#include "tuning.h"
#include "util/units.h"

struct teller {
    const struct explain_facts *facts;
    explain_change_fn *fn;
    void *arg;
};

static void __attribute__((format(printf, 2, 3)))
tell(const struct teller *t, const char *format, ...)
{
    char sentence[EXPLAIN_SENTENCE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(sentence, sizeof(sentence), format, args);
    va_end(args);
    t->fn(t->arg, sentence);
}

static uint64_t
until_ms(const struct teller *t, uint64_t then_ms)
{
    return sat_sub(then_ms, t->facts->snapshot->xbp.now_ms);
}

/* Seconds, with a tenth. */
#define SECONDS        "%" PRIu64 ".%" PRIu64 " s"
#define SECONDS_OF(ms) (ms) / MS_PER_S, (ms) % MS_PER_S / 100

const char *
explain_floor(const struct guest *g, const struct tuning *tuning)
{
    uint64_t lower_kib = guest_lower_kib(g, tuning);

    if (lower_kib <= g->range.dynamic_min_kib)
        return "its dynamic-min";
    if (g->pin_kib != HOST_UNSET && lower_kib <= g->pin_kib)
        return "where it is pinned";
    if (lower_kib == g->learned_floor_kib)
        return "it has proven unable to give more";
    if (lower_kib == g->regret.floor_kib)
        return "it thrashed when it had less";
    if (g->facts.domid == 0)
        return "the minimum of domain 0";
    return "its out-of-memory floor";
}

static void
tell_of_state(const struct teller *t)
{
    const struct guest *g = t->facts->g;
    const struct tuning *tuning = t->facts->snapshot->tuning;
    uint64_t ms;

    switch (g->state) {
    case GUEST_BOOTING:
        ms = until_ms(t, g->unproven_since_ms + tuning->boot_grace_ms);
        tell(t,
             "it shows a balloon driver; in " SECONDS " without one it "
             "counts as a domain that has none",
             SECONDS_OF(ms));
        return;
    case GUEST_SLOW:
        ms = until_ms(t, g->last_progress_ms + tuning->stuck_after_ms);
        tell(t,
             "it comes nearer to its target; in " SECONDS
             " without progress it counts as stuck",
             SECONDS_OF(ms));
        return;
    case GUEST_STUCK:
        ms = until_ms(t, g->stuck_since_ms + tuning->stuck_retry_ms);
        tell(t, "it is tried again, in " SECONDS, SECONDS_OF(ms));
        return;
    case GUEST_NO_BALLOON:
        tell(t, "it moves towards its target, or says that it has a balloon "
                "driver");
        return;
    case GUEST_PAUSED:
        tell(t, "it is no longer paused");
        return;
    case GUEST_SHUTDOWN:
    case GUEST_DYING:
    case GUEST_READY:
    case GUEST_MOVING:
        return;
    }
}

/* Nobody plans for it. */
static void
tell_of_hands_off(const struct teller *t)
{
    const struct guest *g = t->facts->g;

    if (g->range_error[0])
        tell(t, "its range in xenstore is one that can be taken");
    if (g->facts.domid == 0 && !t->facts->snapshot->tuning->manages_dom0)
        tell(t, "manage-domain-zero is set in the configuration");
    else if (!g->has_range)
        tell(t, "it is given a dynamic range "
                "(vm-memory-dynamic-range-set), or somebody else moves it");
    else
        tell_of_state(t);
}

static void
tell_of_floor(const struct teller *t)
{
    const struct guest *g = t->facts->g;
    uint64_t lower_kib = guest_lower_kib(g, t->facts->snapshot->tuning);
    uint64_t ms;

    if (lower_kib == g->learned_floor_kib)
        ms = until_ms(t, g->learned_floor_until_ms);
    else if (lower_kib == g->regret.floor_kib)
        ms = until_ms(t, g->regret.until_ms);
    else
        ms = 0;
    if (ms > 0)
        tell(t, "its floor is forgotten, in " SECONDS, SECONDS_OF(ms));
    else
        tell(t, "its floor is a lower one; it is %s",
             explain_floor(g, t->facts->snapshot->tuning));
}

static void
tell_of_rest(const struct teller *t)
{
    const struct guest *g = t->facts->g;
    const struct wish *w = t->facts->wish;
    const struct tuning *tuning = t->facts->snapshot->tuning;
    uint64_t ms = until_ms(t, g->target_since_ms + tuning->rest_ms);
    uint64_t off_kib = distance_u64(w->wished_kib, g->facts.target_kib);

    if (ms > 0)
        tell(t, "its last change has had its time, in " SECONDS,
             SECONDS_OF(ms));
    if (off_kib < tuning->dead_band_kib)
        tell(t,
             "its share is %" PRIu64 " KiB away from its target, and not "
             "%" PRIu64,
             tuning->dead_band_kib, off_kib);
    tell(t, "somebody asks for it: host-memory-balance");
}

static void
tell_of_share(const struct teller *t)
{
    const struct guest *g = t->facts->g;
    const struct wish *w = t->facts->wish;

    if (g->pin_kib != HOST_UNSET)
        tell(t, "it is no longer pinned: vm-memory-unpin");
    else if (range_is_fixed(&g->range))
        tell(t, "its dynamic range is more than one value");
    else if (w->target_kib >= g->range.dynamic_max_kib)
        tell(t, "its dynamic-max is another one, or memory is short");
    else if (w->target_kib <= guest_lower_kib(g, t->facts->snapshot->tuning))
        tell(t,
             "there is more memory to share out, or its floor is a lower "
             "one; it is %s",
             explain_floor(g, t->facts->snapshot->tuning));
    else
        tell(t, "there is more or less memory to share out, or a range, a "
                "weight or what guests need is another one");
}

static void
tell_of_rule(const struct teller *t)
{
    const struct guest *g = t->facts->g;
    const struct wish *w = t->facts->wish;

    switch (w->rule) {
    case PLAN_SHARE:
    case PLAN_G1_RANGE:
    case PLAN_G5_PROBE:
        tell_of_share(t);
        return;
    case PLAN_G2_BUDGET:
        tell(t,
             "there is more memory to share out: it was cut by %" PRIu64 " KiB",
             sat_sub(w->wished_kib, w->target_kib));
        return;
    case PLAN_G3_WAIT:
        return;
    case PLAN_G6_RETRACT:
        tell(t, "it is forgotten that it did not reach more, in " SECONDS,
             SECONDS_OF(until_ms(t, g->learned_ceiling_until_ms)));
        return;
    case PLAN_G7_THRASHING:
        tell(t, "it is calm for some seconds; or memory is short, and nobody "
                "else can give it");
        return;
    case PLAN_G8_FLOOR:
        tell_of_floor(t);
        return;
    case PLAN_G9_REST:
        tell_of_rest(t);
        return;
    case PLAN_KEPT:
        tell(t, "its engine makes a plan again");
        return;
    }
}

void
explain_changes(const struct explain_facts *f, explain_change_fn *fn, void *arg)
{
    const struct teller t = { f, fn, arg };

    if (!f->wish) {
        tell_of_hands_off(&t);
        return;
    }
    if (f->step && f->step->rule == PLAN_G3_WAIT)
        tell(&t, "others have given %" PRIu64 " KiB to be free",
             f->wish->target_kib - f->step->new_kib);
    else if (!f->step && f->wish->target_kib > f->g->facts.target_kib)
        tell(&t, "others have given memory to be free: none is now");
    tell_of_rule(&t);
}
