/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether more memory was of use to who asked for it. */
#include <config.h>

#include "demand-lack.h"
#include "demand-trial.h"
#include "util/units.h"
#include "xbp-level.h"

/* 88 % of overloads end within two minutes (Overdriver): what memory did not
 * mend by then it will not. */
#define TRIAL_MS 120000
/* It is seen earlier from who got this part of what it lacked, which took it as
 * long as calm has to last.  A sixth was chosen on the tune half. */
#define VAIN_MS    DEMAND_CALM_MS
#define VAIN_SHARE 6
/* Who waits all the time does so until nearly all is there.  Chosen on the tune
 * half. */
#define SATED_PERMYRIAD 9000
/* A larger cache helps at once or not at all: what is read once is read on. */
#define CACHE_TRIAL_MS 20000
/* Who was barred before is barred twice as long, up to so many lessons. */
#define BARRED_MOST 8
/* More memory has helped if it lowered the cost by this part of it. */
#define HELP_SHARE 4

/* How long it waits for what it does in a second: that falls with every page
 * that is there, the part of the time only when nearly all are. */
static uint64_t
odds(uint64_t cost_permyriad)
{
    uint64_t cost = min_u64(cost_permyriad, PERMYRIAD - PERMYRIAD / 100);

    return mul_div(cost, PERMYRIAD, PERMYRIAD - cost);
}

/* Does it cost as much as before, though it has got more?  What it lacked went
 * down by some part: so should the cost have, by half as much.  Who will soon
 * have all is not judged before. */
static bool
is_vain(const struct demand_look *l, const struct demand_memory *m,
        uint64_t cost)
{
    uint64_t lack_kib = m->trial_lack_kib, saved;
    uint64_t got_kib = min_u64(sat_sub(lack_kib, xbp_swapped_kib(l->guest)),
                               sat_sub(m->base_kib, m->trial_base_kib));

    if (l->now_ms - m->trial_ms < VAIN_MS || cost < DEMAND_HEAVY_PERMYRIAD)
        return false;
    if (l->now_ms - m->trial_ms >= TRIAL_MS &&
        got_kib <= lack_kib / VAIN_SHARE &&
        l->guest->actual_kib >=
            m->trial_kib + m->trial_kib / DEMAND_STEP_SHARE &&
        odds(cost) > odds(m->trial_cost) - odds(m->trial_cost) / HELP_SHARE)
        return true;
    if (cost >= SATED_PERMYRIAD || lack_kib == 0 ||
        lack_kib < m->trial_kib / DEMAND_STEP_SHARE ||
        got_kib < lack_kib / VAIN_SHARE || got_kib > lack_kib / 2)
        return false;
    saved = mul_div(odds(m->trial_cost), got_kib, 2 * lack_kib);
    return odds(cost) > odds(m->trial_cost) - saved;
}

/* Has more than its share helped?  If not, it is no use to it, whatever it
 * says, and others may have one. */
void
demand_judge_help(const struct demand_look *l, struct demand_memory *m,
                  uint64_t cost)
{
    if (l->guest->actual_kib <= l->share_kib || cost == 0) {
        m->trial_ms = 0;
        return;
    }
    /* What costs more than it did is another thing than was tried. */
    if (m->trial_ms == 0 ||
        xbp_swapped_kib(l->guest) >
            m->trial_lack_kib + m->trial_lack_kib / VAIN_SHARE ||
        odds(cost) > odds(m->trial_cost) + odds(m->trial_cost) / HELP_SHARE) {
        m->trial_ms = l->now_ms;
        m->trial_cost = cost;
        m->trial_kib = l->guest->actual_kib;
        m->trial_base_kib = m->base_kib;
        m->trial_lack_kib = xbp_swapped_kib(l->guest);
    }
    if (is_vain(l, m, cost)) {
        m->barred_for_ms = clamp_u64(2 * m->barred_for_ms, l->rules->learned_ms,
                                     BARRED_MOST * l->rules->learned_ms);
        m->barred_until_ms = l->now_ms + m->barred_for_ms;
        m->claim_kib = 0;
        m->step_kib = 0;
        m->trial_ms = 0;
    } else if (l->now_ms - m->trial_ms >= TRIAL_MS)
        m->trial_ms = 0;
}

/* Was it of use to have more?  So much more should have lowered the cost by
 * half as large a part. */
static bool
has_helped(uint64_t from_kib, uint64_t kib, uint64_t from_cost, uint64_t cost)
{
    if (from_kib == 0)
        return true;
    return cost <=
           from_cost - min_u64(from_cost, mul_div(from_cost, kib - from_kib,
                                                  2 * from_kib));
}

/* Who reads on and on has no use for a larger cache. */
void
demand_judge_cache(const struct demand_look *l, struct demand_memory *m,
                   uint64_t cost)
{
    uint64_t actual_kib = l->guest->actual_kib;

    /* What it just got is filled without any cost. */
    if (cost == 0) {
        if (sat_sub(l->now_ms, m->missed_ms) >= DEMAND_CALM_MS)
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
    if (l->now_ms - m->cache_trial_ms < CACHE_TRIAL_MS ||
        !demand_is_short(l, m) ||
        actual_kib <
            m->cache_trial_kib + m->cache_trial_kib / DEMAND_STEP_SHARE)
        return;
    if (!has_helped(m->cache_trial_kib, actual_kib, m->cache_trial_cost,
                    cost)) {
        m->cache_barred_until_ms = l->now_ms + l->rules->learned_ms;
        m->cache_claim_kib = 0;
        m->cache_step_kib = 0;
    }
    m->cache_trial_ms = 0;
}
