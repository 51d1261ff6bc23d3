/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls of the daemon, with the values that vm-start has for them. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "proto/fields.h"
#include "proto/params.h"
#include "room.h"
#include "util/uuid.h"

int
room_open(struct room *ret, const struct args *args, uint64_t ttl_ms)
{
    char uuid[UUID_SIZE];
    int r = uuid_make(uuid);

    if (r < 0) {
        fprintf(stderr, "There are no random numbers: %s\n", strerror(-r));
        return -EIO;
    }
    *ret = (struct room){ .ttl_ms = ttl_ms };
    lifeline_open(&ret->daemon, args);
    snprintf(ret->key, sizeof(ret->key), "vm-start-%s", uuid);
    return 0;
}

void
room_close(struct room *room)
{
    lifeline_close(&room->daemon);
}

static void
set_kib(struct json_object *params, const char *key, uint64_t kib)
{
    char text[32];

    snprintf(text, sizeof(text), "%" PRIu64 "KiB", kib);
    json_set_text(params, key, text);
}

static void
set_domid(struct json_object *params, uint64_t domid)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRIu64, domid);
    json_set_text(params, PARAM_DOMID, text);
}

static void
set_ttl(struct json_object *params, const struct room *room)
{
    char text[32];

    snprintf(text, sizeof(text), "%" PRIu64 "ms", room->ttl_ms);
    json_set_text(params, PARAM_TTL, text);
}

/* A call whose result does not matter. */
static int
call(struct room *room, const char *verb, struct json_object *params)
{
    struct response response;
    int r = lifeline_call(&room->daemon, verb, params, &response);

    if (r == 0)
        response_done(&response);
    return r;
}

int
room_make(struct room *room, const struct xl_domain *domain, const char *wait)
{
    cleanup_json struct json_object *params = json_object_new_object();
    struct response response;
    int r;

    set_kib(params, PARAM_SIZE, domain->need_kib);
    set_kib(params, PARAM_OVERHEAD, domain->overhead_kib);
    set_ttl(params, room);
    json_set_text(params, PARAM_OWNER, "vm-start");
    json_set_text(params, PARAM_KEY, room->key);
    json_set_text(params, PARAM_UUID, domain->uuid);
    if (wait)
        json_set_text(params, PARAM_WAIT, wait);
    r = lifeline_call(&room->daemon, "memory-reserve", params, &response);
    if (r < 0)
        return r;
    snprintf(room->id, sizeof(room->id), "%s",
             json_get_text(response.result, FIELD_ID));
    response_done(&response);
    return 0;
}

void
room_keep(struct room *room)
{
    cleanup_json struct json_object *params = json_object_new_object();

    json_set_text(params, PARAM_ID, room->id);
    set_ttl(params, room);
    call(room, "memory-reservation-extend", params);
}

int
room_hand_over(struct room *room, uint64_t domid)
{
    cleanup_json struct json_object *params = json_object_new_object();

    json_set_text(params, PARAM_ID, room->id);
    set_domid(params, domid);
    return call(room, "memory-reservation-transfer", params);
}

void
room_give_back(struct room *room)
{
    cleanup_json struct json_object *params = json_object_new_object();

    /* Interrupted, one does not know whether there is anything to be given
     * back: the daemon's "no" is an answer, too. */
    room->daemon.is_quiet = true;
    json_set_text(params, PARAM_KEY, room->key);
    if (call(room, "memory-release", params) == -ENOTCONN)
        fprintf(stderr,
                "The reservation is not given back; it ends in %" PRIu64 " s\n",
                room->ttl_ms / 1000);
}

int
room_find(struct room *room, const char *field, const char *value,
          struct room_domain *ret)
{
    cleanup_json struct json_object *params = json_object_new_object();
    struct response response;
    struct json_object *list;
    struct json_object *vm;
    const char *state;
    int r;

    json_set(params, field, json_object_new_string(value));
    json_set_text(params, PARAM_PARAMS, "domid,power-state");
    r = lifeline_call(&room->daemon, "vm-list", params, &response);
    if (r < 0)
        return r;
    *ret = (struct room_domain){ .domid = ROOM_NO_DOMID };
    list = json_get_array(response.result, FIELD_VMS);
    if (list && json_object_array_length(list) > 0) {
        vm = json_object_array_get_idx(list, 0);
        state = json_get_text(vm, FIELD_POWER_STATE);
        ret->domid = json_get_number(vm, FIELD_DOMID);
        ret->is_paused = state && strcmp(state, "paused") == 0;
    }
    response_done(&response);
    return 0;
}

int
room_set_range(struct room *room, uint64_t domid, uint64_t min_kib,
               uint64_t max_kib)
{
    cleanup_json struct json_object *params = json_object_new_object();

    set_domid(params, domid);
    set_kib(params, PARAM_MIN, min_kib);
    set_kib(params, PARAM_MAX, max_kib);
    return call(room, "vm-memory-dynamic-range-set", params);
}
