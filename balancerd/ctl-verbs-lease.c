/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs about memory that is lent, and leases from peers. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <json-c/json.h>

#include "ctl-later.h"
#include "ctl-record.h"
#include "ctl-verb-list.h"
#include "lender.h"
#include "peers-open.h"
#include "proto/fields-lend.h"
#include "proto/fields-peer.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "tick.h"
#include "util/parse.h"
#include "util/units.h"

static struct lender *
lender_of(const struct verb_call *call)
{
    return peers_lender(call->b->peers);
}

static uint64_t
now_ms(const struct verb_call *call)
{
    return call->b->host->ops->now_ms(call->b->host);
}

int
verb_pool_show(struct verb_call *call)
{
    const struct lent *lent = lender_lent(lender_of(call));
    const struct lent_pool *p = &lent->pool;
    struct json_object *o = json_object_new_object();

    json_set_text(o, FIELD_STATE,
                  p->is_up                 ? "up"
                  : lent->lend_max_kib > 0 ? "down"
                                           : "off");
    json_set_number(o, FIELD_LEND_MAX, lent->lend_max_kib);
    json_set_number(o, FIELD_LENT, p->promised_kib);
    json_set_number(o, FIELD_LENDABLE, lent_free_kib(lent));
    json_set_number(o, FIELD_LEND_STORED, p->stored_kib);
    json_set_number(o, FIELD_LEND_HELD, p->held_kib);
    json_set_number(o, FIELD_LEASES, lent->n);
    call->result = o;
    return 0;
}

static const char *
state_of(const struct lent_lease *l)
{
    if (l->is_overdue)
        return "overdue";
    return l->is_recalled ? "recalled" : "lent";
}

/* Who may only look learns no token. */
static struct json_object *
lease_record(const struct verb_call *call, const struct lent_lease *l)
{
    struct json_object *o = json_object_new_object();

    json_set_number(o, FIELD_LEASE, l->number);
    json_set_text(o, FIELD_PEER, l->peer);
    json_set_text(o, FIELD_VOLUME, l->volume);
    json_set_text(o, FIELD_STATE, state_of(l));
    json_set_number(o, FIELD_LEND_SIZE_KIB, l->size_kib);
    json_set_number(o, FIELD_LEND_STORED, l->stored_kib);
    json_set_number(o, FIELD_LEND_CONNECTIONS, l->connections);
    json_set_number(o, FIELD_IDLE, l->idle_s * MS_PER_S);
    json_set_number(o, FIELD_RECALL_LEFT,
                    l->is_recalled ? sat_sub(l->recall_ms, now_ms(call))
                                   : HOST_UNSET);
    return o;
}

int
verb_lease_list(struct verb_call *call)
{
    const struct lent *lent = lender_lent(lender_of(call));
    cleanup_json struct json_object *all = json_object_new_array();
    struct json_object *list;
    size_t i;

    for (i = 0; i < lent->n; i++)
        json_object_array_add(all, lease_record(call, &lent->list[i]));
    call->result = json_object_new_object();
    list = json_set(call->result, FIELD_LEASES, json_object_new_array());
    return records_select(call, all, list);
}

/* --- lease-end ------------------------------------------------------------ */

static void
on_ended(void *arg, const struct lender_answer *answer)
{
    struct later *later = arg;

    if (answer->error)
        later_refuse(later, answer->error);
    else
        later_give(later, json_object_new_object());
}

static int
end_now(struct verb_call *call, const struct lent_lease *l)
{
    const struct lender_wish wish = { .peer = l->peer, .volume = l->volume };
    struct later *later = verb_wait_later(call);

    if (!later)
        return -EINVAL;
    lender_end(lender_of(call), &wish, on_ended, later);
    return 0;
}

