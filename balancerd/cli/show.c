/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of shapes, and the shape of a refusal. */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include <json-c/json.h>

#include "format.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "proto/request-error.h"
#include "proto/request-json.h"
#include "show.h"
#include "table.h"
#include "util/units.h"

static const struct show shows[] = {
    { "host-memory-show", show_host, show_host_minimal },
    { "host-memory-free-up", show_freed, show_reservation_id },
    { "host-memory-history", show_memory_history, show_memory_history_minimal },
    { "host-memory-plan", show_memory_plan, show_memory_plan_minimal },
    { "host-list", show_list, show_list_minimal },
    { "host-param-list", show_list, show_list_minimal },
    { "host-param-get", show_field, show_field_minimal },
    { "host-compute-free-memory", show_field, show_field },
    { "host-compute-memory-overhead", show_field, show_field },
    { "vm-list", show_list, show_list_minimal },
    { "vm-param-list", show_list, show_list_minimal },
    { "vm-param-get", show_field, show_field_minimal },
    { "vm-memory-explain", show_explanation, show_explanation_minimal },
    { "vm-swap-attach", show_volume, show_volume_minimal },
    { "vm-swap-list", show_list, show_list_minimal },
    { "vm-compute-memory-overhead", show_field, show_field },
    { "vm-compute-maximum-memory", show_field, show_field },
    { "vm-compute-memory-need", show_need, show_need_minimal },
    { "what-if", show_what_if, show_what_if_minimal },
    { "memory-reserve", show_reservation_id, show_reservation_id },
    { "memory-reservation-list", show_list, show_list_minimal },
    { "event-list", show_events, show_events_minimal },
    { "event-wait", show_event, show_event_minimal },
    { "engine-list", show_engines, show_engines_minimal },
    { "engine-load", show_engine, show_engine_minimal },
    { "engine-param-set", show_engine, show_engine_minimal },
    { "pool-show", show_status, show_pool_minimal },
    { "lease-list", show_list, show_list_minimal },
    { "lease-create", show_status, show_lease_minimal },
    { "peer-list", show_list, show_list_minimal },
    { "vm-start", show_start, show_start_minimal },
    { "balancer-config-show", show_config, show_config_minimal },
    { "balancer-status", show_status, show_status_minimal },
};

static const struct show silent = { "", show_nothing, show_nothing };

const struct show *
show_find(const char *verb)
{
    size_t i;

    for (i = 0; i < sizeof(shows) / sizeof(shows[0]); i++)
        if (strcmp(shows[i].verb, verb) == 0)
            return &shows[i];
    return &silent;
}

#define JSON_FORMAT                                   \
 (JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | \
  JSON_C_TO_STRING_NOSLASHESCAPE)

void
show_json(struct json_object *result, FILE *out)
{
    fprintf(out, "%s\n", json_object_to_json_string_ext(result, JSON_FORMAT));
}

void
show_nothing(struct json_object *result, FILE *out)
{
    (void)result;
    (void)out;
}

static void
show_details(struct json_object *details, FILE *out)
{
    char name[FORMAT_SIZE];
    char text[FORMAT_SIZE];

    if (!details)
        return;
    json_object_object_foreach(details, member, value) {
        fprintf(out, "%s: %s\n", format_field_name(name, member),
                format_detail(text, member, value));
    }
}

void
show_need(struct json_object *result, FILE *out)
{
    show_details(result, out);
}

void
show_need_minimal(struct json_object *result, FILE *out)
{
    fprintf(out, "%" PRIu64 "\n",
            json_get_number(result, FIELD_NEED) * BYTES_PER_KIB);
}

static void
add_contribution(struct table *t, struct json_object *c)
{
    const char *name = json_get_text(c, FIELD_NAME);
    const char *limit = json_get_text(c, FIELD_LIMIT);
    char text[FORMAT_SIZE];

    snprintf(text, sizeof(text), "%u",
             (unsigned)json_get_number(c, FIELD_DOMID));
    table_add(t, text);
    table_add(t, name ? name : "");
    table_add(t, format_mib(text, json_get_number(c, FIELD_HELD)));
    table_add(t, format_mib(text, json_get_number(c, FIELD_GIVE)));
    table_add(t, limit ? limit : "");
}

/* Each domain, what it could give, and what stops it from giving more. */
static void
show_contributions(struct json_object *list, FILE *out)
{
    static const struct table_column columns[] = {
        { { "", "domid" }, true, 5, 10 },
        { { "", "name" }, false, 12, 24 },
        { { "holds", "MiB" }, true, 7, 20 },
        { { "can give", "MiB" }, true, 8, 20 },
        { { "", "what keeps it from giving more" }, false, 0, 60 },
    };
    struct table *t = table_new(columns, sizeof(columns) / sizeof(columns[0]));
    size_t i;

    if (!t)
        return;
    for (i = 0; i < json_object_array_length(list); i++)
        add_contribution(t, json_object_array_get_idx(list, i));
    fputc('\n', out);
    table_print(t, out);
    table_free(t);
}

/* As in xe: what is wrong with the words of a command, what its server has no
 * sentence for, and all else. */
static const char *
prefix(int64_t code)
{
    switch (code) {
    case REQUEST_INVALID_PARAMS:
    case REQUEST_NO_MATCH:
    case REQUEST_MULTIPLE:
        return "Error: ";
    case REQUEST_NO_PARAMETER:
    case REQUEST_TARGET_TIMEOUT:
        return "Error code: ";
    }
    return "";
}

void
show_error(struct json_object *error, FILE *out)
{
    const char *message = json_get_text(error, FIELD_MESSAGE);
    struct json_object *data = NULL;
    struct json_object *details = NULL;
    struct json_object *list;

    fprintf(out, "%s%s\n", prefix(json_get_delta(error, FIELD_CODE)),
            message ? message : "The daemon refused.");
    if (!json_object_object_get_ex(error, FIELD_DATA, &data))
        return;
    json_object_object_get_ex(data, FIELD_DETAILS, &details);
    show_details(details, out);
    list = json_get_array(data, FIELD_CONTRIBUTIONS);
    if (list && json_object_array_length(list) > 0)
        show_contributions(list, out);
}
