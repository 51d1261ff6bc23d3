/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xe's way of saying which domains: vm=, uuid=, or the value of any field. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-halted.h"
#include "ctl-record.h"
#include "ctl-verbs.h"
#include "ctl-vm.h"
#include "proto/params.h"
#include "proto/synopsis.h"
#include "tick.h"
#include "util/cleanup.h"
#include "util/parse.h"

/* vm=: a name, a uuid, or a domid as xl has it. */
static bool
is_called(const struct vm_names *names, const char *text)
{
    char uuid[PARSE_UUID_SIZE];
    uint64_t domid;

    if (strcmp(names->name, text) == 0)
        return true;
    if (parse_uuid(text, uuid) == 0)
        return strcmp(names->uuid, uuid) == 0;
    return parse_u64(text, 0, VM_NO_DOMID - 1, &domid) == 0 &&
           domid == names->domid;
}

int
vm_is_selected(struct verb_call *call, const struct vm_names *names,
               struct json_object *record, bool *ret)
{
    const struct synopsis_key *key = call->synopsis->keys;
    int r = 0;

    *ret = true;
    for (; key->name && *ret && r == 0; key++) {
        const char *text = verb_param(call, key->name);

        if (!text || !key->is_selector)
            continue;
        if (strcmp(key->name, PARAM_VM) == 0)
            *ret = is_called(names, text);
        else if (!record_member(record, key->name))
            *ret = false;
        else
            r = record_matches(call, record, key->name, text, ret);
    }
    return r;
}

/* Takes the record. */
static int
take_if_selected(struct verb_call *call, const struct vm_names *names,
                 struct json_object *record, struct vm_list *list)
{
    bool is_chosen;
    int r = vm_is_selected(call, names, record, &is_chosen);

    if (r < 0 || !is_chosen) {
        json_object_put(record);
        return r;
    }
    json_object_array_add(list->records, record);
    list->domids[list->n++] = names->domid;
    return 0;
}

/* A record for each of a thousand domains is made only if need be. */
static int
select_guest(struct verb_call *call, const struct guest *g,
             struct vm_list *list)
{
    struct vm_names names = { g->facts.name, g->facts.uuid, g->facts.domid };
    const char *vm = verb_param(call, PARAM_VM);

    if (vm && !is_called(&names, vm))
        return 0;
    return take_if_selected(call, &names, vm_record(call->b, g), list);
}

static int
select_halted(struct verb_call *call, const struct settings *s,
              struct vm_list *list)
{
    struct vm_names names = { s->name, s->uuid, VM_NO_DOMID };
    const char *vm = verb_param(call, PARAM_VM);

    if (vm && !is_called(&names, vm))
        return 0;
    return take_if_selected(call, &names, halted_record(s), list);
}

static int
select_all(struct verb_call *call, const bool *is_halted, struct vm_list *list)
{
    const struct guest_table *table = &call->b->guests;
    const struct settings_table *settings = &call->b->settings;
    int r = 0;
    size_t i;

    for (i = 0; i < table->n && r == 0; i++)
        r = select_guest(call, &table->guests[i], list);
    for (i = 0; i < settings->n && r == 0; i++)
        if (is_halted[i])
            r = select_halted(call, &settings->list[i], list);
    return r;
}

int
vm_select(struct verb_call *call, struct vm_list *ret)
{
    cleanup_free bool *is_halted = NULL;
    int r = verb_observe(call);
    size_t most;

    if (r < 0)
        return r;
    most = call->b->guests.n + call->b->settings.n;
    is_halted = halted_find(call->b);
    ret->n = 0;
    ret->domids = calloc(most + 1, sizeof(ret->domids[0]));
    ret->records = json_object_new_array();
    if (!is_halted || !ret->domids || !ret->records)
        r = verb_fail(call, REQUEST_INTERNAL, "Out of memory");
    else
        r = select_all(call, is_halted, ret);
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
    const struct synopsis_key *key = call->synopsis->keys;

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
vm_select_to_set(struct verb_call *call, struct vm_list *ret)
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

/* xe's word for what does not run. */
static int
check_running(struct verb_call *call, const struct vm_list *list)
{
    size_t i;

    for (i = 0; i < list->n; i++)
        if (list->domids[i] == VM_NO_DOMID)
            return vm_refuse_power_state(
                call, json_object_array_get_idx(list->records, i), VM_RUNNING);
    return 0;
}

int
vm_select_to_change(struct verb_call *call, struct vm_list *ret)
{
    int r = vm_select_to_set(call, ret);

    if (r == 0)
        r = check_running(call, ret);
    if (r < 0)
        vm_list_done(ret);
    return r;
}

int
vm_select_one(struct verb_call *call, uint32_t *ret_domid)
{
    struct vm_list list = { 0 };
    int r = select_some(call, &list);

    if (r < 0)
        return r;
    if (list.n == 1) {
        r = check_running(call, &list);
        if (r == 0)
            *ret_domid = list.domids[0];
    } else {
        r = verb_fail(call, REQUEST_MULTIPLE,
                      "Multiple matches VMs found. Operation can only be "
                      "performed on one VM at a time");
    }
    vm_list_done(&list);
    return r;
}
