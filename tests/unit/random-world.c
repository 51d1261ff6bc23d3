/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Throws dice until there is a world. */
#include <config.h>

#include <stdlib.h>

#include "random-world.h"
#include "util/parse.h"
#include "util/units.h"

static uint64_t random_state;

uint64_t
random_setting(const char *variable, uint64_t otherwise)
{
    uint64_t value;

    return parse_u64(getenv(variable), 0, UINT64_MAX, &value) == 0 ? value
                                                                   : otherwise;
}

void
random_begin(uint64_t seed)
{
    random_state = (seed + 1) * 0x9e3779b97f4a7c15u | 1;
}

/* xorshift64: the same everywhere. */
uint64_t
dice(uint64_t sides)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % sides;
}

bool
one_in(uint64_t sides)
{
    return dice(sides) == 0;
}

static uint64_t
dice_kib(uint64_t most_mib)
{
    return dice(most_mib * MIB / PAGE_KIB + 1) * PAGE_KIB;
}

static void
random_tuning(struct tuning *tuning)
{
    tuning->host_reserve_kib = one_in(3) ? 0 : dice_kib(200);
    tuning->has_oom_floor = one_in(2);
    tuning->manages_dom0 = one_in(2);
    tuning->dom0_floor_kib = dice_kib(600);
    tuning->dom0_lent_kib = dice_kib(100);
    tuning->dead_band_kib = one_in(3) ? 0 : dice_kib(4);
}

/* A chain that mostly holds, around a target that mostly is in it. */
static void
random_range(struct host_domain *d)
{
    d->static_min_kib = dice_kib(64);
    d->dynamic_min_kib = d->static_min_kib + dice_kib(512);
    d->dynamic_max_kib = d->dynamic_min_kib + dice_kib(1024);
    d->static_max_kib = d->dynamic_max_kib + dice_kib(128);
    d->target_kib =
        d->dynamic_min_kib +
        dice((d->dynamic_max_kib - d->dynamic_min_kib) / PAGE_KIB + 1) *
            PAGE_KIB;
    if (one_in(16))
        d->target_kib = dice_kib(2048);
    if (one_in(24))
        d->dynamic_max_kib = HOST_UNSET;
    if (one_in(24))
        d->static_max_kib = HOST_UNSET;
    if (one_in(32))
        d->dynamic_min_kib = dice_kib(4096);
    if (one_in(48))
        d->target_kib = HOST_UNSET;
}

static void
random_character(struct host_domain *d)
{
    d->type = (enum host_domain_type)dice(3);
    d->balloon = one_in(6) ? (enum host_balloon)dice(3) : HOST_BALLOON_YES;
    d->is_paused = one_in(16);
    d->is_shutdown = one_in(32);
    d->is_dying = one_in(32);
    d->inaccuracy_kib = one_in(2) ? 0 : dice(5) * PAGE_KIB;
    d->available_kib = one_in(3) ? HOST_UNSET : dice_kib(512);
    if (one_in(16))
        d->available_kib = random_state;
}

static void
random_holding(struct host_domain *d)
{
    uint64_t target_kib =
        d->target_kib == HOST_UNSET ? dice_kib(512) : d->target_kib;

    d->actual_kib = one_in(3) ? dice_kib(1536) : target_kib;
    if (one_in(4))
        d->actual_kib += dice(65) * PAGE_KIB;
    d->maxmem_kib = max_u64(d->actual_kib, target_kib) + dice_kib(2);
    d->claimed_kib = one_in(24) ? dice_kib(256) : 0;
}

/* Time passes and domains move: towards their targets, away, not at all. */
static void
random_history(struct world *w)
{
    for (uint64_t looks = dice(6); looks > 0; looks--) {
        for (size_t i = 0; i < w->view.n_domains; i++) {
            struct host_domain *d = &w->domains[i];

            if (one_in(3) && d->target_kib != HOST_UNSET)
                d->actual_kib =
                    page_floor_kib((d->actual_kib + d->target_kib) / 2);
            if (d->maxmem_kib < d->actual_kib)
                d->maxmem_kib = d->actual_kib;
        }
        world_observe(w, one_in(3) ? dice(20000) : dice(1500));
    }
}

void
random_world(struct world *w)
{
    size_t n;

    world_init(w);
    random_tuning(&w->tuning);
    n = dice(WORLD_DOMAINS + 1);
    for (size_t i = 0; i < n; i++) {
        struct host_domain *d =
            world_add(w, (uint32_t)(2 * i + dice(2)), 0, PAGE_KIB, PAGE_KIB);

        random_range(d);
        random_character(d);
        random_holding(d);
    }
    w->view.memory.free_kib = one_in(4) ? dice_kib(64) : dice_kib(4096);
    w->view.memory.total_kib = UINT64_MAX / 2; /* what Xen has is its own */
    if (one_in(3))
        world_reserve(w, "11111111-1111-4111-8111-111111111111",
                      dice_kib(one_in(4) ? 4096 : 512) + PAGE_KIB);
    world_observe(w, 0);
    random_history(w);
}
