/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a domain's load to whether it thrashes, and what is to be regretted. */
#include <config.h>

#include "guest-limits.h"
#include "guest-pain.h"
#include "guest.h"
#include "tuning.h"
#include "util/units.h"

/* Of what it holds; with so much to spare nobody is short. */
#define SPARE_SHARE 16
/* One look at a word ends nothing: after an agent it may be an old one. */
#define WORD_MS 5000
/* Who brings in more times in a second what it has out is done by now, or
 * lies; a fast device may well bring in several times what little is out. */
#define TURNOVERS_MOST 16

/* An agent knows better than a key that nobody may have written for a year. */
void
guest_take_load(struct guest *g, uint64_t now_ms)
{
    const struct sample *s = &g->load.last;

    guest_load_take(&g->load, &g->facts.sample, now_ms);
    guest_load_see(&g->load, &g->facts.swap, now_ms);
    if (guest_load_is_fresh(&g->load, now_ms) &&
        s->available_kib != SAMPLE_UNKNOWN)
        g->facts.available_kib = s->available_kib;
}

static const struct thrash_signs unknown = {
    .swap_in_kib_per_s = THRASH_UNKNOWN,
    .swap_out_kib_per_s = THRASH_UNKNOWN,
    .refault_anon_kib_per_s = THRASH_UNKNOWN,
    .refault_file_kib_per_s = THRASH_UNKNOWN,
    .stall_some_permyriad = THRASH_UNKNOWN,
    .stall_full_permyriad = THRASH_UNKNOWN,
    .wait_permyriad = THRASH_UNKNOWN,
    .swap_total_kib = THRASH_UNKNOWN,
    .available_kib = THRASH_UNKNOWN,
};

static uint64_t
known_or_0(uint64_t value)
{
    return value == SAMPLE_UNKNOWN ? 0 : value;
}

/* While a page is read in, someone waits for it. */
static uint64_t
seen_wait(const struct guest_load *l, uint64_t now_ms)
{
    if (l->seen_span_ms == 0 || sat_sub(now_ms, l->seen_ms) > WORD_MS)
        return THRASH_UNKNOWN;
    return l->seen_wait_permyriad;
}

static uint64_t
believed_swap_in(const struct guest_load *l)
{
    const struct sample *s = &l->last;
    bool is_known = s->swap_total_kib != SAMPLE_UNKNOWN &&
                    s->swap_free_kib != SAMPLE_UNKNOWN &&
                    l->swap_in_kib_per_s != SAMPLE_UNKNOWN;

    if (is_known && sat_sub(s->swap_total_kib, s->swap_free_kib) <
                        l->swap_in_kib_per_s / TURNOVERS_MOST)
        return 0;
    return l->swap_in_kib_per_s;
}

/* What its agent told, once. */
static bool
read_agent(const struct guest *g, uint64_t now_ms, struct thrash_signs *ret)
{
    const struct guest_load *l = &g->load;

    if (l->span_ms == 0 || l->taken_ms <= g->thrash.heard_ms)
        return false;
    *ret = (struct thrash_signs){
        .span_ms = l->span_ms,
        .swap_in_kib_per_s = believed_swap_in(l),
        .swap_out_kib_per_s = l->swap_out_kib_per_s,
        .refault_anon_kib_per_s = l->refault_anon_kib_per_s,
        .refault_file_kib_per_s = l->refault_file_kib_per_s,
        .stall_some_permyriad = l->stall_some_permyriad,
        .stall_full_permyriad = l->stall_full_permyriad,
        .wait_permyriad = seen_wait(l, now_ms),
        .swap_total_kib = l->last.swap_total_kib,
        .available_kib = l->last.available_kib,
        .memory_kib = known_or_0(l->last.total_kib),
    };
    return true;
}

/* What the host sees of its swapping, once. */
static bool
read_swap(const struct guest *g, struct thrash_signs *ret)
{
    const struct guest_load *l = &g->load;

    if (l->seen_span_ms == 0 || l->seen_ms <= g->thrash.heard_ms)
        return false;
    *ret = unknown;
    ret->span_ms = l->seen_span_ms;
    ret->swap_in_kib_per_s = l->seen_in_kib_per_s;
    ret->swap_out_kib_per_s = l->seen_out_kib_per_s;
    ret->wait_permyriad = l->seen_wait_permyriad;
    return true;
}

/* A word without a history: it is true now. */
static bool
read_word(const struct guest *g, uint64_t now_ms, struct thrash_signs *ret)
{
    if (g->facts.available_kib == HOST_UNSET)
        return false;
    *ret = unknown;
    ret->span_ms = min_u64(sat_sub(now_ms, g->thrash.heard_ms), WORD_MS);
    ret->available_kib = g->facts.available_kib;
    ret->memory_kib = g->facts.actual_kib;
    return true;
}

/* An agent is better than its absence is bad: while one speaks, or was heard a
 * moment ago, nothing else counts. */
static bool
read_signs(const struct guest *g, uint64_t now_ms, struct thrash_signs *ret)
{
    if (guest_load_is_fresh(&g->load, now_ms))
        return read_agent(g, now_ms, ret);
    if (g->load.seen.is_seen)
        return read_swap(g, ret);
    return read_word(g, now_ms, ret);
}

/* It is well: does it need what it was given back? */
static void
relax(struct guest *g)
{
    uint64_t actual_kib = guest_actual_kib(g);
    uint64_t used_kib = sat_sub(actual_kib, g->facts.available_kib);

    if (g->regret.floor_kib == 0 || g->thrash.state != THRASH_HEALTHY ||
        g->facts.available_kib == HOST_UNSET)
        return;
    regret_relax(&g->regret,
                 page_floor_kib(sat_add(used_kib, actual_kib / SPARE_SHARE)));
}

void
guest_judge_pain(struct guest *g, const struct tuning *tuning, uint64_t now_ms)
{
    bool was_thrashing = g->is_thrashing;
    struct thrash_signs signs;

    thrash_judge(&g->thrash, read_signs(g, now_ms, &signs) ? &signs : NULL,
                 now_ms);
    g->is_thrashing = thrash_is_thrashing(&g->thrash);
    regret_forget(&g->regret, now_ms);
    if (g->is_thrashing && !was_thrashing)
        regret_note_pain(&g->regret, guest_actual_kib(g), tuning, now_ms);
    else
        relax(g);
}
