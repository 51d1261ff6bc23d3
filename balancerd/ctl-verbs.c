/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of verbs, and what all of them need. */
#include <config.h>

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-verb-list.h"
#include "ctl-verbs.h"
#include "proto/params.h"
#include "proto/synopsis.h"
#include "tick.h"
#include "util/parse.h"
#include "util/text.h"

/* What of a client's wrong word is repeated to it. */
#define SHOWN_SIZE 80

static const struct verb verbs[] = {
    { "host-memory-show", verb_host_memory_show, true },
    { "host-memory-balance", verb_host_memory_balance, false },
    { "host-memory-free-up", verb_host_memory_free_up, false },
    { "host-memory-history", verb_host_memory_history, true },
    { "host-memory-plan", verb_host_memory_plan, true },
    { "host-list", verb_host_list, true },
    { "host-param-list", verb_host_param_list, true },
    { "host-param-get", verb_host_param_get, true },
    { "host-param-set", verb_host_param_set, false },
    { "host-compute-free-memory", verb_host_compute_free_memory, true },
    { "host-compute-memory-overhead", verb_host_compute_memory_overhead, true },
    { "vm-list", verb_vm_list, true },
    { "vm-param-list", verb_vm_param_list, true },
    { "vm-param-get", verb_vm_param_get, true },
    { "vm-param-set", verb_vm_param_set, false },
    { "vm-memory-dynamic-range-set", verb_vm_memory_dynamic_range_set, false },
    { "vm-memory-target-set", verb_vm_memory_target_set, false },
    { "vm-memory-static-range-set", verb_vm_memory_static_range_set, false },
    { "vm-memory-limits-set", verb_vm_memory_limits_set, false },
    { "vm-memory-set", verb_vm_memory_set, false },
    { "vm-memory-weight-set", verb_vm_memory_weight_set, false },
    { "vm-memory-pin", verb_vm_memory_pin, false },
    { "vm-memory-unpin", verb_vm_memory_unpin, false },
    { "vm-swap-policy-set", verb_vm_swap_policy_set, false },
    { "vm-swap-attach", verb_vm_swap_attach, false },
    { "vm-swap-detach", verb_vm_swap_detach, false },
    { "vm-swap-list", verb_vm_swap_list, true },
    { "vm-forget", verb_vm_forget, false },
    { "vm-memory-target-wait", verb_vm_memory_target_wait, true },
    { "vm-memory-explain", verb_vm_memory_explain, true },
    { "vm-memory-shadow-multiplier-set", verb_vm_memory_shadow_multiplier_set,
      false },
    { "vm-compute-memory-overhead", verb_vm_compute_memory_overhead, true },
    { "vm-compute-maximum-memory", verb_vm_compute_maximum_memory, true },
    { "vm-compute-memory-need", verb_vm_compute_memory_need, true },
    { "what-if", verb_what_if, true },
    { "memory-reserve", verb_memory_reserve, false },
    { "memory-reservation-list", verb_memory_reservation_list, true },
    { "memory-reservation-extend", verb_memory_reservation_extend, false },
    { "memory-reservation-transfer", verb_memory_reservation_transfer, false },
    { "memory-release", verb_memory_release, false },
    { "event-list", verb_event_list, true },
    { "event-wait", verb_event_wait, true },
    { "engine-list", verb_engine_list, true },
    { "engine-load", verb_engine_load, false },
    { "engine-unload", verb_engine_unload, false },
    { "engine-param-set", verb_engine_param_set, false },
    { "vm-engine-set", verb_vm_engine_set, false },
    { "pool-show", verb_pool_show, true },
    { "lease-list", verb_lease_list, true },
    { "lease-end", verb_lease_end, false },
    { "peer-list", verb_peer_list, true },
    { "peer-add", verb_peer_add, false },
    { "peer-remove", verb_peer_remove, false },
    { "lease-create", verb_lease_create, false },
    { "lease-return", verb_lease_return, false },
    { "balancer-status", verb_balancer_status, true },
    { "balancer-config-show", verb_balancer_config_show, true },
};

const struct verb *
verb_find(const char *name)
{
    const struct synopsis *s = synopsis_find(name);
    size_t i;

    for (i = 0; s && i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(verbs[i].name, s->verb) == 0)
            return &verbs[i];
    return NULL;
}

