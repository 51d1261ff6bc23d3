/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks a change for every domain, then carries it out for every domain. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "book.h"
#include "ctl-set.h"
#include "ctl-verbs.h"
#include "ctl-vm.h"
#include "proto/fields.h"
#include "util/cleanup.h"

#define ORDER_TEXT                                                         \
 "The dynamic memory range violates constraint static_min <= dynamic_min " \
 "<= dynamic_max <= static_max."

static void
subject_init(struct set_subject *ret, const struct balancer *b,
             struct json_object *record)
{
    ret->record = record;
    ret->uuid = json_get_text(record, FIELD_UUID);
    ret->g = vm_find_uuid(&b->guests, ret->uuid);
    ret->domid = ret->g ? ret->g->facts.domid : VM_NO_DOMID;
    ret->kept = settings_find(&b->settings, ret->uuid);
}

void
set_detail(struct verb_call *call, const struct set_subject *vm)
{
    if (vm->domid != VM_NO_DOMID)
        verb_detail(call, FIELD_DOMID, vm->domid);
    else
        verb_detail_text(call, FIELD_UUID, vm->uuid);
}

static int
refuse_order(struct verb_call *call, const struct set_subject *vm,
             const struct range *range)
{
    verb_fail(call, REQUEST_RANGE_ORDER, "%s", ORDER_TEXT);
    set_detail(call, vm);
    verb_detail(call, "static_min_kib", range->static_min_kib);
    verb_detail(call, "dynamic_min_kib", range->dynamic_min_kib);
    verb_detail(call, "dynamic_max_kib", range->dynamic_max_kib);
    verb_detail(call, "static_max_kib", range->static_max_kib);
    return -EINVAL;
}

int
set_translate(struct verb_call *call, const struct set_subject *vm, int r,
              const struct range *range, const char *error)
{
    const char *name = json_get_text(vm->record, FIELD_NAME);

    if (r == -ERANGE)
        return refuse_order(call, vm, range);
    if (r == -ESRCH)
        return verb_fail(call, REQUEST_NO_MATCH, "Domain %s (%s) is gone",
                         vm->uuid, name);
    if (r < 0)
        return verb_fail(call, REQUEST_HOST_FAILED, "Domain %s (%s): %s",
                         vm->uuid, name, error);
    return 0;
}

bool
set_is_halted(const struct set_subject *vm)
{
    return strcmp(json_get_text(vm->record, FIELD_POWER_STATE), VM_HALTED) == 0;
}

/* A domain was built with its static-max. */
static int
check_static_max(struct verb_call *call, const struct set_subject *vm,
                 const struct settings *wanted)
{
    uint64_t static_max_kib = wanted->limits.static_max_kib;

    if (!vm->g || set_is_halted(vm) || static_max_kib == HOST_UNSET ||
        static_max_kib == vm->g->facts.static_max_kib)
        return 0;
    return vm_refuse_power_state(call, vm->record, VM_HALTED);
}

static int
wish_for(struct verb_call *call, const struct set_wish *wish,
         const struct set_subject *vm, struct settings *ret)
{
    settings_init(ret, vm->uuid);
    return wish->fill(call, wish, vm, ret);
}

/* Would it be refused? */
static int
check(struct verb_call *call, const struct set_wish *wish,
      const struct set_subject *vm)
{
    char error[BOOK_ERROR_SIZE] = "";
    struct settings wanted;
    struct range range;
    int r = wish_for(call, wish, vm, &wanted);

    if (r == 0)
        r = check_static_max(call, vm, &wanted);
    if (r < 0)
        return r;
    r = book_check_settings(call->b, &wanted, wish->fields, &range, error);
    return set_translate(call, vm, r, &range, error);
}

static int
change(struct verb_call *call, const struct set_wish *wish,
       const struct set_subject *vm)
{
    char error[BOOK_ERROR_SIZE] = "";
    struct settings wanted;
    struct range range;
    int r = wish_for(call, wish, vm, &wanted);

    if (r < 0)
        return r;
    r = book_change_settings(call->b, &wanted, wish->fields, &range, error);
    call->has_changed |= r == 0;
    return set_translate(call, vm, r, &range, error);
}

int
set_each(struct verb_call *call, const struct set_wish *wish,
         struct json_object *records, set_each_fn *fn)
{
    struct set_subject vm;
    size_t i;
    int r = 0;

    for (i = 0; i < json_object_array_length(records) && r == 0; i++) {
        subject_init(&vm, call->b, json_object_array_get_idx(records, i));
        r = fn(call, wish, &vm);
    }
    return r;
}

int
set_all(struct verb_call *call, const struct set_wish *wish,
        struct json_object *records, set_each_fn *fn)
{
    size_t n = json_object_array_length(records);
    cleanup_free struct book_undo *undo = calloc(n, sizeof(undo[0]));
    struct set_subject vm;
    size_t i;
    int r = 0;

    if (!undo)
        return verb_fail(call, REQUEST_INTERNAL, "Out of memory");
    for (i = 0; i < n; i++) {
        subject_init(&vm, call->b, json_object_array_get_idx(records, i));
        book_note(call->b, vm.uuid, &undo[i]);
        r = fn(call, wish, &vm);
        if (r < 0)
            break;
    }
    while (r < 0 && i > 0)
        book_undo(call->b, &undo[--i]);
    return r;
}

int
set_records(struct verb_call *call, const struct set_wish *wish,
            struct json_object *records)
{
    int r = set_each(call, wish, records, check);

    return r < 0 ? r : set_all(call, wish, records, change);
}

int
set_selected(struct verb_call *call, const struct set_wish *wish)
{
    struct vm_list list = { 0 };
    int r = vm_select_to_set(call, &list);

    if (r == 0)
        r = set_records(call, wish, list.records);
    vm_list_done(&list);
    return r;
}
