/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Differences of two samples over the guest's own time between them. */
#include <config.h>

#include "guest-load.h"
#include "util/units.h"

/* Of samples that are closer no rate can be told, ... */
#define SPAN_MIN_MS 100
/* ... and over more than this it is no news. */
#define SPAN_MAX_MS 60000
/* Of what the host sees a rate is a matter of a second, by a clock that may be
 * a bit fast. */
#define SEEN_MIN_MS 900
#define US_PER_MS   1000u
/* No memory is faster: a counter that jumps further is a lie. */
#define RATE_MAX (UINT64_C(1) << 40)

static void
forget_rates(struct guest_load *l)
{
    l->span_ms = 0;
    l->swap_in_kib_per_s = SAMPLE_UNKNOWN;
    l->swap_out_kib_per_s = SAMPLE_UNKNOWN;
    l->refault_anon_kib_per_s = SAMPLE_UNKNOWN;
    l->refault_file_kib_per_s = SAMPLE_UNKNOWN;
    l->major_faults_per_s = SAMPLE_UNKNOWN;
    l->scanned_kib_per_s = SAMPLE_UNKNOWN;
    l->stall_some_permyriad = SAMPLE_UNKNOWN;
    l->stall_full_permyriad = SAMPLE_UNKNOWN;
}

void
guest_load_init(struct guest_load *l)
{
    *l = (struct guest_load){ 0 };
    forget_rates(l);
}

/* Of a counter, times unit; unknown if it did not count upwards. */
static uint64_t
rate_per_s(uint64_t before, uint64_t after, uint64_t unit, uint64_t span_ms)
{
    uint64_t rate;

    if (before == SAMPLE_UNKNOWN || after == SAMPLE_UNKNOWN || after < before)
        return SAMPLE_UNKNOWN;
    rate = mul_div(after - before, unit * MS_PER_S, span_ms);
    return rate > RATE_MAX ? SAMPLE_UNKNOWN : rate;
}

/* The part of the time that a counter of microseconds counted. */
static uint64_t
part_permyriad(uint64_t before_us, uint64_t after_us, uint64_t span_ms)
{
    if (before_us == SAMPLE_UNKNOWN || after_us == SAMPLE_UNKNOWN ||
        after_us < before_us)
        return SAMPLE_UNKNOWN;
    return min_u64(PERMYRIAD, mul_div(after_us - before_us, PERMYRIAD,
                                      span_ms * US_PER_MS));
}

static void
take_rates(struct guest_load *l, const struct sample *s, uint64_t span_ms)
{
    const struct sample *b = &l->last;

    l->span_ms = span_ms;
    l->swap_in_kib_per_s =
        rate_per_s(b->swap_in_pages, s->swap_in_pages, PAGE_KIB, span_ms);
    l->swap_out_kib_per_s =
        rate_per_s(b->swap_out_pages, s->swap_out_pages, PAGE_KIB, span_ms);
    l->refault_anon_kib_per_s =
        rate_per_s(b->refault_anon_pages, s->refault_anon_pages, PAGE_KIB,
                   span_ms);
    l->refault_file_kib_per_s =
        rate_per_s(b->refault_file_pages, s->refault_file_pages, PAGE_KIB,
                   span_ms);
    l->major_faults_per_s =
        rate_per_s(b->major_faults, s->major_faults, 1, span_ms);
    l->scanned_kib_per_s =
        rate_per_s(b->scanned_pages, s->scanned_pages, PAGE_KIB, span_ms);
    l->stall_some_permyriad =
        part_permyriad(b->stall_some_us, s->stall_some_us, span_ms);
    l->stall_full_permyriad =
        part_permyriad(b->stall_full_us, s->stall_full_us, span_ms);
}

bool
guest_load_is_fresh(const struct guest_load *l, uint64_t now_ms)
{
    return l->last.sequence != 0 &&
           sat_sub(now_ms, l->taken_ms) <= GUEST_LOAD_STALE_MS;
}

void
guest_load_take(struct guest_load *l, const struct sample *s, uint64_t now_ms)
{
    uint64_t span_ms = sat_sub(s->uptime_ms, l->last.uptime_ms);

    if (s->sequence == 0 || s->sequence == l->last.sequence) {
        if (!guest_load_is_fresh(l, now_ms))
            forget_rates(l);
        return;
    }
    forget_rates(l);
    if (l->last.sequence != 0 && span_ms >= SPAN_MIN_MS &&
        span_ms <= SPAN_MAX_MS)
        take_rates(l, s, span_ms);
    l->last = *s;
    l->taken_ms = now_ms;
}

/* How many reads were under way, as far as it makes all of the time. */
static uint64_t
rate_wait(const struct host_swap *before, const struct host_swap *after,
          uint64_t span_ms)
{
    if (before->wait_ms == HOST_UNSET || after->wait_ms == HOST_UNSET ||
        after->wait_ms < before->wait_ms)
        return SAMPLE_UNKNOWN;
    return min_u64(PERMYRIAD, mul_div(after->wait_ms - before->wait_ms,
                                      PERMYRIAD, span_ms));
}

/* Between what was seen last and now. */
static void
take_seen_rates(struct guest_load *l, const struct host_swap *swap,
                uint64_t span_ms)
{
    uint64_t in = rate_per_s(l->seen.in_kib, swap->in_kib, 1, span_ms);
    uint64_t out = rate_per_s(l->seen.out_kib, swap->out_kib, 1, span_ms);

    l->seen_span_ms =
        in == SAMPLE_UNKNOWN || out == SAMPLE_UNKNOWN ? 0 : span_ms;
    l->seen_in_kib_per_s = in;
    l->seen_out_kib_per_s = out;
    l->seen_wait_permyriad = rate_wait(&l->seen, swap, span_ms);
}

void
guest_load_see(struct guest_load *l, const struct host_swap *swap,
               uint64_t now_ms)
{
    uint64_t span_ms = sat_sub(swap->at_ms, l->seen.at_ms);

    if (!swap->is_seen || !l->seen.is_seen) {
        l->seen = *swap;
        l->seen_span_ms = 0;
        return;
    }
    if (span_ms < SEEN_MIN_MS)
        return;
    take_seen_rates(l, swap, span_ms);
    l->seen = *swap;
    l->seen_ms = now_ms;
}
