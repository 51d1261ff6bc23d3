/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each verb's result looks like, for people and for scripts. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <stdio.h>

struct json_object;

typedef void show_fn(struct json_object *result, FILE *out);

struct show {
    const char *verb;
    show_fn *text;
    show_fn *minimal;
};

/* How a verb's result is shown; one that is silent has functions, too. */
const struct show *show_find(const char *verb);

/* A refusal: a sentence, its numbers, and who could give how much. */
void show_error(struct json_object *error, FILE *out);

/* Objects as xe's records; only the first field of each, with commas. */
void show_record_list(struct json_object *list, FILE *out);
void show_first_fields(struct json_object *list, FILE *out);

show_fn show_nothing;
show_fn show_json;         /* for people, too */
show_fn show_host;         /* host-memory-show */
show_fn show_host_minimal; /* free memory in bytes */
show_fn show_list;         /* xe's records */
show_fn show_list_minimal; /* the first field of each */
show_fn show_field;        /* one field's value */
show_fn show_field_minimal;
show_fn show_reservation_id;
show_fn show_freed;
show_fn show_explanation;
show_fn show_explanation_minimal; /* the target in bytes */
show_fn show_memory_plan;
show_fn show_memory_plan_minimal; /* domid, target, next: a line each */
show_fn show_what_if;
show_fn show_what_if_minimal; /* the time until it is there, in ms */
show_fn show_memory_history;
show_fn show_memory_history_minimal; /* a line of values with commas each */
show_fn show_events; /* a line each, or records if asked for fields */
show_fn show_events_minimal;
show_fn show_event;
show_fn show_event_minimal; /* its id */
show_fn show_engines;
show_fn show_engines_minimal; /* their names */
show_fn show_engine;
show_fn show_engine_minimal;
show_fn show_volume;
show_fn show_volume_minimal; /* its id */
show_fn show_need;           /* what it is made of */
show_fn show_need_minimal;   /* in bytes */
show_fn show_pool_minimal;   /* what could be lent, in bytes */
show_fn show_lease_minimal;  /* token, host, port */
show_fn show_start;
show_fn show_start_minimal; /* the domid */
show_fn show_config;
show_fn show_config_minimal; /* the file */
show_fn show_status;
show_fn show_status_minimal; /* the version */

#endif
