/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What guests with work went through, as a table for programs to draw. */
#include <config.h>

#include <inttypes.h>

#include "play.h"
#include "util/units.h"

#define US_PER_MS 1000u

static void
print_guest(struct play *p, const struct sim_guest *g)
{
    const struct sim_memory *m = &g->life.memory;
    const struct sim_demand d = sim_life_demand(g, p->world->now_ms);

    fprintf(p->how->series,
            "%" PRIu64 "\t%" PRIu32 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
            "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
            "\n",
            p->world->now_ms / MS_PER_S, g->facts.domid, g->facts.target_kib,
            g->facts.actual_kib, m->hot_kib + m->cold_kib, m->cache_kib,
            sim_memory_needed_kib(m, &d), sim_memory_swapped_kib(m),
            m->swap_in_kib, sim_life_toll(g).lost_us / US_PER_MS);
}

void
play_record_series(struct play *p)
{
    uint64_t now_s = p->world->now_ms / MS_PER_S;

    if (!p->how->series || (p->has_series && p->series_s == now_s))
        return;
    if (!p->has_series)
        fprintf(p->how->series,
                "second\tdomid\ttarget_kib\tactual_kib\tanon_kib\tcache_kib"
                "\tneeded_kib\tswapped_kib\tswap_in_kib\tstall_ms\n");
    p->has_series = true;
    p->series_s = now_s;
    for (size_t i = 0; i < p->world->n; i++)
        if (p->world->guests[i].life.work.n > 0)
            print_guest(p, &p->world->guests[i]);
}
