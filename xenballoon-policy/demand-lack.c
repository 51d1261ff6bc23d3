/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Costs count only where memory that was there before is brought in again:
 * pressure without that, as of a file that is read once, more memory would not
 * mend.
 */
#include <config.h>

#include "demand-lack.h"
#include "util/units.h"
#include "xbp-level.h"

/* Two pages a second are swapping: thrash-protect's threshold. */
#define RETURN_KIB_PER_S (2 * PAGE_KIB)
/* From 0.1 % of stall on a guest is not healthy (TMO, Senpai); the kernel sees
 * only a part of what swapping costs. */
#define LACK_PERMYRIAD 10
/* Without PSI: as much as a disk brings in that does nothing else, a page
 * every 8.5 ms, is all of a task's time. */
#define DISK_KIB_PER_S 470
/* PSI leaves out pages that were not known to be in use when they went, which
 * may be all.  At least each costs what the fastest swap device takes for it:
 * 80 us, a random read of NVMe flash. */
#define PAGE_AT_LEAST_US 80
#define US_PER_PERMYRIAD 100 /* of a second */
/* Who pays less than this part of what another does can wait: doubling three
 * times, as claims do, would not have it pay more than that one. */
#define MINOR_FACTOR 8
/* A claim begins with this part of what the guest has and doubles. */
#define STEP_SHARE     16
#define STEP_MAX_SHARE 2
/* 88 % of overloads end within two minutes (Overdriver): what memory did not
 * mend by then it will not. */
#define TRIAL_MS 120000
/* A larger cache helps at once or not at all: what is read once is read on. */
#define CACHE_TRIAL_MS 20000
/* Who was barred before is barred twice as long, up to so many lessons. */
#define BARRED_MOST 8
/* Calm for so long: over.  Six windows of 5 s, as the detector of thrashing
 * has it. */
#define CALM_MS 30000
/* Less than this part of its memory is free in any guest at work. */
#define FREE_SHARE 16
/* More memory has helped if it lowered the cost by this part of it. */
#define HELP_SHARE 4

static uint64_t
known(uint64_t value)
{
    return value == XBP_UNKNOWN ? 0 : value;
}

/* Of memory of programs that was out. */
static uint64_t
swap_in_kib_per_s(const struct xbp_guest *g)
{
    return max_u64(known(g->swap_in_kib_per_s),
                   known(g->refault_anon_kib_per_s));
}

bool
demand_is_absurd(const struct xbp_guest *g)
{
    return xbp_has_sample(g) && g->swap_used_kib != XBP_UNKNOWN &&
           swap_in_kib_per_s(g) >= RETURN_KIB_PER_S &&
           g->swap_used_kib < swap_in_kib_per_s(g);
}

/* The part of its time that is lost to bringing in so much. */
static uint64_t
cost_of(const struct xbp_guest *g, uint64_t returning)
{
    uint64_t stall = g->stall_some_permyriad;

    if (returning < RETURN_KIB_PER_S)
        return 0;
    if (stall == XBP_UNKNOWN)
        stall =
            min_u64(PERMYRIAD, mul_div(returning, PERMYRIAD, DISK_KIB_PER_S));
    return stall >= LACK_PERMYRIAD ? stall : 0;
}

/* What PSI may not see of swapping in so much. */
static uint64_t
least_cost_of(uint64_t swap_in)
{
    uint64_t cost = swap_in / PAGE_KIB * PAGE_AT_LEAST_US / US_PER_PERMYRIAD;

    return cost >= LACK_PERMYRIAD ? min_u64(cost, PERMYRIAD) : 0;
}

/* A guest without swap has nothing but files that could come back. */
uint64_t
demand_cost_permyriad(const struct xbp_guest *g)
{
    uint64_t swap_in = swap_in_kib_per_s(g);
    uint64_t file = known(g->refault_file_kib_per_s);
    uint64_t cost;

    if (!xbp_has_sample(g) || demand_is_absurd(g))
        return 0;
    if (g->swap_total_kib == 0)
        return cost_of(g, file);
    if (swap_in < RETURN_KIB_PER_S)
        return 0;
    cost = mul_div(cost_of(g, sat_add(swap_in, file)), swap_in,
                   sat_add(swap_in, file));
    return max_u64(cost, least_cost_of(swap_in));
}

bool
demand_is_minor(const struct demand_look *l)
{
    return l->guest->target_kib > l->share_kib &&
           demand_cost_permyriad(l->guest) * MINOR_FACTOR <
               l->worst_cost_permyriad;
}

/* Has more than its share helped?  If not, it is no use to it, whatever it
 * says, and others may have one. */
static void
judge_help(const struct demand_look *l, struct demand_memory *m, uint64_t cost)
{
    if (l->guest->actual_kib <= l->share_kib || cost == 0) {
        m->trial_ms = 0;
        return;
    }
    if (m->trial_ms == 0) {
        m->trial_ms = l->now_ms;
        m->trial_cost = cost;
        m->trial_kib = l->guest->actual_kib;
    }
    if (l->now_ms - m->trial_ms < TRIAL_MS ||
        l->guest->actual_kib < m->trial_kib + m->trial_kib / STEP_SHARE)
        return;
    if (cost > m->trial_cost - m->trial_cost / HELP_SHARE) {
        m->barred_for_ms = clamp_u64(2 * m->barred_for_ms, l->rules->learned_ms,
                                     BARRED_MOST * l->rules->learned_ms);
        m->barred_until_ms = l->now_ms + m->barred_for_ms;
        m->claim_kib = 0;
        m->step_kib = 0;
    }
    m->trial_ms = 0;
}

