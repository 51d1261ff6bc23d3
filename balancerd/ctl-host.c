/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xe's fields of a host, as far as they are about memory. */
#include <config.h>

#include <json-c/json.h>

#include "ctl-host.h"
#include "ctl-verbs.h"
#include "identity.h"
#include "proto/fields.h"
#include "squeeze.h"
#include "tick.h"
#include "util/units.h"

int
host_record(struct verb_call *call, struct json_object **ret_record)
{
    const struct balancer *b = call->b;
    const struct account *a = &b->snapshot.account;
    struct json_object *record;
    struct feasibility room;
    struct identity identity;

    if (squeeze_feasibility(&room, &b->snapshot, &b->guests, 0) < 0)
        return verb_fail(call, REQUEST_INTERNAL, "Out of memory");
    identity_read(&identity);
    record = json_object_new_object();
    json_set_text(record, FIELD_UUID, identity.uuid);
    json_set_text(record, FIELD_NAME, identity.name);
    json_set_number(record, FIELD_HOST_OVERHEAD,
                    sat_add(a->xen_kib, a->host_reserve_kib));
    json_set_number(record, FIELD_HOST_TOTAL, a->total_kib);
    json_set_number(record, FIELD_HOST_MEMORY_FREE, a->host_free_kib);
    json_set_number(record, FIELD_HOST_FREE_COMPUTED, room.available_kib);
    feasibility_done(&room);
    *ret_record = record;
    return 0;
}
