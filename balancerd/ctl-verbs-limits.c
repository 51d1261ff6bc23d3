/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs that set limits: vm-memory-...-set, and vm-param-set. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include <json-c/json.h>

#include "book.h"
#include "ctl-record.h"
#include "ctl-set.h"
#include "ctl-verb-list.h"
#include "ctl-vm.h"
#include "proto/params.h"

static int
fill_limits(struct verb_call *call, const struct set_wish *wish,
            const struct set_subject *vm, struct settings *wanted)
{
    struct range *limits = &wanted->limits;
    uint64_t *const chain[SET_LIMITS] = {
        &limits->static_min_kib,
        &limits->dynamic_min_kib,
        &limits->dynamic_max_kib,
        &limits->static_max_kib,
    };
    int r = 0;
    size_t i;

    (void)vm;
    for (i = 0; i < SET_LIMITS && r == 0; i++)
        if (wish->keys[i])
            r = verb_size(call, wish->keys[i], chain[i]);
    return r;
}

int
verb_vm_memory_dynamic_range_set(struct verb_call *call)
{
    static const struct set_wish wish = {
        SETTINGS_LIMITS, fill_limits, { NULL, PARAM_MIN, PARAM_MAX, NULL }
    };

    return set_selected(call, &wish);
}

int
verb_vm_memory_static_range_set(struct verb_call *call)
{
    static const struct set_wish wish = {
        SETTINGS_LIMITS, fill_limits, { PARAM_MIN, NULL, NULL, PARAM_MAX }
    };

    return set_selected(call, &wish);
}

int
verb_vm_memory_limits_set(struct verb_call *call)
{
    static const struct set_wish wish = {
        SETTINGS_LIMITS,
        fill_limits,
        { PARAM_STATIC_MIN, PARAM_DYNAMIC_MIN, PARAM_DYNAMIC_MAX,
          PARAM_STATIC_MAX },
    };

    return set_selected(call, &wish);
}

/* As in xe the static-min stays. */
int
verb_vm_memory_set(struct verb_call *call)
{
    static const struct set_wish wish = {
        SETTINGS_LIMITS,
        fill_limits,
        { NULL, PARAM_MEMORY, PARAM_MEMORY, PARAM_MEMORY },
    };

    return set_selected(call, &wish);
}

int
verb_vm_memory_target_set(struct verb_call *call)
{
    static const struct set_wish wish = {
        SETTINGS_LIMITS, fill_limits, { NULL, PARAM_TARGET, PARAM_TARGET, NULL }
    };

    return set_selected(call, &wish);
}

static const struct set_wish param_wish = {
    SETTINGS_LIMITS,
    fill_limits,
    { PARAM_MEMORY "-" PARAM_STATIC_MIN, PARAM_MEMORY "-" PARAM_DYNAMIC_MIN,
      PARAM_MEMORY "-" PARAM_DYNAMIC_MAX, PARAM_MEMORY "-" PARAM_STATIC_MAX },
};

static int
check_writable(struct verb_call *call)
{
    size_t i;

    json_object_object_foreach(call->params, name, value) {
        bool is_writable = strcmp(name, PARAM_UUID) == 0;

        (void)value;
        for (i = 0; i < SET_LIMITS; i++)
            is_writable |= strcmp(name, param_wish.keys[i]) == 0;
        if (!is_writable)
            return record_refuse_field(call, name);
    }
    return 0;
}

int
verb_vm_param_set(struct verb_call *call)
{
    cleanup_json struct json_object *records = json_object_new_array();
    struct json_object *record = NULL;
    int r = vm_select_uuid(call, &record);

    if (r < 0)
        return r;
    json_object_array_add(records, record);
    r = check_writable(call);
    return r < 0 ? r : set_records(call, &param_wish, records);
}
