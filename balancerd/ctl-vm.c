/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xe's way of saying which domains: vm=, uuid=, or the value of any field. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-record.h"
#include "ctl-verbs.h"
#include "ctl-vm.h"
#include "explain.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "proto/synopsis.h"
#include "tick.h"
#include "util/parse.h"

static const char *
power_state(const struct guest *g)
{
    if (g->facts.is_shutdown || g->facts.is_dying)
        return "halted";
    return g->facts.is_paused ? "paused" : "running";
}

static const char *
type_name(enum host_domain_type type)
{
    switch (type) {
    case HOST_DOMAIN_PV:
        return "pv";
    case HOST_DOMAIN_PVH:
        return "pvh";
    case HOST_DOMAIN_HVM:
        return "hvm";
    }
    return "";
}

/* The chain in force; without one what xenstore says. */
static void
set_limits(struct json_object *record, const struct guest *g)
{
    const struct host_domain *d = &g->facts;
    struct range in_store = { d->static_min_kib, d->dynamic_min_kib,
                              d->dynamic_max_kib, d->static_max_kib };
    const struct range *range = g->has_range ? &g->range : &in_store;

    json_set_number(record, FIELD_STATIC_MAX, range->static_max_kib);
    json_set_number(record, FIELD_DYNAMIC_MAX, range->dynamic_max_kib);
    json_set_number(record, FIELD_DYNAMIC_MIN, range->dynamic_min_kib);
    json_set_number(record, FIELD_STATIC_MIN, range->static_min_kib);
}

/* What the guest says of itself, if it does. */
static struct json_object *
guest_memory(const struct guest *g)
{
    struct json_object *map = json_object_new_object();

    if (g->facts.available_kib != HOST_UNSET)
        json_set_number(map, FIELD_GUEST_FREE, g->facts.available_kib);
    return map;
}

struct json_object *
vm_record(const struct balancer *b, const struct guest *g)
{
    struct json_object *record = json_object_new_object();
    char reason[EXPLAIN_SIZE];

    explain_reason(g, explain_wish(&b->plan, g->facts.domid), &b->tuning,
                   reason);
    json_set_text(record, FIELD_UUID, g->facts.uuid);
    json_set_text(record, FIELD_NAME, g->facts.name);
    json_set_text(record, FIELD_POWER_STATE, power_state(g));
    json_set_number(record, FIELD_DOMID, g->facts.domid);
    json_set_bool(record, FIELD_IS_CONTROL, g->facts.domid == 0);
    json_set_text(record, FIELD_TYPE, type_name(g->facts.type));
    json_set_number(record, FIELD_ACTUAL, g->facts.actual_kib);
    json_set_number(record, FIELD_TARGET, g->facts.target_kib);
    set_limits(record, g);
    json_set_number(record, FIELD_MAXMEM, g->facts.maxmem_kib);
    json_set(record, FIELD_GUEST_MEMORY, guest_memory(g));
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

/* vm=: a name, a uuid, or a domid as xl has it. */
static bool
is_called(const struct guest *g, const char *text)
{
    char uuid[PARSE_UUID_SIZE];
    uint64_t domid;

    if (strcmp(g->facts.name, text) == 0)
        return true;
    if (parse_uuid(text, uuid) == 0)
        return strcmp(g->facts.uuid, uuid) == 0;
    return parse_u64(text, 0, UINT32_MAX, &domid) == 0 &&
           domid == g->facts.domid;
}

int
vm_is_selected(struct verb_call *call, const struct guest *g,
               struct json_object *record, bool *ret)
{
    const struct synopsis_key *key = synopsis_find("vm-list")->keys;
    int r;

    *ret = true;
    for (; key->name; key++) {
        const char *text = verb_param(call, key->name);

        if (!text || !key->is_selector || !*ret)
            continue;
        if (strcmp(key->name, PARAM_VM) == 0) {
            *ret = is_called(g, text);
            continue;
        }
        if (!record_member(record, key->name)) {
            *ret = false;
            continue;
        }
        r = record_matches(call, record, key->name, text, ret);
        if (r < 0)
            return r;
    }
    return 0;
}

static int
select_guest(struct verb_call *call, const struct guest *g,
             struct vm_list *list)
{
    struct json_object *record;
    const char *vm = verb_param(call, PARAM_VM);
    bool is_chosen;
    int r;

    if (vm && !is_called(g, vm))
        return 0; /* spares a record for each of a thousand domains */
    record = vm_record(call->b, g);
    r = vm_is_selected(call, g, record, &is_chosen);
    if (r < 0 || !is_chosen) {
        json_object_put(record);
        return r;
    }
    json_object_array_add(list->records, record);
    list->domids[list->n++] = g->facts.domid;
    return 0;
}

int
vm_select(struct verb_call *call, struct vm_list *ret)
{
    const struct guest_table *table = &call->b->guests;
    int r = verb_observe(call);
    size_t i;

    if (r < 0)
        return r;
    ret->n = 0;
    ret->domids = calloc(table->n + 1, sizeof(ret->domids[0]));
    ret->records = json_object_new_array();
    if (!ret->domids || !ret->records)
        r = verb_fail(call, REQUEST_INTERNAL, "Out of memory");
    for (i = 0; i < table->n && r == 0; i++)
        r = select_guest(call, &table->guests[i], ret);
    if (r < 0)
        vm_list_done(ret);
    return r;
}

void
vm_list_done(struct vm_list *list)
{
    free(list->domids);
    json_object_put(list->records);
    memset(list, 0, sizeof(*list));
}

bool
vm_has_selector(const struct verb_call *call)
{
    const struct synopsis_key *key = synopsis_find("vm-list")->keys;

    for (; key->name; key++)
        if (key->is_selector && verb_param(call, key->name))
            return true;
    return false;
}

/* A verb that is about some domains has to be told which. */
static int
select_some(struct verb_call *call, struct vm_list *ret)
{
    int r;

    if (!vm_has_selector(call))
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "Required parameter not found: vm (or another of "
                         "<vm-selectors>)");
    r = vm_select(call, ret);
    if (r < 0 || ret->n > 0)
        return r;
    vm_list_done(ret);
    return verb_fail(call, REQUEST_NO_MATCH, "No matching VMs found");
}

int
vm_select_to_change(struct verb_call *call, struct vm_list *ret)
{
    bool is_multiple = false;
    int r = verb_bool(call, PARAM_MULTIPLE, &is_multiple);

    if (r == 0)
        r = select_some(call, ret);
    if (r < 0 || ret->n == 1 || is_multiple)
        return r;
    vm_list_done(ret);
    return verb_fail(call, REQUEST_MULTIPLE,
                     "Multiple matches VMs found. --multiple required to "
                     "complete the operation");
}

int
vm_select_one(struct verb_call *call, uint32_t *ret_domid)
{
    struct vm_list list = { 0 };
    int r = select_some(call, &list);

    if (r < 0)
        return r;
    if (list.n == 1)
        *ret_domid = list.domids[0];
    else
        r = verb_fail(call, REQUEST_MULTIPLE,
                      "Multiple matches VMs found. Operation can only be "
                      "performed on one VM at a time");
    vm_list_done(&list);
    return r;
}
