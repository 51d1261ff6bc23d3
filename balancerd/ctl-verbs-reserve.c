/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs about reservations: memory-... */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <json-c/json.h>

#include "book.h"
#include "ctl-record.h"
#include "ctl-reservation.h"
#include "ctl-shortage.h"
#include "ctl-verb-list.h"
#include "errand.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "tick.h"
#include "util/units.h"

/* To type the next command. */
#define FREE_UP_TTL_MS (60 * MS_PER_S)

/* book's refusals in the protocol's codes. */
static enum request_code
code_of(int error)
{
    switch (-error) {
    case EINVAL:
        return REQUEST_INVALID_PARAMS;
    case EEXIST:
        return REQUEST_KEY_IN_USE;
    case EDQUOT:
        return REQUEST_TOO_MANY;
    case ENOENT:
        return REQUEST_NO_RESERVATION;
    case ESRCH:
        return REQUEST_NO_MATCH;
    case EBUSY:
        return REQUEST_BUSY;
    case EIO:
        return REQUEST_HOST_FAILED;
    }
    return REQUEST_INTERNAL;
}

/* size=, or min= and max=. */
static int
read_amounts(struct verb_call *call, struct book_ask *ask)
{
    bool is_range = verb_param(call, PARAM_MIN) || verb_param(call, PARAM_MAX);
    uint64_t size_kib = 0;
    int r = verb_size(call, PARAM_SIZE, &size_kib);

    if (r < 0)
        return r;
    if (is_range && verb_param(call, PARAM_SIZE))
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "Either size or min and max, not both");
    if (!is_range && !verb_param(call, PARAM_SIZE))
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "Required parameter not found: size (or both min "
                         "and max)");
    ask->min_kib = size_kib;
    ask->max_kib = size_kib;
    if (!is_range)
        return 0;
    if (!verb_param(call, PARAM_MIN) || !verb_param(call, PARAM_MAX))
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "Required parameter not found: %s",
                         verb_param(call, PARAM_MIN) ? PARAM_MAX : PARAM_MIN);
    r = verb_size(call, PARAM_MIN, &ask->min_kib);
    return r < 0 ? r : verb_size(call, PARAM_MAX, &ask->max_kib);
}

/* What a script wrote to xenstore is released when it takes that back: a
 * client's reservation must not look like one. */
static int
check_names(struct verb_call *call, const struct book_ask *ask)
{
    if (strcmp(ask->owner, ERRAND_OWNER) != 0 &&
        (!ask->key ||
         strncmp(ask->key, ERRAND_KEY_PREFIX, strlen(ERRAND_KEY_PREFIX)) != 0))
        return 0;
    return verb_fail(call, REQUEST_INVALID_PARAMS,
                     "The owner " ERRAND_OWNER
                     " and keys that begin with " ERRAND_KEY_PREFIX
                     " are for requests in xenstore");
}

static int
read_ask(struct verb_call *call, struct book_ask *ask)
{
    const char *owner = verb_param(call, PARAM_OWNER);
    int r = read_amounts(call, ask);

    if (r == 0)
        r = verb_size(call, PARAM_OVERHEAD, &ask->overhead_kib);
    if (r == 0)
        r = verb_time(call, PARAM_TTL, &ask->ttl_ms);
    if (r == 0)
        r = verb_time(call, PARAM_WAIT, &ask->wait_ms);
    ask->owner = owner ? owner : "balancerctl";
    ask->owner_pid = call->pid;
    ask->key = verb_param(call, PARAM_KEY);
    ask->uuid = verb_param(call, PARAM_UUID);
    return r == 0 ? check_names(call, ask) : r;
}

