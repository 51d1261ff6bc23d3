/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What counts as news of a guest's memory. */
#include <config.h>

#include "news.h"
#include "util/units.h"

/* What is available has changed if it did by 1/16 of itself, so that a guest
 * that runs short is seen closely, but ... */
#define AVAILABLE_SHARE 16
/* ... by no less than this, which an idle Linux allocates and frees in a
 * second, and never by more than this share of all memory. */
#define CHANGE_MIN_KIB (1 * KIB_PER_MIB)
#define TOTAL_SHARE    64

/* Counters that went further than this tell of something: a swapped page in
 * is waited for; pages out and file pages in are a matter of 1 MiB. */
#define SWAP_IN_PAGES 16
#define BULK_PAGES    (1 * KIB_PER_MIB / PAGE_KIB)
/* 1 % of a second. */
#define STALL_US 10000

/* How far a counter went; 0 if that cannot be told. */
static uint64_t
went(uint64_t before, uint64_t now)
{
    if (before == SAMPLE_UNKNOWN || now == SAMPLE_UNKNOWN)
        return 0;
    return sat_sub(now, before);
}

static bool
is_busy(const struct sample *before, const struct sample *now)
{
    return went(before->swap_in_pages, now->swap_in_pages) >= SWAP_IN_PAGES ||
           went(before->swap_out_pages, now->swap_out_pages) >= BULK_PAGES ||
           went(before->refault_anon_pages, now->refault_anon_pages) >=
               SWAP_IN_PAGES ||
           went(before->refault_file_pages, now->refault_file_pages) >=
               BULK_PAGES ||
           went(before->stall_some_us, now->stall_some_us) >= STALL_US;
}

static bool
has_moved(const struct sample *before, const struct sample *now)
{
    uint64_t limit_kib = now->total_kib / TOTAL_SHARE;
    uint64_t available_kib = min_u64(before->available_kib, now->available_kib);
    uint64_t change_kib =
        clamp_u64(available_kib / AVAILABLE_SHARE, CHANGE_MIN_KIB, limit_kib);

    return distance_u64(before->available_kib, now->available_kib) >=
               change_kib ||
           distance_u64(before->total_kib, now->total_kib) >= limit_kib ||
           before->swap_total_kib != now->swap_total_kib;
}

bool
news_is_due(const struct news *n, const struct sample *s)
{
    if (n->last.sequence == 0 || n->was_busy)
        return true;
    return sat_sub(s->uptime_ms, n->last.uptime_ms) >= NEWS_HEARTBEAT_MS ||
           has_moved(&n->last, s) || is_busy(&n->last, s);
}

void
news_note(struct news *n, const struct sample *s)
{
    n->was_busy = n->last.sequence != 0 && is_busy(&n->last, s);
    n->last = *s;
}
