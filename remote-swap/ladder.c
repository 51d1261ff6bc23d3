/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Up without delay, down with patience. */
#include <config.h>

#include "ladder.h"
#include "util/units.h"

/* Nobody could lend: peers say what they have every few seconds. */
#define RETRY_MS (10 * MS_PER_S)
/* The host gives memory in that time if it has enough, and it helps; a guest
 * that suffers still is given swap as well. */
#define GIVE_MS (10 * MS_PER_S)

static bool
is_suffering(const struct ladder_facts *f)
{
    return f->thrash >= THRASH_THRASH && !f->gets_better;
}

/* Would so much more memory end it?  A program that goes through its memory in
 * turn finds each page out as long as not all of it fits, so memory for a part
 * of what is out may end nothing.  As much as a volume does what that would. */
static bool
would_do(const struct ladder_facts *f, uint64_t more_kib)
{
    return more_kib > 0 && more_kib >= min_u64(f->out_kib, f->size_kib);
}

/* What was given since the onset counts: pages come in one by one, and may keep
 * their places in the swap. */
static bool
is_enough(const struct ladder *l, const struct ladder_facts *f)
{
    return would_do(f, sat_sub(sat_add(f->memory_kib, f->giveable_kib),
                               l->onset_kib));
}

/* Whoever still has pages there needs room for them, and some to stay calm. */
static bool
could_do_without(const struct ladder_facts *f)
{
    if (f->thrash != THRASH_HEALTHY)
        return false;
    if (f->swapped_kib == 0)
        return true;
    return f->swapped_kib != THRASH_UNKNOWN && f->spare_kib != THRASH_UNKNOWN &&
           f->spare_kib / 2 >= f->swapped_kib;
}

static void
remember(struct ladder *l, const struct ladder_facts *f, uint64_t now_ms)
{
    if (!could_do_without(f))
        l->calm_ms = 0;
    else if (l->calm_ms == 0)
        l->calm_ms = now_ms;
    if (f->thrash < THRASH_THRASH) {
        l->onset_ms = 0;
    } else if (l->onset_ms == 0) {
        l->onset_ms = now_ms;
        l->onset_kib = f->memory_kib;
    }
    if (f->thrash == THRASH_HEALTHY)
        l->is_advised = l->is_told = false;
}

/* 0 is long ago. */
static bool
is_past(uint64_t since_ms, uint64_t time_ms, uint64_t now_ms)
{
    return since_ms == 0 || now_ms - since_ms >= time_ms;
}

static bool
wants_swap(const struct ladder *l, const struct ladder_facts *f,
           uint64_t now_ms)
{
    return f->is_automatic && is_suffering(f) && !f->has_swap &&
           (!is_enough(l, f) || is_past(l->onset_ms, GIVE_MS, now_ms)) &&
           is_past(l->tried_ms, RETRY_MS, now_ms);
}

static bool
wants_advice(const struct ladder *l, const struct ladder_facts *f)
{
    return f->thrash >= THRASH_SUSTAINED && !would_do(f, f->giveable_kib) &&
           !l->is_advised;
}

static bool
wants_back(const struct ladder *l, const struct ladder_facts *f,
           uint64_t now_ms)
{
    return f->has_ours && l->calm_ms > 0 &&
           now_ms - l->calm_ms >= f->patience_ms;
}

enum ladder_deed
ladder_step(struct ladder *l, const struct ladder_facts *f, uint64_t now_ms)
{
    remember(l, f, now_ms);
    if (wants_swap(l, f, now_ms)) {
        l->tried_ms = now_ms;
        return LADDER_ATTACH;
    }
    if (wants_advice(l, f)) {
        l->is_advised = true;
        return LADDER_ADVISE;
    }
    if (wants_back(l, f, now_ms)) {
        l->calm_ms = now_ms; /* if it refuses */
        return LADDER_WITHDRAW;
    }
    return LADDER_NOTHING;
}

uint64_t
ladder_size_kib(uint64_t memory_kib, uint64_t max_kib)
{
    uint64_t size_kib = mul_div(memory_kib, LADDER_SIZE_PCT, 100);

    size_kib = max_u64(size_kib, LADDER_SIZE_MIN_KIB);
    return min_u64(min_u64(size_kib, LADDER_SIZE_MAX_KIB), max_kib);
}
