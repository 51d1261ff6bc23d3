/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rings of samples, and of events, as JSON. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "ctl-event.h"
#include "ctl-history.h"
#include "events.h"
#include "history.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "tick.h"
#include "util/clock.h"
#include "util/units.h"

static void
add_row(void *arg, const struct history_sample *row,
        const struct history_group *group)
{
    struct json_object *record = json_object_new_object();
    char time[CLOCK_TEXT_SIZE];

    (void)group;
    json_set_text(record, FIELD_TIME, clock_text(time, row->wall_ms));
    json_set_number(record, FIELD_WALL, row->wall_ms);
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

void
ctl_history_add_rows(const struct ctl_history *ask, struct json_object *result)
{
    struct json_object *list =
        json_set(result, FIELD_HISTORY, json_object_new_array());
    uint64_t interval_ms = history_rows(ask->b->history, ask->since_ms,
                                        ask->interval_ms, add_row, list);

    /* At rest nobody looks more often than that. */
    json_set_number(result, FIELD_STEP,
                    max_u64(interval_ms, ask->b->tuning.idle_tick_ms));
}

/* An array of numbers as text: as objects they would take eight times as much,
 * and the daemon would keep that. */
struct numbers {
    FILE *stream;
    char *text;
    size_t length;
    size_t n;
};

static void
numbers_open(struct numbers *a)
{
    *a = (struct numbers){ 0 };
    a->stream = open_memstream(&a->text, &a->length);
    if (a->stream)
        fputc('[', a->stream);
}

static void
numbers_add(struct numbers *a, uint64_t kib)
{
    const char *separator = a->n++ > 0 ? "," : "";

    if (!a->stream)
        return;
    if (kib == HOST_UNSET)
        fprintf(a->stream, "%snull", separator);
    else
        fprintf(a->stream, "%s%" PRIu64, separator, kib);
}

/* Nobody reads it before it is written; without memory it is empty. */
static struct json_object *
numbers_close(struct numbers *a)
{
    struct json_object *array = json_object_new_array();

    if (!a->stream)
        return array;
    fputc(']', a->stream);
    if (fclose(a->stream) == 0 && a->text)
        json_object_set_serializer(array, json_object_userdata_to_json_string,
                                   a->text, json_object_free_userdata);
    else
        free(a->text);
    return array;
}

/* One domain's values, row by row. */
struct series {
    const struct history *history;
    size_t domain;
    struct numbers targets;
    struct numbers actuals;
    bool was_there;
};

static void
add_means(void *arg, const struct history_sample *row,
          const struct history_group *group)
{
    struct series *s = arg;
    uint64_t target_kib, actual_kib;

    (void)row;
    history_means(s->history, s->domain, group, &target_kib, &actual_kib);
    numbers_add(&s->targets, target_kib);
    numbers_add(&s->actuals, actual_kib);
    s->was_there |= actual_kib != HOST_UNSET;
}

static void
add_domain(const struct ctl_history *ask, size_t i, struct json_object *list)
{
    const struct history_domain d = history_domain(ask->b->history, i);
    struct json_object *record = json_object_new_object();
    struct series s = {
        .history = ask->b->history,
        .domain = i,
    };

    json_set_text(record, FIELD_UUID, d.uuid);
    json_set_text(record, FIELD_NAME, d.name);
    json_set_number(record, FIELD_DOMID, d.domid);
    numbers_open(&s.targets);
    numbers_open(&s.actuals);
    history_rows(s.history, ask->since_ms, ask->interval_ms, add_means, &s);
    json_set(record, FIELD_TARGETS, numbers_close(&s.targets));
    json_set(record, FIELD_ACTUALS, numbers_close(&s.actuals));
    if (s.was_there)
        json_object_array_add(list, record);
    else
        json_object_put(record);
}

void
ctl_history_add_domains(const struct ctl_history *ask,
                        struct json_object *result)
{
    struct json_object *list =
        json_set(result, FIELD_VMS, json_object_new_array());

    for (size_t i = 0; i < history_n_domains(ask->b->history); i++)
        add_domain(ask, i, list);
}

void
ctl_history_add_events(const struct ctl_history *ask,
                       struct json_object *result)
{
    struct json_object *list =
        json_set(result, FIELD_EVENTS, json_object_new_array());
    const struct events *ev = ask->b->events;
    const struct events_entry *e = events_after(ev, 0);

    for (; e; e = events_next(ev, e)) {
        struct json_object *record;

        if (e->time_ms < ask->since_ms || e->kind == EVENTS_TARGET_CHANGED)
            continue;
        record = event_record(e);
        json_set_number(record, FIELD_WALL, e->wall_ms);
        json_object_array_add(list, record);
    }
}
