/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records of reservations, and refusals that come late. */
#include <config.h>

#include <stdio.h>

#include <json-c/json.h>

#include "account.h"
#include "ctl-reservation.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "tick.h"
#include "util/units.h"

struct json_object *
reservation_record(const struct reservation *r, uint64_t now_ms)
{
    struct json_object *record = json_object_new_object();
    uint64_t domid = r->domid == RESERVE_NO_DOMID ? HOST_UNSET : r->domid;
    uint64_t gives_up_ms = r->state == RESERVE_PENDING
                               ? sat_sub(r->give_up_ms, now_ms)
                               : HOST_UNSET;

    json_set_text(record, FIELD_ID, r->id);
    json_set_text(record, FIELD_STATE, reserve_state_name(r->state));
    json_set_number(record, FIELD_MEMORY, r->kib);
    json_set_number(record, FIELD_LEFT, r->open_kib);
    json_set_number(record, FIELD_OVERHEAD, r->overhead_kib);
    json_set_text(record, FIELD_OWNER, r->owner);
    json_set_number(record, FIELD_OWNER_PID, r->owner_pid);
    json_set_text(record, FIELD_KEY, r->key);
    json_set_text(record, FIELD_UUID, r->uuid);
    json_set_number(record, FIELD_DOMID, domid);
    json_set_bool(record, FIELD_IS_TRANSFERRED, r->is_transferred);
    json_set_bool(record, FIELD_IS_FOR_NEXT, r->is_for_next);
    json_set_number(record, FIELD_AGE, sat_sub(now_ms, r->asked_ms));
    json_set_number(record, FIELD_EXPIRES_IN, sat_sub(r->expires_ms, now_ms));
    json_set_number(record, FIELD_GIVES_UP_IN, gives_up_ms);
    return record;
}

struct json_object *
reservation_records(const struct balancer *b)
{
    struct json_object *list = json_object_new_array();
    uint64_t now_ms = b->host->ops->now_ms(b->host);
    size_t i;

    for (i = 0; i < b->reservations.n; i++)
        json_object_array_add(list, reservation_record(&b->reservations.list[i],
                                                       now_ms));
    return list;
}

void
reservation_refusal(const struct reservation *r, const char *why,
                    struct request_error *ret)
{
    struct json_object *details = json_object_new_object();

    json_set_number(details, FIELD_NEEDED, r->min_kib);
    ret->code = REQUEST_NO_COOPERATION;
    snprintf(ret->message, sizeof(ret->message),
             "The memory could not be freed: %s.", why);
    ret->data = json_object_new_object();
    json_set(ret->data, FIELD_DETAILS, details);
}

void
reservation_withdrawal(const char *id, struct request_error *ret)
{
    ret->code = REQUEST_WITHDRAWN;
    snprintf(ret->message, sizeof(ret->message),
             "Reservation %s was released while it was waited for.", id);
    ret->data = NULL;
}
