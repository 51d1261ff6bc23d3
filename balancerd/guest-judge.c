/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches one domain: range, balloon, offset, progress. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "guest-judge.h"
#include "guest-limits.h"
#include "guest-pain.h"
#include "tuning.h"
#include "util/units.h"

/* A move of this much towards its target proves a balloon driver; a small
 * domain has to move the 64th part of what it holds. */
#define PROOF_MAX_KIB (1024)
#define PROOF_SHARE   64
/* A5: what PVH and HVM domains hold beyond their target until measured. */
#define OFFSET_HVM_KIB (16 * PAGE_KIB)

void
guest_judge_first(struct guest *g, const struct host_domain *d, uint64_t now_ms)
{
    *g = (struct guest){
        .facts = *d,
        .state = GUEST_BOOTING,
        .weight = WEIGHT_NEUTRAL,
        .pin_kib = HOST_UNSET,
        .offset_kib = d->type == HOST_DOMAIN_PV ? 0 : OFFSET_HVM_KIB,
        .unproven_since_ms = now_ms,
        .watched_target_kib = HOST_UNSET,
        .previous_actual_kib = d->actual_kib,
        .last_move_ms = now_ms,
        .last_progress_ms = now_ms,
        .paging_kib = HOST_UNSET,
        .overhead_kib = HOST_UNSET,
    };
    guest_load_init(&g->load);
}

/* Nobody set a range: the target, wherever someone moves it, is the range. */
static void
range_hands_off(struct guest *g)
{
    uint64_t target_kib = g->facts.target_kib;

    if (target_kib == HOST_UNSET)
        target_kib = g->facts.actual_kib;
    g->has_range = false;
    g->range = (struct range){ target_kib, target_kib, target_kib, target_kib };
}

/* Says which limit is there but no amount; false if none is. */
static bool
range_is_garbled(const struct host_domain *d, char error[HOST_ERROR_SIZE])
{
    static const struct {
        enum host_limit limit;
        const char *name;
    } limits[] = {
        { HOST_STATIC_MIN, "static-min" },
        { HOST_DYNAMIC_MIN, "dynamic-min" },
        { HOST_DYNAMIC_MAX, "dynamic-max" },
        { HOST_STATIC_MAX, "static-max" },
    };

    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (!(d->garbled_limits & limits[i].limit))
            continue;
        snprintf(error, HOST_ERROR_SIZE,
                 "%s is not a number of KiB: digits only, at most %" PRIu64,
                 limits[i].name, HOST_AMOUNT_MAX_KIB);
        return true;
    }
    return false;
}

/* A7: the keys are written one by one, so a chain may be broken for an
 * instant or for good; the last good one stays in force. A pin is a range
 * where there is no other. */
static void
range_take(struct guest *g)
{
    const struct host_domain *d = &g->facts;
    struct range wanted = {
        .static_min_kib =
            d->static_min_kib == HOST_UNSET ? 0 : d->static_min_kib,
        .dynamic_min_kib = d->dynamic_min_kib,
        .dynamic_max_kib = d->dynamic_max_kib,
        .static_max_kib = d->static_max_kib, /* HOST_UNSET is no limit */
    };

    if (range_is_garbled(d, g->range_error)) {
        if (!g->has_range)
            range_hands_off(g);
        return;
    }
    if (d->dynamic_min_kib == HOST_UNSET || d->dynamic_max_kib == HOST_UNSET) {
        if (g->pin_kib == HOST_UNSET) {
            memcpy(g->range_error, g->settings_error, sizeof(g->range_error));
            range_hands_off(g);
            return;
        }
        wanted.dynamic_min_kib = g->pin_kib;
        wanted.dynamic_max_kib = g->pin_kib;
    }
    g->range_error[0] = '\0';
    if (range_check(&wanted, g->range_error, sizeof(g->range_error))) {
        g->range = wanted;
        g->has_range = true;
    } else if (!g->has_range) {
        range_hands_off(g);
    }
}

/* How far from its target; 0 if it has none. */
static uint64_t
distance_kib(const struct guest *g)
{
    if (g->facts.target_kib == HOST_UNSET)
        return 0;
    return distance_u64(g->facts.actual_kib,
                        guest_held_at_kib(g, g->facts.target_kib));
}

static void
begin_pursuit(struct guest *g)
{
    g->pursuit_distance_kib = distance_kib(g);
    g->pursuit_grows =
        g->facts.target_kib != HOST_UNSET &&
        g->facts.actual_kib < guest_held_at_kib(g, g->facts.target_kib);
}

