/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs about the host as a whole and about the daemon. */
#include <config.h>

#include <json-c/json.h>

#include "conf.h"
#include "ctl-host.h"
#include "ctl-reservation.h"
#include "ctl-verb-list.h"
#include "ctl-vm.h"
#include "engines.h"
#include "events.h"
#include "pace.h"
#include "policy.h"
#include "proto/fields.h"
#include "status-plan.h"
#include "tick.h"
#include "util/text.h"
#include "util/units.h"

static uint64_t
account_sum_kib(const struct account *a)
{
    uint64_t held_kib =
        sat_add(sat_add(a->xen_kib, a->dom0_kib), a->domains_kib);

    return sat_add(held_kib, sat_add(a->reserved_kib, a->free_kib));
}

struct json_object *
account_record(const struct account *a)
{
    struct json_object *record = json_object_new_object();

    json_set_number(record, FIELD_TOTAL, a->total_kib);
    json_set_number(record, FIELD_XEN, a->xen_kib);
    json_set_number(record, FIELD_DOM0, a->dom0_kib);
    json_set_number(record, FIELD_DOMAINS_KIB, a->domains_kib);
    json_set_number(record, FIELD_RESERVED, a->reserved_kib);
    json_set_number(record, FIELD_FREE, a->free_kib);
    json_set_number(record, FIELD_SUM, account_sum_kib(a));
    json_set_number(record, FIELD_HOST_FREE, a->host_free_kib);
    json_set_number(record, FIELD_HOST_RESERVE, a->host_reserve_kib);
    json_set_number(record, FIELD_PROMISED, a->reservations_kib);
    json_set_number(record, FIELD_COMMITTED, a->commitments_kib);
    return record;
}

int
verb_host_memory_show(struct verb_call *call)
{
    const struct balancer *b = call->b;
    struct json_object *list;
    int r = verb_observe(call);
    size_t i;

    if (r < 0)
        return r;
    call->result = json_object_new_object();
    json_set(call->result, FIELD_HOST, account_record(&b->snapshot.account));
    list = json_set(call->result, FIELD_VMS, json_object_new_array());
    for (i = 0; i < b->guests.n; i++)
        json_object_array_add(list, vm_record(b, &b->guests.guests[i]));
    json_set(call->result, FIELD_RESERVATIONS, reservation_records(b));
    return 0;
}

int
verb_host_memory_balance(struct verb_call *call)
{
    call->b->is_asked = true;
    call->has_changed = true;
    return 0;
}

static void
set_stats(struct json_object *record, const struct tick_stats *stats)
{
    json_set_number(record, FIELD_TICKS, stats->ticks);
    json_set_number(record, FIELD_FAILED_TICKS, stats->failed_ticks);
    json_set_number(record, FIELD_TARGET_WRITES, stats->target_writes);
    json_set_number(record, FIELD_GRANTS, stats->grants);
    json_set_number(record, FIELD_REFUSALS, stats->refusals);
    json_set_number(record, FIELD_ENGINE_FAILURES, stats->engine_failures);
    json_set_number(record, FIELD_GUARD_FAILURES, stats->guard_failures);
}

/* As of the last tick, in the words of the status in xenstore. */
static const char *
host_state(const struct balancer *b)
{
    if (b->is_host_lost)
        return "lost";
    return status_host_word(&b->snapshot, pace_is_awaited(b), b->is_at_rest);
}

static void
set_engines(struct json_object *record, const struct engines *t)
{
    char names[ENGINES_MAX * CONF_WORD_SIZE] = "";

    for (size_t i = 0; i < t->n; i++)
        text_append(names, sizeof(names), "%s%s", i > 0 ? "," : "",
                    t->list[i]->name);
    json_set_text(record, FIELD_ENGINE,
                  engines_code_name(t, engines_of(t, "")));
    json_set_text(record, FIELD_INSTANCES, names);
}

int
verb_balancer_status(struct verb_call *call)
{
    const struct balancer *b = call->b;
    uint64_t now_ms = b->host->ops->now_ms(b->host);
    struct json_object *record = json_object_new_object();

    json_set_text(record, FIELD_VERSION, PACKAGE_VERSION);
    json_set_text(record, FIELD_HOST, b->host->ops->name);
    json_set_text(record, FIELD_STATE, host_state(b));
    json_set_text(record, FIELD_CONFIG_FILE, b->conf ? b->conf->file : NULL);
    set_engines(record, b->engines);
    json_set_number(record, FIELD_UPTIME, sat_sub(now_ms, call->started_ms));
    json_set_number(record, FIELD_DOMAINS, b->guests.n);
    json_set_number(record, FIELD_RESERVATIONS, b->reservations.n);
    json_set_number(record, FIELD_LAST_EVENT, events_last_id(b->events));
    json_set_number(record, FIELD_CLIENTS, call->n_clients);
    json_set_number(record, FIELD_WAITING, call->n_waiting);
    json_set_bool(record, FIELD_AT_REST, b->is_at_rest);
    set_stats(record, &b->stats);
    call->result = record;
    return 0;
}
