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

/* What the engine and the guard did last. */
static void
explain_plan(struct verb_call *call, const struct guest *g,
             struct json_object *record)
{
    const struct balancer *b = call->b;
    const struct engine *e = engines_of(b->engines, g->engine);
    const struct wish *wish = explain_wish(&b->plan, g->facts.domid);
    struct policy *policy = engines_policy(b->engines, e);
    char sentence[POLICY_ERROR_SIZE] = "";

    json_set_text(record, FIELD_ENGINE, engines_code_name(b->engines, e));
    json_set_text(record, FIELD_INSTANCE, e->name);
    if (!wish)
        return;
    if (policy) {
        policy_explain(policy, (size_t)(wish - b->plan.wishes), sentence,
                       sizeof(sentence));
        /* If that was its end the domains are to have another one soon. */
        call->has_changed |= policy_is_dead(policy);
    }
    json_set_number(record, FIELD_WISH, wish->target_kib);
    json_set_text(record, FIELD_RULE, plan_rule_text(wish->rule));
    json_set_text(record, FIELD_SENTENCE, sentence);
}

static void
explain_learned(const struct guest *g, uint64_t now_ms,
                struct json_object *record)
{
    if (g->learned_floor_kib > 0) {
        json_set_number(record, FIELD_LEARNED_FLOOR, g->learned_floor_kib);
        json_set_number(record, FIELD_LEARNED_FLOOR_FOR,
                        sat_sub(g->learned_floor_until_ms, now_ms));
    }
    if (g->regret.floor_kib > 0) {
        json_set_number(record, FIELD_REGRET_FLOOR, g->regret.floor_kib);
        json_set_number(record, FIELD_REGRET_FLOOR_FOR,
                        sat_sub(g->regret.until_ms, now_ms));
    }
    if (g->learned_ceiling_kib > 0) {
        json_set_number(record, FIELD_LEARNED_CEILING, g->learned_ceiling_kib);
        json_set_number(record, FIELD_LEARNED_CEILING_FOR,
                        sat_sub(g->learned_ceiling_until_ms, now_ms));
    }
}

static void
explain_overhead(const struct balancer *b, const struct guest *g,
                 struct json_object *record)
{
    struct overhead_config config = overhead_guest_config(g, &b->lessons);

    if (g->facts.domid == 0)
        return; /* part of the host */
    json_set_number(record, FIELD_PREDICTED,
                    overhead_predicted_kib(&config, config.static_max_kib));
    json_set_number(record, FIELD_LESSON, config.lesson_kib);
    json_set_number(record, FIELD_MEASURED, g->overhead_kib);
}

static void
explain_guest(struct verb_call *call, const struct guest *g,
              struct json_object *record)
{
    uint64_t now_ms = call->b->snapshot.xbp.now_ms;
    const struct tuning *tuning = &call->b->tuning;

    json_set_text(record, FIELD_RANGE_ERROR, g->range_error);
    json_set_bool(record, FIELD_HAS_RANGE, g->has_range);
    json_set_bool(record, FIELD_IS_MOVABLE, guest_is_movable(g, tuning));
    json_set_number(record, FIELD_SHARE, explain_share_permyriad(g));
    json_set_number(record, FIELD_WEIGHT, g->weight);
    if (g->has_range) {
        json_set_number(record, FIELD_LOWER, guest_lower_kib(g, tuning));
        json_set_number(record, FIELD_UPPER, guest_upper_kib(g));
    }
    json_set_delta(record, FIELD_OFFSET, g->offset_kib);
    json_set_bool(record, FIELD_IS_CALIBRATED, g->is_calibrated);
    json_set_number(record, FIELD_TARGET_SINCE,
                    sat_sub(now_ms, g->target_since_ms));
    json_set_number(record, FIELD_LAST_MOVE, sat_sub(now_ms, g->last_move_ms));
    explain_learned(g, now_ms, record);
    explain_overhead(call->b, g, record);
    load_explain(record, g, now_ms);
    swap_explain(call->b, g, record);
    explain_plan(call, g, record);
}

int
verb_vm_memory_explain(struct verb_call *call)
{
    const struct guest *g;
    uint32_t domid = 0;
    int r = vm_select_one(call, &domid);

    if (r < 0)
        return r;
    g = guest_find(&call->b->guests, domid);
    call->result = vm_record(call->b, g);
    explain_guest(call, g, call->result);
    return 0;
}
