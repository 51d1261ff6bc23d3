/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between structs and JSON; nothing of what is read is believed. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "peer-proto.h"
#include "proto/fields-peer.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "proto/request.h"
#include "util/text.h"
#include "util/units.h"

/* 4 PiB: sums of such amounts are no trouble. */
#define SANE_MAX (UINT64_C(1) << 42)

struct json_object *
peer_proto_params(const char *volume, uint64_t size_kib)
{
    struct json_object *params = json_object_new_object();
    char size[32];

    if (!params)
        return NULL;
    if (volume)
        json_set_text(params, FIELD_VOLUME, volume);
    if (size_kib == 0)
        return params;
    snprintf(size, sizeof(size), "%" PRIu64 "KiB", size_kib);
    json_set_text(params, PARAM_SIZE, size);
    return params;
}

/* A number that is there and sane. */
static bool
take_number(struct json_object *o, const char *name, uint64_t *ret)
{
    uint64_t value = json_get_number(o, name);

    if (value > SANE_MAX)
        return false;
    *ret = value;
    return true;
}

static bool
take_volume(struct json_object *o, char volume[LEASE_VOLUME_SIZE])
{
    const char *text = json_get_text(o, FIELD_VOLUME);

    if (!text || !peer_volume_is_valid(text))
        return false;
    snprintf(volume, LEASE_VOLUME_SIZE, "%s", text);
    return true;
}

/* An array of at most PEER_LEASES_MAX; NULL if it is none. */
static struct json_object *
take_list(struct json_object *o, const char *name, size_t *ret_n)
{
    struct json_object *list = json_get_array(o, name);

    if (!list || (size_t)json_object_array_length(list) > PEER_LEASES_MAX)
        return NULL;
    *ret_n = (size_t)json_object_array_length(list);
    return list;
}

int
peer_proto_read_ping(struct json_object *untrusted_result,
                     struct peers_status *status,
                     struct peer_recalls *ret_recalls)
{
    struct json_object *o = untrusted_result;
    struct peers_status s = *status;
    struct json_object *list;
    size_t n = 0, i;

    list = take_list(o, FIELD_RECALLS, &n);
    if (!list || !take_number(o, FIELD_LEND_MAX, &s.lend_max_kib) ||
        !take_number(o, FIELD_LENT, &s.lent_kib) ||
        !take_number(o, FIELD_LENDABLE, &s.free_kib))
        return -EPROTO;
    text_escape(s.uuid, sizeof(s.uuid), json_text(o, FIELD_UUID));
    text_escape(s.version, sizeof(s.version), json_text(o, FIELD_VERSION));
    for (i = 0; i < n; i++) {
        struct json_object *record = json_object_array_get_idx(list, i);
        struct peers_recall *recall = &ret_recalls->list[i];

        if (!take_volume(record, recall->volume) ||
            !take_number(record, FIELD_RECALL_LEFT, &recall->left_ms)) {
            ret_recalls->n = 0;
            return -EPROTO;
        }
    }
    ret_recalls->n = n;
    s.n_recalls = n;
    *status = s;
    return 0;
}

static bool
is_token(const char *text)
{
    return text && strlen(text) == LEASE_TOKEN_SIZE - 1 &&
           strspn(text, "0123456789abcdef") == LEASE_TOKEN_SIZE - 1;
}

static int
read_lease(struct json_object *record, const char *host,
           struct peers_lease *ret)
{
    const char *token = json_get_text(record, FIELD_TOKEN);
    uint64_t port;

    *ret = (struct peers_lease){
        .is_recalled = json_get_bool(record, FIELD_IS_RECALLED),
    };
    if (!is_token(token) || !take_volume(record, ret->volume) ||
        !take_number(record, FIELD_PORT, &port) || port == 0 ||
        port > UINT16_MAX ||
        !take_number(record, FIELD_SIZE_KIB, &ret->size_kib) ||
        !take_number(record, FIELD_RECALL_LEFT, &ret->recall_left_ms))
        return -EPROTO;
    snprintf(ret->token, sizeof(ret->token), "%s", token);
    snprintf(ret->host, sizeof(ret->host), "%s", host);
    ret->port = (uint16_t)port;
    return 0;
}