/* Anyone may have written the target: we, or an administrator with xl. */
static void
watch_target(struct guest *g, uint64_t now_ms)
{
    if (g->facts.target_kib == g->watched_target_kib)
        return;
    g->watched_target_kib = g->facts.target_kib;
    g->target_since_ms = now_ms;
    g->last_progress_ms = now_ms;
    g->progress_distance_kib = distance_kib(g);
    begin_pursuit(g);
}

/* A6: where the guest's side says nothing, following a target is the proof.
 * Growth before the domain once stood still is its construction; growth of an
 * HVM or PVH domain may be Xen's populating on demand (A8); a domain that ends
 * shrinks by itself. */
static bool
is_proof(const struct guest *g)
{
    uint64_t proof_kib =
        min_u64(PROOF_MAX_KIB, g->facts.actual_kib / PROOF_SHARE);

    if (!g->has_settled || g->facts.is_paused || g->facts.is_shutdown ||
        g->facts.is_dying)
        return false;
    if (g->pursuit_grows && g->facts.type != HOST_DOMAIN_PV)
        return false;
    return g->pursuit_distance_kib > 0 &&
           sat_sub(g->pursuit_distance_kib, distance_kib(g)) >= proof_kib;
}

/* A6: what the guest's side says is taken by value. */
static void
learn_balloon(struct guest *g)
{
    if (g->facts.balloon != HOST_BALLOON_UNSAID)
        g->has_balloon = g->facts.balloon == HOST_BALLOON_YES;
    else if (is_proof(g))
        g->has_balloon = true;
}

/* A5: the offset is constant for a domain, small, and seen when it rests. */
static void
learn_offset(struct guest *g, const struct tuning *tuning, uint64_t now_ms)
{
    uint64_t actual_kib = g->facts.actual_kib;
    uint64_t target_kib = g->facts.target_kib;

    /* Less than its target is no offset but growth that has not come yet. */
    if (target_kib == HOST_UNSET || actual_kib < target_kib ||
        !g->has_settled || now_ms - g->last_move_ms < tuning->settle_ms ||
        now_ms - g->target_since_ms < tuning->settle_ms ||
        distance_u64(actual_kib, target_kib) > guest_offset_limit_kib(g))
        return;
    g->offset_kib = (int64_t)(actual_kib - target_kib);
    g->is_calibrated = true;
}

/* Moving by less is no progress: squeezed's domains stayed active for ever
 * with a page now and then, and everyone waited for them. */
static uint64_t
progress_kib(const struct guest *g)
{
    uint64_t stride_kib = clamp_u64(g->pursuit_distance_kib / PROOF_SHARE,
                                    PAGE_KIB, PROOF_MAX_KIB);

    return max_u64(stride_kib, g->facts.inaccuracy_kib);
}

/* Less than that is over too soon to tell of its speed. */
#define SPEED_MIN_KIB (4 * KIB_PER_MIB)
#define SPEED_MIN_MS  50

/* How fast it has given memory since its target was lowered. */
static void
watch_speed(struct guest *g, uint64_t now_ms)
{
    uint64_t given_kib = sat_sub(g->pursuit_distance_kib, distance_kib(g));
    uint64_t took_ms = sat_sub(now_ms, g->target_since_ms);

    if (g->pursuit_grows || g->facts.actual_kib >= g->previous_actual_kib ||
        given_kib < SPEED_MIN_KIB || took_ms < SPEED_MIN_MS)
        return;
    g->gives_kib_per_s = mul_div(given_kib, MS_PER_S, took_ms);
}

static void
watch_progress(struct guest *g, uint64_t now_ms)
{
    uint64_t now_kib = distance_kib(g);

    if (g->facts.actual_kib != g->previous_actual_kib) {
        g->previous_actual_kib = g->facts.actual_kib;
        g->last_move_ms = now_ms;
    }
    if (now_kib <= g->facts.inaccuracy_kib ||
        now_kib + progress_kib(g) <= g->progress_distance_kib) {
        g->progress_distance_kib = now_kib;
        g->last_progress_ms = now_ms;
    }
}

/* Only what it does from now on can prove anything. */
static void
watch_settling(struct guest *g, const struct tuning *tuning, uint64_t now_ms)
{
    if (g->has_settled || g->facts.is_paused ||
        now_ms - g->last_move_ms < tuning->settle_ms)
        return;
    g->has_settled = true;
    begin_pursuit(g);
}

static void
become_stuck(struct guest *g, const struct tuning *tuning, uint64_t now_ms)
{
    g->stuck_since_ms = now_ms;
    if (g->facts.actual_kib > guest_held_at_kib(g, g->facts.target_kib)) {
        g->learned_floor_kib = guest_actual_kib(g);
        g->learned_floor_until_ms = now_ms + tuning->learned_ms;
    } else {
        g->learned_ceiling_kib = guest_actual_kib(g);
        g->learned_ceiling_until_ms = now_ms + tuning->learned_ms;
    }
}

