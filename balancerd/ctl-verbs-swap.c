/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs about remote swap: vm-swap-... */
#include <config.h>

#include <errno.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-record.h"
#include "ctl-swap.h"
#include "ctl-verb-list.h"
#include "ctl-vm.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "swap-book.h"
#include "tick.h"
#include "util/units.h"

/* Longer than all that a deed and its undoing may take. */
#define PATIENCE_MS (300 * MS_PER_S)

static int
refuse(struct verb_call *call, const struct guest *g, enum request_code code,
       const char *error)
{
    verb_fail(call, code, "%s", error);
    verb_detail(call, FIELD_DOMID, g->facts.domid);
    return -EINVAL;
}

static enum request_code
code_of(int r)
{
    switch (-r) {
    case EINVAL:
        return REQUEST_INVALID_PARAMS;
    case ENOSPC:
        return REQUEST_TOO_MANY;
    case EIO:
        return REQUEST_HOST_FAILED;
    }
    return REQUEST_SWAP_REFUSED;
}

/* The words and numbers of what did not work. */
static int
fail(struct verb_call *call, const struct swap_volume *v)
{
    verb_fail(call, REQUEST_SWAP_FAILED, "%s",
              v->error[0] ? v->error : "It was asked to be detached meanwhile");
    verb_detail(call, FIELD_DOMID, v->domid);
    if (v->code[0])
        verb_detail_text(call, "reason", v->code);
    if (v->needed_kib != HOST_UNSET)
        verb_detail(call, FIELD_NEEDED, v->needed_kib);
    if (v->available_kib != HOST_UNSET)
        verb_detail(call, FIELD_AVAILABLE, v->available_kib);
    return -EINVAL;
}

static int
give_up(struct verb_call *call, const struct swap_volume *v)
{
    if (!call->is_late)
        return 0;
    return verb_fail(call, REQUEST_TIMEOUT,
                     "The volume is still %s; balancerd goes on with it",
                     volume_state_name(v->state));
}

static int
await_attached(struct verb_call *call)
{
    const struct swap_volume *v = swap_find(&call->b->swap, call->wait.volume);

    if (!v)
        return verb_fail(call, REQUEST_NO_SWAP, "The volume is gone");
    switch (v->state) {
    case VOLUME_FOUND:
    case VOLUME_ASKING:
    case VOLUME_ATTACHING:
    case VOLUME_WITHDRAWING:
    case VOLUME_DETACHING:
        return give_up(call, v);
    case VOLUME_ATTACHED:
    case VOLUME_SHEDDING:
    case VOLUME_SEEKING:
    case VOLUME_REPLACING:
    case VOLUME_DEGRADED:
        call->result = swap_record(call->b, v);
        return 0;
    case VOLUME_RETURNING:
    case VOLUME_ENDED:
        break;
    }
    return fail(call, v);
}

static int
await_detached(struct verb_call *call)
{
    const struct swap_volume *v = swap_find(&call->b->swap, call->wait.volume);

    if (!v || swap_is_over(v)) {
        call->result = json_object_new_object();
        return 0;
    }
    return v->wish == SWAP_WANTED ? fail(call, v) : give_up(call, v);
}

static int
await(struct verb_call *call, const struct swap_volume *v, verb_fn *again)
{
    call->has_changed = true;
    call->wait = (struct verb_wait){
        .again = again,
        .timeout_ms = PATIENCE_MS,
    };
    memcpy(call->wait.volume, v->uuid, sizeof(call->wait.volume));
    return again(call);
}

int
verb_vm_swap_attach(struct verb_call *call)
{
    char error[SWAP_BOOK_ERROR_SIZE] = "";
    struct swap_ask ask = { .move_kib_per_s = HOST_UNSET };
    const struct guest *g;
    struct swap_volume *v = NULL;
    uint32_t domid = 0;
    int r = verb_size(call, PARAM_SIZE, &ask.size_kib);

    if (r == 0)
        r = verb_size(call, PARAM_MOVE, &ask.move_kib_per_s);
    if (r == 0)
        r = vm_select_one(call, &domid);
    if (r < 0)
        return r;
    g = guest_find(&call->b->guests, domid);
    ask.peer = verb_param(call, PARAM_PEER);
    if (verb_param(call, PARAM_LEGS))
        r = swap_ask_legs(&ask, verb_param(call, PARAM_LEGS), error);
    if (r == 0)
        r = swap_book_attach(call->b, g, &ask, &v, error);
    return v ? await(call, v, await_attached)
             : refuse(call, g, code_of(r), error);
}

int
verb_vm_swap_detach(struct verb_call *call)
{
    char error[SWAP_BOOK_ERROR_SIZE] = "";
    bool is_forced = false;
    const struct guest *g;
    struct swap_volume *v;
    uint32_t domid = 0;
    int r = verb_bool(call, PARAM_FORCE, &is_forced);

    if (r == 0)
        r = vm_select_one(call, &domid);
    if (r < 0)
        return r;
    g = guest_find(&call->b->guests, domid);
    v = swap_of(&call->b->swap, g->facts.uuid);
    if (!v || swap_is_over(v))
        return refuse(call, g, REQUEST_NO_SWAP,
                      "The domain has no remote swap");
    r = swap_book_detach(call->b, v, is_forced, error);
    return r < 0 ? refuse(call, g, code_of(r), error)
                 : await(call, v, await_detached);
}

int
verb_vm_swap_list(struct verb_call *call)
{
    const struct swap *swap = &call->b->swap;
    int r = verb_observe(call);
    struct json_object *list;
    bool is_one;

    if (r < 0)
        return r;
    call->result = json_object_new_object();
    list = json_set(call->result, FIELD_VOLUMES, json_object_new_array());
    for (size_t i = 0; i < swap->n; i++) {
        cleanup_json struct json_object *record = NULL;

        if (swap->list[i]->state == VOLUME_ENDED)
            continue;
        record = swap_record(call->b, swap->list[i]);
        r = record_is_wanted(call, record, &is_one);
        if (r < 0)
            return r;
        if (is_one)
            json_object_array_add(list, json_object_get(record));
    }
    return records_cut(call, list, NULL);
}