static int
reserve(struct verb_call *call, const struct book_ask *ask)
{
    struct feasibility why = { 0 };
    char error[BOOK_ERROR_SIZE] = "";
    struct reservation made;
    int r = book_reserve(call->b, ask, &made, &why, error);

    if (r == -ENOSPC)
        r = verb_refuse_shortage(call, &why);
    else if (r < 0)
        r = verb_fail(call, code_of(r), "%s", error);
    else if (made.state == RESERVE_GRANTED)
        call->result = reservation_record(&made, call->b->snapshot.xbp.now_ms);
    else
        memcpy(call->wait.reservation, made.id, sizeof(call->wait.reservation));
    call->has_changed = r == 0;
    feasibility_done(&why);
    return r;
}

int
verb_memory_reserve(struct verb_call *call)
{
    struct book_ask ask = { .ttl_ms = RESERVE_DEFAULT_TTL_MS,
                            .wait_ms = RESERVE_DEFAULT_WAIT_MS };
    int r = read_ask(call, &ask);

    return r < 0 ? r : reserve(call, &ask);
}

/* The TTL begins when the memory is there (settle.c). */
int
verb_host_memory_free_up(struct verb_call *call)
{
    uint64_t ttl_ms = FREE_UP_TTL_MS;
    struct book_ask ask = { .wait_ms = RESERVE_DEFAULT_WAIT_MS,
                            .owner = "host-memory-free-up",
                            .owner_pid = call->pid,
                            .is_for_next = true };
    int r = verb_size(call, PARAM_SIZE, &ask.min_kib);

    if (r == 0)
        r = verb_time(call, PARAM_WAIT, &ask.wait_ms);
    if (r == 0)
        r = verb_time(call, PARAM_TTL, &ttl_ms);
    if (r < 0)
        return r;
    if (ttl_ms < MS_PER_S) /* book sees the sum */
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "A time to live is 1 s to 7 days, not %" PRIu64 " ms",
                         ttl_ms);
    ask.max_kib = ask.min_kib;
    ask.ttl_ms = sat_add(ask.wait_ms, ttl_ms);
    return reserve(call, &ask);
}

int
verb_memory_reservation_list(struct verb_call *call)
{
    cleanup_json struct json_object *all = NULL;
    struct json_object *list;
    int r = verb_observe(call);

    if (r < 0)
        return r;
    all = reservation_records(call->b);
    call->result = json_object_new_object();
    list = json_set(call->result, FIELD_RESERVATIONS, json_object_new_array());
    return records_select(call, all, list);
}

/* The end of a verb that book carried out. */
static int
booked(struct verb_call *call, int r, const char *error)
{
    call->has_changed = r == 0;
    return r < 0 ? verb_fail(call, code_of(r), "%s", error) : 0;
}

int
verb_memory_reservation_extend(struct verb_call *call)
{
    char error[BOOK_ERROR_SIZE] = "";
    uint64_t ttl_ms = 0;
    int r = verb_time(call, PARAM_TTL, &ttl_ms);

    if (r < 0)
        return r;
    r = book_extend(call->b, verb_param(call, PARAM_ID), ttl_ms, error);
    return booked(call, r, error);
}

int
verb_memory_reservation_transfer(struct verb_call *call)
{
    char error[BOOK_ERROR_SIZE] = "";
    uint32_t domid = 0;
    int r = verb_domid(call, PARAM_DOMID, &domid);

    if (r < 0)
        return r;
    r = book_transfer(call->b, verb_param(call, PARAM_ID), domid, error);
    return booked(call, r, error);
}

int
verb_memory_release(struct verb_call *call)
{
    const char *id = verb_param(call, PARAM_ID);
    const char *key = verb_param(call, PARAM_KEY);
    char error[BOOK_ERROR_SIZE] = "";
    char copy[RESERVE_ID_SIZE];
    const struct reservation *r;

    if (id && key)
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "Either id or key, not both");
    if (!id && !key)
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "Required parameter not found: id (or key)");
    if (key) {
        r = reserve_find_key(&call->b->reservations, key);
        if (!r)
            return verb_fail(call, REQUEST_NO_RESERVATION,
                             "There is no reservation with that key");
        memcpy(copy, r->id, sizeof(copy));
        id = copy;
    }
    return booked(call, book_release(call->b, id, error), error);
}
