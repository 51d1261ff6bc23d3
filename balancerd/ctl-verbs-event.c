/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs about events: what has happened, and what will. */
#include <config.h>

#include <json-c/json.h>

#include "ctl-event.h"
#include "ctl-record.h"
#include "ctl-verb-list.h"
#include "events.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "tick.h"
#include "util/parse.h"

static int
read_limit(struct verb_call *call, uint64_t *ret)
{
    const char *text = verb_param(call, PARAM_LIMIT);
    char error[PARSE_ERROR_SIZE];

    if (!text || parse_u64(text, 1, UINT32_MAX, ret) == 0)
        return 0;
    parse_u64_error(error, PARAM_LIMIT, text);
    return verb_fail(call, REQUEST_INVALID_PARAMS, "%s", error);
}

/* Only the last of them. */
static void
cut_list(struct json_object *list, size_t limit)
{
    size_t n = json_object_array_length(list);

    if (n > limit)
        json_object_array_del_idx(list, 0, n - limit);
}

static int
collect(struct verb_call *call, uint64_t id, struct json_object *list)
{
    const struct events_entry *e = NULL;
    int r;

    do {
        r = event_next_match(call, &id, &e);
        if (r == 0 && e)
            json_object_array_add(list, event_record(e));
    } while (r == 0 && e);
    return r;
}

int
verb_event_list(struct verb_call *call)
{
    const char *params = verb_param(call, PARAM_PARAMS);
    uint64_t id = 0, limit = EVENTS_MAX;
    struct json_object *list;
    int r = event_check_filter(call);

    if (r == 0)
        r = event_since(call, &id);
    if (r == 0)
        r = read_limit(call, &limit);
    if (r < 0)
        return r;
    call->result = json_object_new_object();
    list = json_set(call->result, FIELD_EVENTS, json_object_new_array());
    if (params)
        json_set_text(call->result, FIELD_PARAMS, params);
    r = collect(call, id, list);
    if (r < 0)
        return r;
    cut_list(list, limit);
    return records_cut(call, list, NULL);
}

static int
look_again(struct verb_call *call)
{
    const struct events_entry *e = NULL;
    int r = event_next_match(call, &call->wait.event_id, &e);

    if (r < 0)
        return r;
    if (e)
        call->result = event_record(e);
    else if (call->is_late)
        return verb_fail(call, REQUEST_TIMEOUT,
                         "No matching event came within the timeout of %s",
                         verb_param(call, PARAM_TIMEOUT));
    return 0;
}

int
verb_event_wait(struct verb_call *call)
{
    int r = event_check_filter(call);

    call->wait = (struct verb_wait){
        .again = look_again,
        .timeout_ms = UINT64_MAX,
        .event_id = events_last_id(call->b->events),
    };
    if (r == 0)
        r = event_since(call, &call->wait.event_id);
    if (r == 0)
        r = verb_time(call, PARAM_TIMEOUT, &call->wait.timeout_ms);
    return r < 0 ? r : look_again(call);
}
