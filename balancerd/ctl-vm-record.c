/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains as records with the fields of xe, and of ours. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-halted.h"
#include "ctl-load.h"
#include "ctl-record.h"
#include "ctl-verbs.h"
#include "ctl-vm.h"
#include "explain.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "settings-text.h"
#include "tick.h"
#include "util/parse.h"

#define POWER_STATE_TEXT                                              \
 "You attempted an operation on a VM that was not in an appropriate " \
 "power state at the time; for example, you attempted to start a VM " \
 "that was already running. The parameters returned are the VM's "    \
 "handle, and the expected and actual VM state at the time of the "   \
 "call."

static const char *
power_state(const struct guest *g)
{
    if (g->facts.is_shutdown || g->facts.is_dying)
        return VM_HALTED;
    return g->facts.is_paused ? "paused" : VM_RUNNING;
}

struct range
vm_store_range(const struct guest *g)
{
    const struct host_domain *d = &g->facts;

    return (struct range){ d->static_min_kib, d->dynamic_min_kib,
                           d->dynamic_max_kib, d->static_max_kib };
}

void
vm_set_limits(struct json_object *record, const struct range *limits)
{
    json_set_number(record, FIELD_STATIC_MAX, limits->static_max_kib);
    json_set_number(record, FIELD_DYNAMIC_MAX, limits->dynamic_max_kib);
    json_set_number(record, FIELD_DYNAMIC_MIN, limits->dynamic_min_kib);
    json_set_number(record, FIELD_STATIC_MIN, limits->static_min_kib);
}

void
vm_set_settings(struct json_object *record, const struct settings *s)
{
    struct settings none;

    if (!s) {
        settings_init(&none, "");
        s = &none;
    }
    json_set_number(record, FIELD_WEIGHT,
                    s->weight > 0 ? s->weight : WEIGHT_NEUTRAL);
    json_set_number(record, FIELD_PIN, s->pin_kib);
    json_set_text(record, FIELD_SWAP_POLICY, settings_swap_name(s->swap));
    json_set_number(record, FIELD_SWAP_MAX, s->swap_max_kib);
}

struct json_object *
vm_record(const struct balancer *b, const struct guest *g)
{
    struct json_object *record = json_object_new_object();
    struct range in_store = vm_store_range(g);
    char reason[EXPLAIN_SIZE];

    explain_reason(g, explain_wish(&b->plan, g->facts.domid), &b->tuning,
                   reason);
    json_set_text(record, FIELD_UUID, g->facts.uuid);
    json_set_text(record, FIELD_NAME, g->facts.name);
    json_set_text(record, FIELD_POWER_STATE, power_state(g));
    json_set_number(record, FIELD_DOMID, g->facts.domid);
    json_set_bool(record, FIELD_IS_CONTROL, g->facts.domid == 0);
    json_set_text(record, FIELD_TYPE, host_domain_type_name(g->facts.type));
    json_set_number(record, FIELD_ACTUAL, g->facts.actual_kib);
    json_set_number(record, FIELD_TARGET, g->facts.target_kib);
    /* Those in force; without any what xenstore says. */
    vm_set_limits(record, g->has_range ? &g->range : &in_store);
    json_set_number(record, FIELD_MAXMEM, g->facts.maxmem_kib);
    json_set_number(record, FIELD_MEMORY_OVERHEAD,
                    overhead_guest_kib(g, &b->lessons));
    json_set_text(record, FIELD_THRASH, thrash_state_name(g->thrash.state));
    json_set(record, FIELD_GUEST_MEMORY, load_map(g, b->snapshot.xbp.now_ms));
    vm_set_settings(record, settings_find(&b->settings, g->facts.uuid));
    json_set_text(record, FIELD_STATE, guest_state_name(g->state));
    json_set_text(record, FIELD_REASON, reason);
    return record;
}

const struct guest *
vm_find_uuid(const struct guest_table *table, const char *text)
{
    const struct guest *found = NULL;
    char uuid[PARSE_UUID_SIZE];
    size_t i;

    if (parse_uuid(text, uuid) < 0)
        return NULL;
    for (i = 0; i < table->n; i++) {
        const struct guest *g = &table->guests[i];

        if (strcmp(g->facts.uuid, uuid) == 0 && (!found || !g->facts.is_dying))
            found = g;
    }
    return found;
}

/* One that runs, or one that does not but has settings; NULL: there is none. */
static struct json_object *
record_of(const struct balancer *b, const char *text)
{
    const struct guest *g = vm_find_uuid(&b->guests, text);
    const struct settings *s;
    char uuid[PARSE_UUID_SIZE];

    if (g)
        return vm_record(b, g);
    if (parse_uuid(text, uuid) < 0)
        return NULL;
    s = settings_find(&b->settings, uuid);
    return s ? halted_record(s) : NULL;
}

int
vm_select_uuid(struct verb_call *call, struct json_object **ret_record)
{
    struct json_object *record;
    int r = verb_observe(call);

    if (r < 0)
        return r;
    record = record_of(call->b, verb_param(call, PARAM_UUID));
    if (!record)
        return record_refuse_uuid(call, "VM");
    *ret_record = record;
    return 0;
}

int
vm_refuse_power_state(struct verb_call *call, struct json_object *record,
                      const char *expected)
{
    char vm[HOST_UUID_SIZE + HOST_NAME_SIZE * 4];

    snprintf(vm, sizeof(vm), "%s (%s)", json_get_text(record, FIELD_UUID),
             json_get_text(record, FIELD_NAME));
    verb_fail(call, REQUEST_POWER_STATE, "%s", POWER_STATE_TEXT);
    verb_detail_text(call, PARAM_VM, vm);
    verb_detail_text(call, "expected", expected);
    verb_detail_text(call, "actual", json_get_text(record, FIELD_POWER_STATE));
    return -EINVAL;
}