static bool
has_param(const void *arg, const char *key)
{
    return verb_param(arg, key) != NULL;
}

static int
check_keys(struct verb_call *call, const struct synopsis *s)
{
    char error[SYNOPSIS_ERROR_SIZE];

    json_object_object_foreach(call->params, name, value) {
        (void)value;
        if (synopsis_key(s, name))
            continue;
        synopsis_refuse_key(s, name, error);
        return verb_fail(call, REQUEST_INVALID_PARAMS, "%s", error);
    }
    if (!synopsis_is_complete(s, has_param, call, error))
        return verb_fail(call, REQUEST_INVALID_PARAMS, "%s", error);
    return 0;
}

int
verb_run(const struct verb *verb, struct verb_call *call)
{
    int r;

    call->synopsis = synopsis_find(verb->name);
    r = check_keys(call, call->synopsis);
    return r < 0 ? r : verb->run(call);
}

void
verb_call_done(struct verb_call *call)
{
    json_object_put(call->result);
    call->result = NULL;
    request_error_done(&call->error);
}

const char *
verb_param(const struct verb_call *call, const char *key)
{
    return json_get_text(call->params, key);
}

int
verb_size(struct verb_call *call, const char *key, uint64_t *ret_kib)
{
    const char *text = verb_param(call, key);
    char error[PARSE_ERROR_SIZE];

    if (!text || parse_size_kib(text, ret_kib) == 0)
        return 0;
    parse_size_error(error, key, text);
    return verb_fail(call, REQUEST_INVALID_PARAMS, "%s", error);
}

int
verb_time(struct verb_call *call, const char *key, uint64_t *ret_ms)
{
    const char *text = verb_param(call, key);
    char error[PARSE_ERROR_SIZE];

    if (!text || parse_duration_ms(text, ret_ms) == 0)
        return 0;
    parse_duration_error(error, key, text);
    return verb_fail(call, REQUEST_INVALID_PARAMS, "%s", error);
}

int
verb_domid(struct verb_call *call, const char *key, uint32_t *ret_domid)
{
    const char *text = verb_param(call, key);
    char error[PARSE_ERROR_SIZE];
    uint64_t domid = *ret_domid;

    if (text && parse_u64(text, 0, RESERVE_NO_DOMID - 1, &domid) < 0) {
        parse_u64_error(error, key, text);
        return verb_fail(call, REQUEST_INVALID_PARAMS, "%s", error);
    }
    *ret_domid = (uint32_t)domid;
    return 0;
}

int
verb_bool(struct verb_call *call, const char *key, bool *ret)
{
    const char *text = verb_param(call, key);
    char shown[SHOWN_SIZE];

    if (!text || parse_bool(text, ret) == 0)
        return 0;
    text_escape(shown, sizeof(shown), text);
    return verb_fail(call, REQUEST_INVALID_PARAMS,
                     "Failed to parse field '%s': expecting true or false, "
                     "got '%s'",
                     key, shown);
}

int
verb_fail(struct verb_call *call, enum request_code code, const char *format,
          ...)
{
    va_list args;

    call->error.code = code;
    va_start(args, format);
    vsnprintf(call->error.message, sizeof(call->error.message), format, args);
    va_end(args);
    /* The daemon's own messages go on after a colon. */
    call->error.message[0] =
        (char)toupper((unsigned char)call->error.message[0]);
    return -EINVAL;
}

static struct json_object *
details_of(struct verb_call *call)
{
    struct json_object *details;

    if (!call->error.data)
        call->error.data = json_object_new_object();
    if (!json_object_object_get_ex(call->error.data, FIELD_DETAILS, &details))
        details =
            json_set(call->error.data, FIELD_DETAILS, json_object_new_object());
    return details;
}

void
verb_detail(struct verb_call *call, const char *name, uint64_t value)
{
    json_set_number(details_of(call), name, value);
}

void
verb_detail_text(struct verb_call *call, const char *name, const char *text)
{
    json_set_text(details_of(call), name, text);
}

int
verb_observe(struct verb_call *call)
{
    int r = balancer_refresh(call->b);

    if (r == 0) {
        /* Nobody else will hear of it: a tick has to deal with it. */
        call->has_changed |= call->b->view.has_news;
        return 0;
    }
    return verb_fail(call, REQUEST_HOST_FAILED,
                     "The host's memory cannot be observed: %s", strerror(-r));
}
