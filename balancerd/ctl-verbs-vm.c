/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs about domains: vm-list, vm-memory-... */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-load.h"
#include "ctl-record.h"
#include "ctl-swap.h"
#include "ctl-verb-list.h"
#include "ctl-vm.h"
#include "engines.h"
#include "explain.h"
#include "guest-limits.h"
#include "policy.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "tick.h"
#include "util/units.h"

#define LIST_DEFAULTS                                             \
 "uuid,name-label,power-state,domid,memory-actual,memory-target," \
 "memory-static-max,memory-dynamic-max,memory-dynamic-min,"       \
 "memory-static-min"

int
verb_vm_list(struct verb_call *call)
{
    struct vm_list list = { 0 };
    int r = vm_select(call, &list);

    if (r == 0)
        r = records_cut(call, list.records, LIST_DEFAULTS);
    if (r == 0) {
        call->result = json_object_new_object();
        json_set(call->result, FIELD_VMS, json_object_get(list.records));
    }
    vm_list_done(&list);
    return r;
}

/* xe calls it reached within this, and gives up after that. */
#define TARGET_TOLERANCE_KIB KIB_PER_MIB
#define TARGET_TIMEOUT_MS    (256 * MS_PER_S)

/* A target that is about to be changed, or on its way to the range, is not the
 * one that is waited for. */
static bool
is_on_target(const struct balancer *b, const struct guest *g)
{
    uint64_t target_kib = g->facts.target_kib;

    if (target_kib == HOST_UNSET)
        return true;
    if (b->is_asked ||
        (g->has_range && (target_kib < g->range.dynamic_min_kib ||
                          target_kib > g->range.dynamic_max_kib)))
        return false;
    return distance_u64(guest_actual_kib(g), target_kib) <=
           TARGET_TOLERANCE_KIB;
}

static int
check_target(struct verb_call *call, uint32_t domid)
{
    const struct guest *g = guest_find(&call->b->guests, domid);

    if (is_on_target(call->b, g))
        return 0;
    verb_fail(call, REQUEST_TARGET_TIMEOUT, "VM_MEMORY_TARGET_WAIT_TIMEOUT");
    verb_detail(call, FIELD_DOMID, domid);
    verb_detail(call, FIELD_TARGET, g->facts.target_kib);
    verb_detail(call, FIELD_ACTUAL, guest_actual_kib(g));
    return -EINVAL;
}

/* The answer is there when all are. */
static int
look_again(struct verb_call *call)
{
    struct vm_list list = { 0 };
    int r = vm_select_to_change(call, &list);
    size_t i;

    for (i = 0; i < list.n && r == 0; i++)
        r = check_target(call, list.domids[i]);
    vm_list_done(&list);
    if (r == 0)
        call->result = json_object_new_object();
    if (call->error.code != REQUEST_TARGET_TIMEOUT || call->is_late)
        return r;
    request_error_done(&call->error);
    return 0;
}

int
verb_vm_memory_target_wait(struct verb_call *call)
{
    int r;

    call->wait = (struct verb_wait){
        .again = look_again,
        .timeout_ms = TARGET_TIMEOUT_MS,
    };
    r = verb_time(call, PARAM_TIMEOUT, &call->wait.timeout_ms);
    return r < 0 ? r : look_again(call);
}
