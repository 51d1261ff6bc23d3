/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * No balancing: each guest has the target that it began with.  Only where the
 * host needs memory does each give a part of what it has above its lower
 * bound, the same part for all, and has it back afterwards.
 */
#include <config.h>

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/units.h"
#include "xbp-level.h"
#include "xbp-memory.h"

struct static_engine {
    struct xbp_memory *memory;
};

struct entry {
    bool is_known;
    uint64_t boot_ms;
    uint64_t first_kib; /* the target that it was first seen with */
    uint64_t wish_kib;
};

static void
static_destroy(void *ctx)
{
    struct static_engine *e = ctx;

    xbp_memory_free(e->memory);
    free(e);
}

static void *
static_create(void)
{
    struct static_engine *e = calloc(1, sizeof(*e));

    if (!e)
        return NULL;
    e->memory = xbp_memory_new(sizeof(struct entry));
    if (!e->memory) {
        static_destroy(e);
        return NULL;
    }
    return e;
}

static int
static_plan(void *ctx, const struct xbp_snapshot *s, uint64_t *target_kib)
{
    struct static_engine *e = ctx;

    if (xbp_memory_begin(e->memory, s) < 0)
        return -1;
    for (uint64_t i = 0; i < s->n_guests; i++) {
        uint64_t boot_ms = xbp_memory_boot_ms(e->memory, i);
        struct entry *entry = xbp_memory_of(e->memory, i);

        /* A guest that was started again begins anew. */
        if (!entry->is_known || entry->boot_ms != boot_ms)
            entry->first_kib = s->guests[i]->target_kib;
        entry->is_known = true;
        entry->boot_ms = boot_ms;
        target_kib[i] = xbp_bound_kib(s->guests[i], entry->first_kib);
    }
    xbp_give_reservations(s, target_kib);
    xbp_cut(s, xbp_keep_target, NULL, target_kib);
    xbp_fit(s, xbp_keep_nothing, NULL, target_kib);
    for (uint64_t i = 0; i < s->n_guests; i++) {
        struct entry *entry = xbp_memory_of(e->memory, i);

        entry->wish_kib = target_kib[i];
    }
    return 0;
}

static void
static_explain(void *ctx, uint64_t i, char *text, size_t text_size)
{
    const struct static_engine *e = ctx;
    const struct entry *entry = xbp_memory_of(e->memory, i);

    if (!entry)
        return;
    snprintf(text, text_size, "the %" PRIu64 " MiB that it began with%s",
             entry->first_kib / KIB_PER_MIB,
             entry->wish_kib < entry->first_kib
                 ? ", less its part of what the host needs"
             : entry->wish_kib > entry->first_kib ? ", or its lower bound"
                                                  : "");
}

static struct xbp_policy static_policy = {
    .name = "static",
    .version = PACKAGE_VERSION,
    .description = "every guest as it began, squeezed only where it must be",
    .create = static_create,
    .destroy = static_destroy,
    .plan = static_plan,
    .explain = static_explain,
};

XBP_REGISTER_POLICY(static_policy)
