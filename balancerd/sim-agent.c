/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Agents of every character. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "sim-agent.h"
#include "util/units.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Source: balancer-agent(8) looks every second; a flood is half of what gets
 * a guest muted. */
#define LOOK_MS  1000
#define FLOOD_MS 100
/* Source: xe-guest-utilities collects memory every so often. */
#define MEMINFO_MS 60000
/* A liar's suffering: well past what counts as thrashing (1 MiB/s and 7 %). */
#define LIE_PAGES_PER_S 4096
#define LIE_US_PER_S    500000

int
sim_agent_find(const char *name, enum sim_agent_mode *ret)
{
    static const char *const names[] = {
        "good", "absent", "meminfo", "late", "silent", "lying", "flooding",
    };

    for (size_t i = 0; i < LENGTH(names); i++)
        if (strcmp(name, names[i]) == 0) {
            *ret = (enum sim_agent_mode)i;
            return 0;
        }
    return -EINVAL;
}

static void
take_sample(const struct sim_look *look, struct sample *ret)
{
    const struct sim_memory *m = look->memory;

    *ret = (struct sample){
        .uptime_ms = look->up_ms,
        .total_kib = look->held_kib,
        .available_kib = sim_memory_available_kib(m, look->held_kib),
        .cache_kib = m->cache_kib,
        .anon_kib = m->hot_kib + m->cold_kib,
        .swap_total_kib = m->swap_kib,
        .swap_free_kib = sat_sub(m->swap_kib, sim_memory_swapped_kib(m)),
        .swap_in_pages = m->swap_in_kib / PAGE_KIB,
        .swap_out_pages = m->swap_out_kib / PAGE_KIB,
        .refault_anon_pages = m->refault_anon_kib / PAGE_KIB,
        .refault_file_pages = m->refault_file_kib / PAGE_KIB,
        .major_faults = (m->swap_in_kib + m->refault_file_kib) / PAGE_KIB,
        .scanned_pages = m->scanned_kib / PAGE_KIB,
        .stall_some_us = m->some_us,
        .stall_full_us = m->full_us,
    };
}

/* It says that it lacks what it does not hold of its claim. */
static void
lie(struct sim_agent *a, struct sample *s)
{
    uint64_t held_kib = s->total_kib;

    if (a->claim_kib >= held_kib) {
        a->lied_pages += LIE_PAGES_PER_S * LOOK_MS / MS_PER_S;
        a->lied_us += LIE_US_PER_S * LOOK_MS / MS_PER_S;
    }
    s->available_kib = sat_sub(held_kib, a->claim_kib);
    s->anon_kib = min_u64(held_kib, a->claim_kib);
    s->cache_kib = 0;
    s->swap_in_pages = a->lied_pages;
    s->swap_out_pages = a->lied_pages;
    s->refault_anon_pages = a->lied_pages;
    s->stall_some_us = a->lied_us;
    s->stall_full_us = a->lied_us;
}

/* Something is to be said; it arrives now or, of a late one, later. */
static bool
send(struct sim_agent *a, struct sample *s, uint64_t now_ms, struct sample *ret)
{
    s->sequence = ++a->sequence;
    news_note(&a->news, s);
    if (a->mode == SIM_AGENT_LATE && a->delay_ms > 0) {
        a->pending = *s;
        a->arrives_ms = now_ms + a->delay_ms;
        return false;
    }
    *ret = *s;
    return true;
}

static bool
deliver(struct sim_agent *a, uint64_t now_ms, struct sample *ret)
{
    if (a->arrives_ms == 0 || now_ms < a->arrives_ms)
        return false;
    *ret = a->pending;
    a->arrives_ms = 0;
    return true;
}

static bool
say_sample(struct sim_agent *a, const struct sim_look *look, struct sample *ret)
{
    bool is_flooding = a->mode == SIM_AGENT_FLOODING;
    bool has_arrived = deliver(a, look->now_ms, ret);
    struct sample s;

    a->next_ms = look->now_ms + (is_flooding ? FLOOD_MS : LOOK_MS);
    if (a->arrives_ms != 0)
        return has_arrived; /* one at a time */
    take_sample(look, &s);
    if (a->mode == SIM_AGENT_LYING)
        lie(a, &s);
    if (!is_flooding && !news_is_due(&a->news, &s))
        return has_arrived;
    return send(a, &s, look->now_ms, ret) || has_arrived;
}

bool
sim_agent_look(struct sim_agent *a, const struct sim_look *look,
               struct sample *sample, uint64_t *available_kib)
{
    if (look->now_ms < a->next_ms)
        return false;
    switch (a->mode) {
    case SIM_AGENT_ABSENT:
    case SIM_AGENT_SILENT:
        a->next_ms = look->now_ms + MEMINFO_MS;
        return false;
    case SIM_AGENT_MEMINFO:
        a->next_ms = look->now_ms + MEMINFO_MS;
        *available_kib = sim_memory_available_kib(look->memory, look->held_kib);
        return true;
    case SIM_AGENT_GOOD:
    case SIM_AGENT_LATE:
    case SIM_AGENT_LYING:
    case SIM_AGENT_FLOODING:
        return say_sample(a, look, sample);
    }
    return false;
}
