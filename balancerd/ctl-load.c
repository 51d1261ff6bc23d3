/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells what the guest told, and how long ago. */
#include <config.h>

#include <json-c/json.h>

#include "ctl-load.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "util/units.h"

static void
set_known(struct json_object *map, const char *field, uint64_t value)
{
    if (value != SAMPLE_UNKNOWN)
        json_set_number(map, field, value);
}

static uint64_t
swap_used_kib(const struct sample *s)
{
    if (s->swap_total_kib == SAMPLE_UNKNOWN ||
        s->swap_free_kib == SAMPLE_UNKNOWN)
        return SAMPLE_UNKNOWN;
    return sat_sub(s->swap_total_kib, s->swap_free_kib);
}

struct json_object *
load_map(const struct guest *g, uint64_t now_ms)
{
    const struct guest_load *l = &g->load;
    struct json_object *map = json_object_new_object();

    set_known(map, FIELD_GUEST_FREE, g->facts.available_kib);
    if (l->last.sequence == 0)
        return map;
    set_known(map, FIELD_GUEST_TOTAL, l->last.total_kib);
    set_known(map, FIELD_GUEST_SWAP_USED, swap_used_kib(&l->last));
    json_set_number(map, FIELD_GUEST_AGE, sat_sub(now_ms, l->taken_ms));
    return map;
}

static const char *
agent_word(const struct guest_load *l, uint64_t now_ms)
{
    if (l->last.sequence == 0)
        return "no";
    return guest_load_is_fresh(l, now_ms) ? "yes" : "stale";
}

void
load_explain(struct json_object *record, const struct guest *g, uint64_t now_ms)
{
    const struct guest_load *l = &g->load;

    json_set_text(record, FIELD_AGENT, agent_word(l, now_ms));
    json_set_number(record, FIELD_SWAP_IN, l->swap_in_kib_per_s);
    json_set_number(record, FIELD_SWAP_OUT, l->swap_out_kib_per_s);
    json_set_bool(record, FIELD_SWAP_SEEN, l->seen.is_seen);
    if (l->seen_span_ms > 0) {
        json_set_number(record, FIELD_SEEN_IN, l->seen_in_kib_per_s);
        json_set_number(record, FIELD_SEEN_OUT, l->seen_out_kib_per_s);
        json_set_number(record, FIELD_SEEN_WAIT, l->seen_wait_permyriad);
    }
    json_set_number(record, FIELD_STALL_SOME, l->stall_some_permyriad);
    json_set_number(record, FIELD_STALL_FULL, l->stall_full_permyriad);
}
