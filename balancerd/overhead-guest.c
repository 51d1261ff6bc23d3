/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From guests to the models of their overhead. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "guest.h"
#include "overhead-guest.h"
#include "util/units.h"

int
overhead_kind_parse(const char *text, enum overhead_kind *ret)
{
    static const char *const words[] = {
        [OVERHEAD_PV] = "pv",
        [OVERHEAD_PVH] = "pvh",
        [OVERHEAD_HVM] = "hvm",
        [OVERHEAD_PV_IN_PVH] = "pv-in-pvh",
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(text, words[i]) != 0)
            continue;
        *ret = (enum overhead_kind)i;
        return 0;
    }
    return -EINVAL;
}

enum host_domain_type
overhead_kind_type(enum overhead_kind kind)
{
    switch (kind) {
    case OVERHEAD_PV:
        return HOST_DOMAIN_PV;
    case OVERHEAD_HVM:
        return HOST_DOMAIN_HVM;
    case OVERHEAD_PVH:
    case OVERHEAD_PV_IN_PVH: /* nobody can tell it from outside */
        break;
    }
    return HOST_DOMAIN_PVH;
}

static enum overhead_kind
kind_of(enum host_domain_type type)
{
    switch (type) {
    case HOST_DOMAIN_PV:
        return OVERHEAD_PV;
    case HOST_DOMAIN_PVH:
        return OVERHEAD_PVH;
    case HOST_DOMAIN_HVM:
        break;
    }
    return OVERHEAD_HVM;
}

static uint64_t
known_or_zero(uint64_t kib)
{
    return kib == HOST_UNSET ? 0 : kib;
}

/* All that it may grow to; without a word on that, what it holds. */
static uint64_t
most_kib(const struct guest *g)
{
    if (g->facts.static_max_kib != HOST_UNSET)
        return g->facts.static_max_kib;
    return g->facts.actual_kib;
}

struct overhead_config
overhead_guest_config(const struct guest *g, const struct overhead_lessons *l)
{
    return (struct overhead_config){
        .kind = kind_of(g->facts.type),
        .has_hap = g->facts.has_hap,
        .vcpus = g->facts.vcpus,
        .multiplier_permille = OVERHEAD_MULTIPLIER_ONE,
        .static_max_kib = most_kib(g),
        .paging_kib = known_or_zero(g->paging_kib),
        .videoram_kib = known_or_zero(g->facts.videoram_kib),
        .lesson_kib = l ? overhead_lesson_kib(&l->of_type[g->facts.type]) : 0,
    };
}

uint64_t
overhead_guest_kib(const struct guest *g, const struct overhead_lessons *l)
{
    struct overhead_config config = overhead_guest_config(g, l);

    if (g->facts.domid == 0)
        return 0;
    return max_u64(overhead_kib(&config, config.static_max_kib),
                   known_or_zero(g->overhead_kib));
}

uint64_t
overhead_guest_known_kib(const struct guest *g)
{
    return max_u64(known_or_zero(g->overhead_kib),
                   known_or_zero(g->paging_kib));
}
