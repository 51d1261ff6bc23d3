/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reclaim, as Linux would. */
#include <config.h>

#include "sim-reclaim.h"
#include "util/units.h"

/* Source: vm.swappiness 60, the default: file pages are scanned 200 - 60 times
 * where anonymous ones are scanned 60 times. */
#define FILE_COST 140
#define ANON_COST 60

static uint64_t
swap_left_kib(const struct sim_memory *m)
{
    return min_u64(m->traffic_kib,
                   sat_sub(m->swap_kib, sim_memory_swapped_kib(m)));
}

static uint64_t
drop_cache(struct sim_memory *m, uint64_t kib)
{
    kib = min_u64(kib, m->cache_kib);
    m->cache_kib -= kib;
    return kib;
}

/* From resident to out. */
static uint64_t
swap_out(struct sim_memory *m, uint64_t *resident_kib, uint64_t *out_kib,
         uint64_t kib)
{
    kib = min_u64(min_u64(kib, *resident_kib), swap_left_kib(m));
    *resident_kib -= kib;
    *out_kib += kib;
    m->traffic_kib -= kib;
    m->swap_out_kib += kib;
    return kib;
}

/* From both working sets. */
static uint64_t
take_wanted(struct sim_memory *m, uint64_t kib)
{
    uint64_t file = m->cache_kib * FILE_COST;
    uint64_t all = file + m->hot_kib * ANON_COST;
    uint64_t got_kib;

    if (all == 0)
        return 0;
    got_kib = drop_cache(m, mul_div(kib, file, all));
    got_kib += swap_out(m, &m->hot_kib, &m->hot_out_kib, kib - got_kib);
    return got_kib + drop_cache(m, kib - got_kib);
}

uint64_t
sim_reclaim(struct sim_memory *m, uint64_t file_kib, uint64_t kib)
{
    uint64_t got_kib =
        drop_cache(m, min_u64(kib, sat_sub(m->cache_kib, file_kib)));

    got_kib += swap_out(m, &m->cold_kib, &m->cold_out_kib, kib - got_kib);
    if (got_kib < kib)
        got_kib += take_wanted(m, kib - got_kib);
    m->scanned_kib += got_kib;
    return got_kib;
}

bool
sim_reclaim_is_dry(const struct sim_memory *m)
{
    bool is_swap_full = sim_memory_swapped_kib(m) >= m->swap_kib;

    return m->cache_kib == 0 && (is_swap_full || m->hot_kib + m->cold_kib == 0);
}
