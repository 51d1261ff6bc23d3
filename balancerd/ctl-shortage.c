/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The refusal of memory that cannot be had, with who could give how much. */
#include <config.h>

#include <errno.h>

#include <json-c/json.h>

#include "ctl-shortage.h"
#include "ctl-verbs.h"
#include "proto/fields-peer.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "squeeze.h"

#define NOT_ENOUGH_TEXT \
 "Not enough server memory is available to perform this operation."
#define NOT_FREE_TEXT \
 "Not enough server memory is free now, and wait=0 forbids to free more."

struct json_object *
contribution_record(const struct contribution *c)
{
    struct json_object *record = json_object_new_object();

    json_set_number(record, FIELD_DOMID, c->domid);
    json_set_text(record, FIELD_NAME, c->name);
    json_set_number(record, FIELD_HELD, c->held_kib);
    json_set_number(record, FIELD_GIVE, c->give_kib);
    json_set_number(record, FIELD_FLOOR, c->floor_kib);
    json_set_text(record, FIELD_LIMIT, c->limit);
    return record;
}

int
verb_refuse_shortage(struct verb_call *call, const struct feasibility *why)
{
    struct json_object *list = json_object_new_array();
    size_t i;

    verb_fail(call, REQUEST_NOT_ENOUGH_MEMORY, "%s",
              why->is_feasible ? NOT_FREE_TEXT : NOT_ENOUGH_TEXT);
    verb_detail(call, FIELD_NEEDED, why->needed_kib);
    verb_detail(call, FIELD_AVAILABLE, why->available_kib);
    verb_detail(call, FIELD_SPARE, why->spare_kib);
    if (why->lent_kib > 0)
        verb_detail(call, FIELD_LENT, why->lent_kib);
    for (i = 0; i < why->n; i++)
        json_object_array_add(list, contribution_record(&why->items[i]));
    json_set(call->error.data, FIELD_CONTRIBUTIONS, list);
    return -EINVAL;
}