static void
forget_lessons(struct guest *g, const struct tuning *tuning, uint64_t now_ms)
{
    if (now_ms >= g->learned_floor_until_ms)
        g->learned_floor_kib = 0;
    if (now_ms >= g->learned_ceiling_until_ms)
        g->learned_ceiling_kib = 0;
    if (g->is_stuck && now_ms - g->stuck_since_ms >= tuning->stuck_retry_ms) {
        g->is_stuck = false;
        g->last_progress_ms = now_ms;
    }
}

static enum guest_state
judge_pursuit(struct guest *g, const struct tuning *tuning, uint64_t now_ms)
{
    uint64_t idle_ms = now_ms - g->last_progress_ms;

    if (g->is_stuck)
        return GUEST_STUCK;
    if (distance_kib(g) <= g->facts.inaccuracy_kib)
        return GUEST_READY;
    if (idle_ms >= tuning->stuck_after_ms) {
        g->is_stuck = true;
        become_stuck(g, tuning, now_ms);
        return GUEST_STUCK;
    }
    return idle_ms >= tuning->slow_after_ms ? GUEST_SLOW : GUEST_MOVING;
}

/* Nobody moves a domain without a range, or one that has all it may have: it
 * needs to prove nothing. */
static bool
has_nothing_to_prove(const struct guest *g)
{
    if (g->facts.domid == 0)
        return true;
    if (g->facts.balloon != HOST_BALLOON_UNSAID || !g->has_settled)
        return false;
    return !g->has_range || (range_is_fixed(&g->range) &&
                             g->facts.target_kib == g->range.dynamic_min_kib);
}

/* A domain that has shown no balloon driver: it may still be booting. */
static enum guest_state
judge_unproven(struct guest *g, const struct tuning *tuning, uint64_t now_ms)
{
    if (has_nothing_to_prove(g)) {
        g->unproven_since_ms = now_ms;
        return GUEST_READY;
    }
    if (g->facts.balloon == HOST_BALLOON_NO ||
        now_ms - g->unproven_since_ms >= tuning->boot_grace_ms)
        return GUEST_NO_BALLOON;
    g->last_progress_ms = now_ms; /* nobody is there to make any */
    return GUEST_BOOTING;
}

static enum guest_state
judge_state(struct guest *g, const struct tuning *tuning, uint64_t now_ms)
{
    bool is_dom0 = g->facts.domid == 0;

    if (g->facts.is_dying)
        return GUEST_DYING;
    if (g->facts.is_shutdown)
        return GUEST_SHUTDOWN;
    if (g->facts.is_paused) {
        g->last_progress_ms = now_ms; /* it cannot make any */
        return GUEST_PAUSED;
    }
    /* Domain 0 has a balloon driver, and without a range no one asks it. */
    if (is_dom0 ? !g->has_range : !g->has_balloon)
        return judge_unproven(g, tuning, now_ms);
    return judge_pursuit(g, tuning, now_ms);
}

/* A domain that goes loses its name in xenstore before it is gone. */
static void
take_facts(struct guest *g, const struct host_domain *d)
{
    char name[HOST_NAME_SIZE];

    memcpy(name, g->facts.name, sizeof(name));
    g->facts = *d;
    if (d->name[0] == '\0')
        memcpy(g->facts.name, name, sizeof(name));
    guest_wake_take(g);
}

void
guest_judge(struct guest *g, const struct host_domain *d,
            const struct tuning *tuning, uint64_t now_ms)
{
    take_facts(g, d);
    guest_take_load(g, now_ms);
    range_take(g);
    watch_target(g, now_ms);
    watch_speed(g, now_ms);
    watch_progress(g, now_ms);
    watch_settling(g, tuning, now_ms);
    learn_balloon(g);
    learn_offset(g, tuning, now_ms);
    forget_lessons(g, tuning, now_ms);
    g->state = judge_state(g, tuning, now_ms);
    guest_judge_pain(g, tuning, now_ms);
}

void
guest_note_target(struct guest *g, uint64_t target_kib,
                  const struct tuning *tuning, uint64_t now_ms)
{
    uint64_t old_kib = g->facts.target_kib;
    bool is_probe = g->state == GUEST_BOOTING; /* G5, harmless by its size */

    if (old_kib != HOST_UNSET && target_kib < old_kib && !is_probe)
        regret_note_shrink(&g->regret, old_kib, tuning, now_ms);
    g->facts.target_kib = target_kib;
    g->wake = (struct guest_wake){ 0 };
    watch_target(g, now_ms);
}
