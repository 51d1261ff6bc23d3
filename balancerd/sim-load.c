/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counters that run as a scenario says, and an agent that reads them as
 * balancer-agent does: every second in need, every ten otherwise. */
#include <config.h>

#include "sim-load.h"
#include "util/units.h"

#define BUSY_MS      1000
#define HEARTBEAT_MS 10000
#define PERCENT      100

void
sim_load_start(struct sim_load *l, uint64_t now_ms)
{
    l->counted = (struct sample){ 0 };
    l->counted_ms = now_ms;
    l->reported_ms = now_ms;
    l->was_busy = true; /* its first report comes soon */
}

static bool
is_busy(const struct sim_load *l)
{
    return l->swap_in_kib_per_s > 0 || l->swap_out_kib_per_s > 0 ||
           l->refault_anon_kib_per_s > 0 || l->refault_file_kib_per_s > 0 ||
           l->stall_some_pct > 0 || l->stall_full_pct > 0;
}

void
sim_load_count(struct sim_load *l, uint64_t now_ms)
{
    uint64_t ms = sat_sub(now_ms, l->counted_ms);
    struct sample *c = &l->counted;

    l->counted_ms = now_ms;
    /* KiB per s times ms; us of a percentage of ms. */
    c->swap_in_pages += l->swap_in_kib_per_s * ms;
    c->swap_out_pages += l->swap_out_kib_per_s * ms;
    c->refault_anon_pages += l->refault_anon_kib_per_s * ms;
    c->refault_file_pages += l->refault_file_kib_per_s * ms;
    c->stall_some_us += l->stall_some_pct * ms * (MS_PER_S / PERCENT);
    c->stall_full_us += l->stall_full_pct * ms * (MS_PER_S / PERCENT);
}

struct host_swap
sim_load_seen(const struct sim_load *l)
{
    return (struct host_swap){
        .is_seen = l->is_seen,
        .in_kib = l->counted.swap_in_pages / MS_PER_S,
        .out_kib = l->counted.swap_out_pages / MS_PER_S,
        .wait_ms =
            l->tells_wait ? l->counted.stall_some_us / MS_PER_S : HOST_UNSET,
        .at_ms = l->counted_ms,
    };
}

uint64_t
sim_load_due_ms(const struct sim_load *l)
{
    if (!l->has_agent)
        return HOST_UNSET;
    return l->reported_ms +
           (is_busy(l) || l->was_busy ? BUSY_MS : HEARTBEAT_MS);
}

static uint64_t
pages(uint64_t counted)
{
    return counted / (MS_PER_S * PAGE_KIB);
}

bool
sim_load_report(struct sim_load *l, struct host_domain *facts, uint64_t now_ms)
{
    const struct sample *c = &l->counted;
    struct sample s = facts->sample;

    if (now_ms < sim_load_due_ms(l))
        return false;
    sim_load_count(l, now_ms);
    s = (struct sample){
        .sequence = s.sequence + 1,
        .uptime_ms = now_ms,
        .total_kib = facts->actual_kib,
        .available_kib = facts->available_kib,
        .cache_kib = SAMPLE_UNKNOWN,
        .anon_kib = SAMPLE_UNKNOWN,
        .swap_total_kib = l->swap_kib,
        /* Who brings something in has something out. */
        .swap_free_kib =
            l->swap_in_kib_per_s > 0 ? l->swap_kib / 2 : l->swap_kib,
        .swap_in_pages = pages(c->swap_in_pages),
        .swap_out_pages = pages(c->swap_out_pages),
        .refault_anon_pages = pages(c->refault_anon_pages),
        .refault_file_pages = pages(c->refault_file_pages),
        .major_faults = SAMPLE_UNKNOWN,
        .scanned_pages = SAMPLE_UNKNOWN,
        .stall_some_us = c->stall_some_us,
        .stall_full_us = c->stall_full_us,
    };
    facts->sample = s;
    l->reported_ms = now_ms;
    l->was_busy = is_busy(l);
    return l->was_busy;
}
