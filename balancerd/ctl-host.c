/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xe's fields of a host, as far as they are about memory. */
#include <config.h>

#include <json-c/json.h>

#include "ctl-host.h"
#include "identity.h"
#include "overhead-learn.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "squeeze.h"
#include "tick.h"

struct json_object *
host_record(const struct balancer *b)
{
    const struct account *a = &b->snapshot.account;
    struct json_object *record = json_object_new_object();
    struct identity identity;

    identity_read(&identity);
    json_set_text(record, FIELD_UUID, identity.uuid);
    json_set_text(record, FIELD_NAME, identity.name);
    json_set_number(record, FIELD_MEMORY_OVERHEAD, overhead_host_kib(b));
    json_set_number(record, FIELD_HOST_TOTAL, a->total_kib);
    json_set_number(record, FIELD_HOST_MEMORY_FREE, a->host_free_kib);
    json_set_number(record, FIELD_HOST_FREE_COMPUTED,
                    squeeze_available_kib(&b->snapshot));
    return record;
}
