/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A built-in engine and the snapshot that it is shown. */
#ifndef TESTS_UNIT_ENGINE_WORLD_H
#define TESTS_UNIT_ENGINE_WORLD_H

#include <stdint.h>

#include "xbp.h"

#define ENGINE_GUESTS 8
#define GUEST_MIB     UINT64_C(1024)

struct engine_world {
    const struct xbp_policy *engine;
    void *ctx;
    struct xbp_snapshot s;
    struct xbp_guest guests[ENGINE_GUESTS];
    const struct xbp_guest *pointers[ENGINE_GUESTS];
    uint64_t wishes[ENGINE_GUESTS]; /* of the last plan */
};

/* That of a test; engine_open makes it anew. */
extern struct engine_world engine_world;

void engine_open(const char *name);
void engine_close(void);
/* The engine must take it. */
void engine_option(const char *key, const char *value);

/* A guest that is on its target, says nothing, and may have min to max; domid
 * and uuid follow from its place.  What it has is added to the budget. */
struct xbp_guest *
engine_guest(uint64_t min_kib, uint64_t target_kib, uint64_t max_kib);
struct xbp_guest *engine_reservation(uint64_t min_kib, uint64_t max_kib);
/* What its agent says. */
void engine_says(struct xbp_guest *g, uint64_t used_kib, uint64_t cache_kib,
                 uint64_t swapped_kib);
/* The targets may sum up to what they are and this. */
void engine_room(int64_t room_kib);

/* A plan, after pass_ms; its sum must fit and its bounds hold. */
void engine_plan(uint64_t pass_ms);
/* All guests go where they were told to. */
void engine_follow(void);
/* What it says about guests[i] of the last plan. */
const char *engine_explanation(uint64_t i);

#endif