int
peer_proto_read_leases(struct json_object *untrusted_result, const char *host,
                       struct peers_lease ret[PEER_LEASES_MAX], size_t *ret_n)
{
    size_t n = 0, i;
    struct json_object *list = take_list(untrusted_result, FIELD_LEASES, &n);
    int r = list ? 0 : -EPROTO;

    for (i = 0; r == 0 && i < n; i++)
        r = read_lease(json_object_array_get_idx(list, i), host, &ret[i]);
    if (r == 0)
        *ret_n = n;
    return r;
}

int
peer_proto_read_error(struct json_object *untrusted_error,
                      char sentence[PEERS_ERROR_SIZE])
{
    text_escape(sentence, PEERS_ERROR_SIZE,
                json_text(untrusted_error, FIELD_MESSAGE));
    switch ((int)json_get_delta(untrusted_error, FIELD_CODE)) {
    case REQUEST_NO_LEASE:
        return -ENOENT;
    case REQUEST_NOT_ENOUGH_MEMORY:
    case REQUEST_TOO_MANY:
        return -ENOSPC;
    case REQUEST_KEY_IN_USE:
        return -EEXIST;
    case REQUEST_INVALID_PARAMS:
    case REQUEST_NO_PARAMETER:
        return -EINVAL;
    default:
        return -EIO;
    }
}

static uint64_t
left_ms(const struct lent_lease *l, uint64_t now_ms)
{
    return l->is_recalled ? sat_sub(l->recall_ms, now_ms) : 0;
}

struct json_object *
peer_proto_ping(const struct lent *lent, const char *peer, const char *uuid,
                uint64_t now_ms)
{
    struct json_object *result = json_object_new_object();
    struct json_object *list, *record;
    size_t i;

    json_set_text(result, FIELD_VERSION, PACKAGE_VERSION);
    json_set_text(result, FIELD_UUID, uuid);
    json_set_number(result, FIELD_LEND_MAX,
                    lent->pool.is_up ? lent->lend_max_kib : 0);
    json_set_number(result, FIELD_LENT, lent->pool.promised_kib);
    json_set_number(result, FIELD_LENDABLE, lent_free_kib(lent));
    list = json_set(result, FIELD_RECALLS, json_object_new_array());
    for (i = 0; i < lent->n; i++) {
        const struct lent_lease *l = &lent->list[i];

        if (!l->is_recalled || strcmp(l->peer, peer) != 0)
            continue;
        record = json_object_new_object();
        json_set_text(record, FIELD_VOLUME, l->volume);
        json_set_number(record, FIELD_RECALL_LEFT, left_ms(l, now_ms));
        json_object_array_add(list, record);
    }
    return result;
}

static void
add_lease(struct json_object *list, const struct lent *lent,
          const struct lent_lease *l, uint64_t now_ms)
{
    struct json_object *record = json_object_new_object();

    json_set_text(record, FIELD_VOLUME, l->volume);
    json_set_text(record, FIELD_TOKEN, l->token);
    json_set_number(record, FIELD_PORT, lent->port);
    json_set_number(record, FIELD_SIZE_KIB, l->size_kib);
    json_set_bool(record, FIELD_IS_RECALLED, l->is_recalled);
    json_set_number(record, FIELD_RECALL_LEFT, left_ms(l, now_ms));
    json_object_array_add(list, record);
}

struct json_object *
peer_proto_leases(const struct lent *lent, const char *peer,
                  const struct lent_lease *one, uint64_t now_ms)
{
    struct json_object *result = json_object_new_object();
    struct json_object *list =
        json_set(result, FIELD_LEASES, json_object_new_array());
    size_t i;

    if (one)
        add_lease(list, lent, one, now_ms);
    for (i = 0; !one && i < lent->n; i++)
        if (strcmp(lent->list[i].peer, peer) == 0)
            add_lease(list, lent, &lent->list[i], now_ms);
    return result;
}
