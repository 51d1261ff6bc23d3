/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Costs count only where memory that was there before is brought in again:
 * pressure without that, as of a file that is read once, more memory would not
 * mend.
 */
#include <config.h>

#include "demand-base.h"
#include "demand-lack.h"
#include "demand-trial.h"
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
/* All but waiting: the detector's limit for who is in need. */
#define WALL_PERMYRIAD 2000
/* Who loses a tenth of its time takes all of its share back at once. */
#define BACK_PERMYRIAD 1000
/* A claim begins with DEMAND_STEP_SHARE of what the guest has and doubles. */
#define STEP_MAX_SHARE 2
/* Calm for so long, if another lacks memory: over.  Ten seconds, as the
 * detector of thrashing has it. */
#define CALM_WANTED_MS 10000
/* Less than this part of its memory is free in any guest at work. */
#define FREE_SHARE 16
/* What has come in so many times has not found it empty. */
#define REFILLS 2
/* What is out may go and come so many times in a second on a fast device; who
 * says more lies. */
#define TURNOVERS_MOST 16

static uint64_t
known(uint64_t value)
{
    return value == XBP_UNKNOWN ? 0 : value;
}

uint64_t
demand_swap_in_kib_per_s(const struct xbp_guest *g)
{
    return max_u64(known(g->swap_in_kib_per_s),
                   known(g->refault_anon_kib_per_s));
}

