/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* event-list, event-wait: a line for each event. */
#include <config.h>

#include <inttypes.h>

#include <json-c/json.h>

#include "format.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "show.h"

void
show_event(struct json_object *event, FILE *out)
{
    uint64_t domid = json_get_number(event, FIELD_DOMID);
    char time[FORMAT_SIZE];

    fprintf(out, "%s %6" PRIu64 " %-23s ",
            format_time(time, json_text(event, FIELD_TIME), FORMAT_TO_MS),
            json_get_number(event, FIELD_ID), json_text(event, FIELD_KIND));
    if (domid != UINT64_MAX)
        fprintf(out, "%" PRIu64 " (%s): ", domid, json_text(event, FIELD_NAME));
    fprintf(out, "%s\n", json_text(event, FIELD_SENTENCE));
}

void
show_event_minimal(struct json_object *event, FILE *out)
{
    fprintf(out, "%" PRIu64 "\n", json_get_number(event, FIELD_ID));
}

void
show_events(struct json_object *result, FILE *out)
{
    struct json_object *list = json_get_array(result, FIELD_EVENTS);
    size_t i;

    if (json_get_text(result, FIELD_PARAMS)) {
        show_record_list(list, out);
        return;
    }
    for (i = 0; list && i < json_object_array_length(list); i++)
        show_event(json_object_array_get_idx(list, i), out);
}

void
show_events_minimal(struct json_object *result, FILE *out)
{
    show_first_fields(json_get_array(result, FIELD_EVENTS), out);
}
