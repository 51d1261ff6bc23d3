/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A floor after a squeeze that hurt: short, longer if it does so again, and no
 * higher than the guest's own figures ask for. */
#include <config.h>

#include "guest-regret.h"
#include "tuning.h"
#include "util/units.h"

/* A size that hurt, and this share of it, may be too little still. */
#define HURT_SHARE 16

void
regret_note_shrink(struct guest_regret *r, uint64_t from_kib,
                   const struct tuning *tuning, uint64_t now_ms)
{
    bool is_another = r->shrunk_from_kib < from_kib ||
                      now_ms - r->shrunk_since_ms > tuning->regret_ms;

    if (is_another) {
        r->shrunk_from_kib = from_kib;
        r->shrunk_since_ms = now_ms;
    }
    r->shrunk_at_ms = now_ms;
}

/* Twice as long as last time, if that was not long ago. */
static uint64_t
hold_ms(const struct guest_regret *r, const struct tuning *tuning,
        uint64_t now_ms)
{
    if (r->hold_ms == 0 ||
        now_ms > sat_add(r->until_ms, tuning->regret_again_ms))
        return tuning->regret_hold_ms;
    return min_u64(2 * r->hold_ms,
                   max_u64(tuning->regret_hold_ms, tuning->regret_again_ms));
}

void
regret_note_pain(struct guest_regret *r, uint64_t actual_kib,
                 const struct tuning *tuning, uint64_t now_ms)
{
    if (r->shrunk_from_kib == 0 || now_ms - r->shrunk_at_ms > tuning->regret_ms)
        return;
    r->hold_ms = hold_ms(r, tuning, now_ms);
    r->until_ms = sat_add(now_ms, r->hold_ms);
    r->floor_kib = max_u64(r->floor_kib, r->shrunk_from_kib);
    r->hurt_kib = min_u64(actual_kib, r->floor_kib);
    r->shrunk_from_kib = 0;
}

void
regret_relax(struct guest_regret *r, uint64_t needs_kib)
{
    uint64_t least_kib = sat_add(r->hurt_kib, r->hurt_kib / HURT_SHARE);

    r->floor_kib = min_u64(r->floor_kib, max_u64(needs_kib, least_kib));
}

void
regret_forget(struct guest_regret *r, uint64_t now_ms)
{
    if (now_ms >= r->until_ms)
        r->floor_kib = 0;
}
