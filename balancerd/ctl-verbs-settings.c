/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs that set a domain's weight, pin and swap policy, and forget it. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include <json-c/json.h>

#include "book.h"
#include "ctl-set.h"
#include "ctl-verb-list.h"
#include "ctl-vm.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "settings-text.h"
#include "util/parse.h"
#include "util/text.h"
#include "util/units.h"

/* What of a client's wrong word is repeated to it. */
#define SHOWN_SIZE 80

static int
fill_weight(struct verb_call *call, const struct set_wish *wish,
            const struct set_subject *vm, struct settings *wanted)
{
    const char *text = verb_param(call, PARAM_WEIGHT);
    char shown[SHOWN_SIZE];
    uint64_t weight;

    (void)wish;
    (void)vm;
    if (parse_u64(text, 1, WEIGHT_MAX, &weight) < 0)
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "Failed to parse field '" PARAM_WEIGHT
                         "': expecting an integer from 1 to %u, got '%s'",
                         WEIGHT_MAX, text_escape(shown, sizeof(shown), text));
    wanted->weight = (uint32_t)weight;
    return 0;
}

int
verb_vm_memory_weight_set(struct verb_call *call)
{
    static const struct set_wish wish = { SETTINGS_WEIGHT,
                                          fill_weight,
                                          { NULL } };

    return set_selected(call, &wish);
}

/* A target outside of the domain's range would not be kept. */
static int
check_pin(struct verb_call *call, const struct set_subject *vm,
          uint64_t pin_kib)
{
    struct range none = { 0, HOST_UNSET, HOST_UNSET, HOST_UNSET };
    struct range range = vm->kept ? vm->kept->limits : none;
    uint64_t min_kib, max_kib;

    if (vm->g)
        range = vm->g->has_range ? vm->g->range : vm_store_range(vm->g);
    min_kib = range.dynamic_min_kib == HOST_UNSET ? 0 : range.dynamic_min_kib;
    max_kib = min_u64(range.dynamic_max_kib, range.static_max_kib);
    if (pin_kib >= min_kib && pin_kib <= max_kib)
        return 0;
    verb_fail(call, REQUEST_INVALID_PARAMS,
              "The pin lies outside of the domain's dynamic range");
    set_detail(call, vm);
    verb_detail(call, FIELD_PIN, pin_kib);
    verb_detail(call, "dynamic_min_kib", min_kib);
    verb_detail(call, "dynamic_max_kib", max_kib);
    return -EINVAL;
}

/* Where it is, if nobody says where. */
static int
fill_pin(struct verb_call *call, const struct set_wish *wish,
         const struct set_subject *vm, struct settings *wanted)
{
    int r;

    (void)wish;
    wanted->pin_kib = vm->g ? vm->g->facts.target_kib : HOST_UNSET;
    r = verb_size(call, PARAM_MEMORY, &wanted->pin_kib);
    if (r < 0)
        return r;
    if (wanted->pin_kib == HOST_UNSET)
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "Required parameter not found: " PARAM_MEMORY
                         " (the domain has no target)");
    return check_pin(call, vm, wanted->pin_kib);
}

int
verb_vm_memory_pin(struct verb_call *call)
{
    static const struct set_wish wish = { SETTINGS_PIN, fill_pin, { NULL } };

    return set_selected(call, &wish);
}

static int
fill_nothing(struct verb_call *call, const struct set_wish *wish,
             const struct set_subject *vm, struct settings *wanted)
{
    (void)call;
    (void)wish;
    (void)vm;
    (void)wanted;
    return 0;
}

int
verb_vm_memory_unpin(struct verb_call *call)
{
    static const struct set_wish wish = { SETTINGS_PIN,
                                          fill_nothing,
                                          { NULL } };

    return set_selected(call, &wish);
}

static int
fill_swap(struct verb_call *call, const struct set_wish *wish,
          const struct set_subject *vm, struct settings *wanted)
{
    const char *text = verb_param(call, PARAM_POLICY);
    char shown[SHOWN_SIZE];

    (void)wish;
    if (settings_swap_parse(text, &wanted->swap) < 0)
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "Failed to parse field '" PARAM_POLICY
                         "': expecting auto, manual or never, got '%s'",
                         text_escape(shown, sizeof(shown), text));
    if (vm->kept)
        wanted->swap_max_kib = vm->kept->swap_max_kib;
    return verb_size(call, PARAM_MAX_SIZE, &wanted->swap_max_kib);
}

int
verb_vm_swap_policy_set(struct verb_call *call)
{
    static const struct set_wish wish = { SETTINGS_SWAP, fill_swap, { NULL } };

    return set_selected(call, &wish);
}

/* What runs would lose what it runs by. */
static int
check_halted(struct verb_call *call, const struct set_wish *wish,
             const struct set_subject *vm)
{
    (void)wish;
    return set_is_halted(vm)
               ? 0
               : vm_refuse_power_state(call, vm->record, VM_HALTED);
}

static int
forget(struct verb_call *call, const struct set_wish *wish,
       const struct set_subject *vm)
{
    char error[BOOK_ERROR_SIZE] = "";
    int r = book_forget_settings(call->b, vm->uuid, error);

    (void)wish;
    call->has_changed |= r == 0;
    return set_translate(call, vm, r, NULL, error);
}

int
verb_vm_forget(struct verb_call *call)
{
    struct vm_list list = { 0 };
    int r = vm_select_to_set(call, &list);

    if (r == 0)
        r = set_each(call, NULL, list.records, check_halted);
    if (r == 0)
        r = set_all(call, NULL, list.records, forget);
    vm_list_done(&list);
    return r;
}
