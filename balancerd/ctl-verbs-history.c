/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* host-memory-history: the host's account over time. */
#include <config.h>

#include <json-c/json.h>

#include "ctl-verb-list.h"
#include "history.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "tick.h"
#include "util/clock.h"
#include "util/units.h"

/* An hour in minutes fits a screen. */
#define DEFAULT_SINCE_MS    (3600 * MS_PER_S)
#define DEFAULT_INTERVAL_MS (60 * MS_PER_S)
#define INTERVAL_MAX_MS     (24 * 3600 * MS_PER_S)

static void
add_row(void *arg, const struct history_sample *row,
        const struct history_group *group)
{
    struct json_object *record = json_object_new_object();
    char time[CLOCK_TEXT_SIZE];

    (void)group;
    json_set_text(record, FIELD_TIME, clock_text(time, row->wall_ms));
    json_set_number(record, FIELD_TOTAL, row->total_kib);
    json_set_number(record, FIELD_FREE, row->free_kib);
    json_set_number(record, FIELD_RESERVED, row->reserved_kib);
    json_set_number(record, FIELD_DOM0, row->dom0_kib);
    json_set_number(record, FIELD_DOMAINS_KIB, row->domains_kib);
    json_set_number(record, FIELD_TARGETS, row->targets_kib);
    json_set_number(record, FIELD_DOMAINS, row->n_domains);
    json_set_bool(record, FIELD_IS_SQUEEZING, row->is_squeezing);
    json_object_array_add(arg, record);
}

int
verb_host_memory_history(struct verb_call *call)
{
    const struct balancer *b = call->b;
    uint64_t since_ms = DEFAULT_SINCE_MS, interval_ms = DEFAULT_INTERVAL_MS;
    struct json_object *list;
    int r = verb_time(call, PARAM_SINCE, &since_ms);

    if (r == 0)
        r = verb_time(call, PARAM_INTERVAL, &interval_ms);
    if (r < 0)
        return r;
    if (interval_ms < HISTORY_STEP_MS || interval_ms > INTERVAL_MAX_MS)
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "The " PARAM_INTERVAL " is 1 s to 24 h, not %s",
                         verb_param(call, PARAM_INTERVAL));
    call->result = json_object_new_object();
    list = json_set(call->result, FIELD_HISTORY, json_object_new_array());
    history_rows(b->history, sat_sub(b->host->ops->now_ms(b->host), since_ms),
                 interval_ms, add_row, list);
    return 0;
}