int
verb_lease_end(struct verb_call *call)
{
    struct lender *lender = lender_of(call);
    uint64_t grace_ms = lender_grace_ms(lender), number = 0;
    const char *text = verb_param(call, FIELD_LEASE);
    char error[PARSE_ERROR_SIZE];
    struct lent_lease *l;
    bool is_forced = false;

    if (parse_u64(text, 0, UINT64_MAX, &number) < 0) {
        parse_u64_error(error, FIELD_LEASE, text);
        return verb_fail(call, REQUEST_INVALID_PARAMS, "%s", error);
    }
    if (verb_time(call, PARAM_GRACE, &grace_ms) < 0 ||
        verb_bool(call, PARAM_FORCE, &is_forced) < 0)
        return -EINVAL;
    l = lent_find_number(lender_lent(lender), number);
    if (!l)
        return verb_fail(call, REQUEST_NO_LEASE,
                         "There is no lease %" PRIu64 " of this host", number);
    if (is_forced)
        return end_now(call, l);
    if (!l->peer[0])
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "Lease %" PRIu64 " is nobody's who could be asked to "
                         "return it; --force ends it",
                         number);
    lender_recall(lender, l, grace_ms);
    return 0;
}

/* --- leases from peers ---------------------------------------------------- */

static enum request_code
code_of(int r)
{
    switch (r) {
    case -ENOENT:
        return REQUEST_NO_LEASE;
    case -ENOSPC:
        return REQUEST_NOT_ENOUGH_MEMORY;
    case -EEXIST:
        return REQUEST_KEY_IN_USE;
    case -EINVAL:
        return REQUEST_INVALID_PARAMS;
    case -ETIMEDOUT:
        return REQUEST_TIMEOUT;
    default:
        return REQUEST_HOST_FAILED;
    }
}

static void
on_answer(void *arg, const struct peers_answer *answer)
{
    struct request_error error = { .code = code_of(answer->r) };
    struct later *later = arg;
    struct json_object *o;

    if (answer->r < 0) {
        snprintf(error.message, sizeof(error.message), "The peer: %s",
                 answer->error);
        later_refuse(later, &error);
        return;
    }
    o = json_object_new_object();
    if (answer->n_leases > 0) {
        const struct peers_lease *l = &answer->leases[0];

        json_set_text(o, FIELD_VOLUME, l->volume);
        json_set_text(o, FIELD_HOST, l->host);
        json_set_number(o, FIELD_PORT, l->port);
        json_set_text(o, FIELD_TOKEN, l->token);
        json_set_number(o, FIELD_SIZE_KIB, l->size_kib);
    }
    later_give(later, o);
}

static int
check_peer(struct verb_call *call)
{
    if (!peers_find(call->b->peers, verb_param(call, FIELD_PEER)))
        return verb_fail(call, REQUEST_NO_PEER, "There is no such peer");
    if (!peer_volume_is_valid(verb_param(call, FIELD_VOLUME)))
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "A volume is called with letters, digits, '-', '.', "
                         "'_' and ':', less than %d of them",
                         LEASE_VOLUME_SIZE);
    return 0;
}

/* Nothing was sent: the answer is given here. */
static int
finish_asking(struct verb_call *call, int r, struct later *later)
{
    if (r == 0)
        return 0;
    later_abandon(call->b->laters, later_id(later));
    later_give(later, NULL);
    call->wait.again = NULL;
    return verb_fail(call, REQUEST_INTERNAL, "Out of memory");
}

int
verb_lease_create(struct verb_call *call)
{
    struct peers_wish wish = { .volume = verb_param(call, FIELD_VOLUME) };
    struct later *later;

    if (check_peer(call) < 0 || verb_size(call, PARAM_SIZE, &wish.size_kib) < 0)
        return -EINVAL;
    later = verb_wait_later(call);
    if (!later)
        return -EINVAL;
    return finish_asking(call,
                         peers_lease_create(call->b->peers,
                                            verb_param(call, FIELD_PEER), &wish,
                                            on_answer, later),
                         later);
}

int
verb_lease_return(struct verb_call *call)
{
    struct later *later;

    if (check_peer(call) < 0)
        return -EINVAL;
    later = verb_wait_later(call);
    if (!later)
        return -EINVAL;
    return finish_asking(call,
                         peers_lease_end(call->b->peers,
                                         verb_param(call, FIELD_PEER),
                                         verb_param(call, FIELD_VOLUME),
                                         on_answer, later),
                         later);
}
