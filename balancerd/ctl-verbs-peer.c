/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs about other hosts. */
#include <config.h>

#include <errno.h>
#include <stdio.h>

#include <json-c/json.h>

#include "ctl-record.h"
#include "ctl-verb-list.h"
#include "peers-open.h"
#include "proto/fields-peer.h"
#include "proto/fields.h"
#include "tick.h"

static struct json_object *
peer_record(const struct peers_status *s)
{
    struct json_object *o = json_object_new_object();
    bool is_heard = s->uuid[0] != '\0';

    json_set_text(o, FIELD_PEER, s->name);
    json_set_text(o, FIELD_PEER_ADDRESS, s->address);
    json_set_text(o, FIELD_STATE, s->is_up ? "up" : "down");
    json_set_text(o, FIELD_REASON, s->why_down);
    json_set_text(o, FIELD_UUID, is_heard ? s->uuid : NULL);
    json_set_text(o, FIELD_VERSION, is_heard ? s->version : NULL);
    json_set_number(o, FIELD_LEND_MAX, is_heard ? s->lend_max_kib : HOST_UNSET);
    json_set_number(o, FIELD_LENT, is_heard ? s->lent_kib : HOST_UNSET);
    json_set_number(o, FIELD_LENDABLE, is_heard ? s->free_kib : HOST_UNSET);
    json_set_number(o, FIELD_RTT, s->is_up ? s->rtt_us : HOST_UNSET);
    json_set_number(o, FIELD_RECALLS, s->n_recalls);
    return o;
}

int
verb_peer_list(struct verb_call *call)
{
    cleanup_json struct json_object *all = json_object_new_array();
    const struct peers *peers = call->b->peers;
    struct json_object *list;
    size_t i;

    for (i = 0; i < peers_count(peers); i++)
        json_object_array_add(all, peer_record(peers_status(peers, i)));
    call->result = json_object_new_object();
    list = json_set(call->result, FIELD_PEERS, json_object_new_array());
    return records_select(call, all, list);
}

static enum request_code
code_of(int r)
{
    switch (r) {
    case -ENOENT:
        return REQUEST_NO_PEER;
    case -EINVAL:
        return REQUEST_INVALID_PARAMS;
    case -ENOSPC:
        return REQUEST_TOO_MANY;
    default:
        return REQUEST_HOST_FAILED;
    }
}

int
verb_peer_add(struct verb_call *call)
{
    const char *name = verb_param(call, FIELD_PEER);
    const char *secret = verb_param(call, FIELD_PEER_SECRET);
    struct peers_entry entry = { .name = "" };
    char error[PEERS_FILE_ERROR_SIZE] = "";
    int r;

    if (!peer_name_is_valid(name))
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "A peer is called with letters, digits, '-', '.' and "
                         "'_', less than %d of them",
                         PEER_NAME_SIZE);
    if (peer_address_parse(verb_param(call, FIELD_PEER_ADDRESS),
                           &entry.address) < 0)
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "The address is an IP address, with a port or without "
                         "one");
    if (!peer_secret_is_valid(secret))
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "A secret has %d to %d characters, and no blanks",
                         PEER_SECRET_LEAST, PEER_SECRET_SIZE - 1);
    snprintf(entry.name, sizeof(entry.name), "%s", name);
    snprintf(entry.secret, sizeof(entry.secret), "%s", secret);
    r = peers_add(call->b->peers, &entry, error);
    return r < 0 ? verb_fail(call, code_of(r), "%s", error) : 0;
}

int
verb_peer_remove(struct verb_call *call)
{
    char error[PEERS_FILE_ERROR_SIZE] = "";
    int r = peers_remove(call->b->peers, verb_param(call, FIELD_PEER), error);

    return r < 0 ? verb_fail(call, code_of(r), "%s", error) : 0;
}