/* As long as what it was given is used up and not enough, twice as much. */
static uint64_t
raised_kib(const struct xbp_guest *g, uint64_t claim_kib, uint64_t *step_kib)
{
    if (claim_kib == 0 || g->actual_kib + *step_kib / 2 >= claim_kib)
        *step_kib = clamp_u64(2 * *step_kib, g->actual_kib / STEP_SHARE,
                              g->actual_kib / STEP_MAX_SHARE);
    return max_u64(claim_kib, g->actual_kib + *step_kib);
}

/* Up to all that is swapped out and headroom. */
static void
raise_claim(const struct demand_look *l, struct demand_memory *m,
            uint64_t headroom_kib)
{
    const struct xbp_guest *g = l->guest;
    uint64_t most_kib =
        g->swap_total_kib == 0
            ? UINT64_MAX
            : sat_add(sat_add(m->base_kib, xbp_swapped_kib(g)), headroom_kib);

    m->claim_kib = min_u64(raised_kib(g, m->claim_kib, &m->step_kib), most_kib);
}

/* Who has memory free lacks none, though it may still bring back what it
 * lacked before. */
static bool
is_short(const struct xbp_guest *g)
{
    uint64_t unused_kib = xbp_unused_kib(g);

    return unused_kib == XBP_UNKNOWN || unused_kib < g->actual_kib / FREE_SHARE;
}

/* It was made smaller, and lacks memory now: that was too much. */
static void
learn_floor(const struct demand_look *l, struct demand_memory *m)
{
    if (m->shrunk_ms == 0 ||
        sat_sub(l->now_ms, m->shrunk_ms) >= DEMAND_REGRET_MS)
        return;
    m->floor_kib =
        max_u64(m->floor_kib, min_u64(m->shrunk_from_kib, m->claim_kib));
    m->floor_until_ms = l->now_ms + l->rules->learned_ms;
    m->shrunk_ms = 0;
}

static void
end_claim(struct demand_memory *m)
{
    m->claim_kib = 0;
    m->step_kib = 0;
    m->lacks_ms = 0;
}

/* Was it of use to have more?  So much more should have lowered the cost by
 * half as large a part. */
static bool
has_helped(uint64_t from_kib, uint64_t kib, uint64_t from_cost, uint64_t cost)
{
    return cost <=
           from_cost - min_u64(from_cost, mul_div(from_cost, kib - from_kib,
                                                  2 * from_kib));
}

/* Who reads on and on has no use for a larger cache. */
static void
judge_cache(const struct demand_look *l, struct demand_memory *m, uint64_t cost)
{
    uint64_t actual_kib = l->guest->actual_kib;

    if (cost == 0) {
        m->cache_trial_ms = 0;
        return;
    }
    /* What costs more than it did is another thing than was tried. */
    if (m->cache_trial_ms == 0 ||
        cost > m->cache_trial_cost + m->cache_trial_cost / HELP_SHARE) {
        m->cache_trial_ms = l->now_ms;
        m->cache_trial_cost = cost;
        m->cache_trial_kib = actual_kib;
    }
    if (l->now_ms - m->cache_trial_ms < CACHE_TRIAL_MS || !is_short(l->guest) ||
        actual_kib < m->cache_trial_kib + m->cache_trial_kib / STEP_SHARE)
        return;
    if (!has_helped(m->cache_trial_kib, actual_kib, m->cache_trial_cost,
                    cost)) {
        m->cache_barred_until_ms = l->now_ms + l->rules->learned_ms;
        m->cache_claim_kib = 0;
        m->cache_step_kib = 0;
    }
    m->cache_trial_ms = 0;
}

/* Files are read again.  How much cache would help nobody knows: it may ask
 * for more of what others do not need, step by step. */
static void
watch_cache(const struct demand_look *l, struct demand_memory *m)
{
    const struct xbp_guest *g = l->guest;
    uint64_t cost = cost_of(g, known(g->refault_file_kib_per_s));

    judge_cache(l, m, cost);
    if (cost > 0 && l->now_ms >= m->cache_barred_until_ms) {
        m->missed_ms = l->now_ms;
        m->right_until_ms = l->now_ms + l->rules->hold_ms;
        if (is_short(g))
            m->cache_claim_kib =
                raised_kib(g, m->cache_claim_kib, &m->cache_step_kib);
    } else if (sat_sub(l->now_ms, m->missed_ms) >= CALM_MS) {
        m->cache_claim_kib = 0;
        m->cache_step_kib = 0;
    }
}

void
demand_lack(const struct demand_look *l, struct demand_memory *m,
            uint64_t headroom_kib)
{
    uint64_t cost = demand_cost_permyriad(l->guest);
    bool is_lacking = cost > 0 && is_short(l->guest);

    if (cost > 0)
        m->active_ms = l->now_ms;
    if (xbp_has_sample(l->guest))
        watch_cache(l, m);
    judge_help(l, m, is_lacking ? cost : 0);
    if (cost == 0 && sat_sub(l->now_ms, m->paid_ms) >= CALM_MS)
        end_claim(m);
    if (!is_lacking && (cost == 0 || m->claim_kib == 0))
        return;
    if (demand_is_minor(l)) {
        end_claim(m);
        return;
    }
    if (is_lacking && m->lacks_ms == 0)
        m->lacks_ms = l->now_ms;
    m->paid_ms = l->now_ms;
    m->right_until_ms = l->now_ms + l->rules->hold_ms;
    if (!is_lacking || l->now_ms < m->barred_until_ms)
        return;
    raise_claim(l, m, headroom_kib);
    learn_floor(l, m);
}