bool
demand_is_absurd(const struct xbp_guest *g)
{
    return xbp_has_sample(g) && g->swap_used_kib != XBP_UNKNOWN &&
           demand_swap_in_kib_per_s(g) >= RETURN_KIB_PER_S &&
           g->swap_used_kib < demand_swap_in_kib_per_s(g) / TURNOVERS_MOST;
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

bool
demand_is_seen(const struct xbp_guest *g)
{
    return XBP_GUEST_HAS(g, seen_wait_permyriad) &&
           g->seen_in_kib_per_s != XBP_UNKNOWN;
}

/* While a page is read from swap someone waits for it. */
static uint64_t
seen_cost(const struct xbp_guest *g)
{
    if (!demand_is_seen(g) || g->seen_in_kib_per_s < RETURN_KIB_PER_S)
        return 0;
    return max_u64(known(g->seen_wait_permyriad),
                   least_cost_of(g->seen_in_kib_per_s));
}

/* A guest without swap has nothing but files that could come back. */
static uint64_t
told_cost(const struct xbp_guest *g)
{
    uint64_t swap_in = demand_swap_in_kib_per_s(g);
    uint64_t file = known(g->refault_file_kib_per_s);
    uint64_t cost;

    if (g->swap_total_kib == 0)
        return cost_of(g, file);
    if (swap_in < RETURN_KIB_PER_S)
        return 0;
    cost = mul_div(cost_of(g, sat_add(swap_in, file)), swap_in,
                   sat_add(swap_in, file));
    return max_u64(cost, least_cost_of(swap_in));
}

uint64_t
demand_cost_permyriad(const struct xbp_guest *g)
{
    uint64_t cost = seen_cost(g);

    /* Nobody says what it has free: who has got enough brings the rest back
     * little by little. */
    if (!xbp_has_sample(g) || demand_is_absurd(g))
        return cost >= DEMAND_HEAVY_PERMYRIAD ? cost : 0;
    return max_u64(cost, told_cost(g));
}

/* Who has memory free lacks none, though it may still bring back what it
 * lacked before.  Cache that it does not read is as good as free: until more
 * has come in than would fill it, and it is there as before.  What is free and
 * will be full before it can get more is nothing to who suffers. */
bool
demand_is_short(const struct demand_look *l, const struct demand_memory *m)
{
    const struct xbp_guest *g = l->guest;
    bool reads = sat_sub(l->now_ms, m->missed_ms) < DEMAND_CALM_MS;
    uint64_t spare_kib =
        reads ? xbp_unused_kib(g) : sat_sub(g->actual_kib, m->base_kib);

    /* Its word, until it is seen to put something out. */
    if (!xbp_has_sample(g) && !demand_is_silent(g, m) &&
        m->base_kib != XBP_UNKNOWN)
        return sat_sub(g->actual_kib, m->base_kib) < g->actual_kib / FREE_SHARE;
    /* Who says nothing is known to swap, and not what is free. */
    return demand_is_late(g) || spare_kib == XBP_UNKNOWN ||
           spare_kib < g->actual_kib / FREE_SHARE ||
           spare_kib < m->returned_kib / REFILLS ||
           (l->cost_permyriad >= DEMAND_HEAVY_PERMYRIAD &&
            spare_kib < mul_div(demand_swap_in_kib_per_s(g), DEMAND_REACTION_MS,
                                MS_PER_S));
}

/* It grows, and for every page one of its own has to go: its programs wait for
 * that.  Who was just made smaller swaps out for another reason. */
uint64_t
demand_wall_permyriad(const struct demand_look *l,
                      const struct demand_memory *m)
{
    const struct xbp_guest *g = l->guest;
    bool is_growing = xbp_has_sample(g) && !demand_is_absurd(g) &&
                      known(g->swap_out_kib_per_s) >= RETURN_KIB_PER_S &&
                      sat_sub(l->now_ms, m->shrunk_ms) >= DEMAND_REGRET_MS;

    return is_growing && demand_is_short(l, m) &&
                   known(g->stall_some_permyriad) >= WALL_PERMYRIAD
               ? g->stall_some_permyriad
               : 0;
}

bool
demand_is_little(const struct demand_look *l)
{
    return l->cost_permyriad * MINOR_FACTOR < l->worst_cost_permyriad;
}

bool
demand_is_minor(const struct demand_look *l)
{
    return l->guest->target_kib > l->share_kib && demand_is_little(l);
}

/* As long as what it was given is used up and not enough, twice as much. */
static uint64_t
raised_kib(const struct xbp_guest *g, uint64_t claim_kib, uint64_t *step_kib)
{
    if (claim_kib == 0 || g->actual_kib + *step_kib / 2 >= claim_kib)
        *step_kib = clamp_u64(2 * *step_kib, g->actual_kib / DEMAND_STEP_SHARE,
                              g->actual_kib / STEP_MAX_SHARE);
    return max_u64(claim_kib, g->actual_kib + *step_kib);
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

/* Up to all that it has, in memory or out, and headroom. */
static void
raise_claim(const struct demand_look *l, struct demand_memory *m,
            uint64_t headroom_kib)
{
    const struct xbp_guest *g = l->guest;
    uint64_t most_kib =
        g->swap_total_kib == 0 || !xbp_has_sample(g)
            ? UINT64_MAX
            : sat_add(sat_add(m->base_kib, xbp_swapped_kib(g)), headroom_kib);

    m->claim_kib = min_u64(raised_kib(g, m->claim_kib, &m->step_kib), most_kib);
    learn_floor(l, m);
    if (l->cost_permyriad >= BACK_PERMYRIAD)
        m->claim_kib = max_u64(m->claim_kib, min_u64(l->share_kib, most_kib));
}

static void
end_claim(struct demand_memory *m)
{
    m->claim_kib = 0;
    m->step_kib = 0;
    m->lacks_ms = 0;
}

/* Files are read again.  How much cache would help nobody knows: it may ask
 * for more of what others do not need, step by step. */
static void
watch_cache(const struct demand_look *l, struct demand_memory *m)
{
    const struct xbp_guest *g = l->guest;
    uint64_t cost = cost_of(g, known(g->refault_file_kib_per_s));

    demand_judge_cache(l, m, cost);
    if (cost > 0 && l->now_ms >= m->cache_barred_until_ms) {
        m->missed_ms = l->now_ms;
        m->right_until_ms = l->now_ms + l->rules->hold_ms;
        if (demand_is_short(l, m))
            m->cache_claim_kib =
                raised_kib(g, m->cache_claim_kib, &m->cache_step_kib);
    } else if (sat_sub(l->now_ms, m->missed_ms) >= DEMAND_CALM_MS) {
        m->cache_claim_kib = 0;
        m->cache_step_kib = 0;
    }
}

static uint64_t
calm_ms(const struct demand_look *l)
{
    return l->worst_cost_permyriad > 0 ? CALM_WANTED_MS : DEMAND_CALM_MS;
}

void
demand_lack(const struct demand_look *l, struct demand_memory *m,
            uint64_t headroom_kib)
{
    uint64_t cost = l->cost_permyriad;
    bool is_lacking = cost > 0 && demand_is_short(l, m);

    if (cost > 0 && !demand_is_little(l))
        m->active_ms = l->now_ms;
    if (xbp_has_sample(l->guest))
        watch_cache(l, m);
    demand_judge_help(l, m, cost);
    if (cost == 0 && sat_sub(l->now_ms, m->paid_ms) >= calm_ms(l))
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
}
