/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verbs of lendmem's control socket, one table. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "lease-use.h"
#include "lend-verbs.h"
#include "log.h"
#include "proto/fields-lend.h"
#include "proto/request.h"
#include "util/cleanup.h"
#include "util/parse.h"
#include "util/text.h"
#include "util/units.h"

#define MESSAGE_SIZE 256

/* One request. */
struct lend_call {
    struct lend *lend;
    struct json_object *params;
    struct json_object *result; /* an object, to be filled */
    struct request_error *error;
};

static int __attribute__((format(printf, 3, 4)))
refuse(struct lend_call *call, enum request_code code, const char *format, ...)
{
    va_list args;

    call->error->code = code;
    va_start(args, format);
    vsnprintf(call->error->message, sizeof(call->error->message), format, args);
    va_end(args);
    return -EINVAL;
}

/* An amount that may be missing: then it is what ret holds already. */
static int
take_kib(struct lend_call *call, const char *name, uint64_t *ret_kib)
{
    const char *text = json_get_text(call->params, name);
    char message[PARSE_ERROR_SIZE];

    if (!text || parse_size_kib(text, ret_kib) == 0)
        return 0;
    parse_size_error(message, name, text);
    return refuse(call, REQUEST_INVALID_PARAMS, "%s", message);
}

static int
need(struct lend_call *call, const char *name, const char **ret_text)
{
    const char *text = json_get_text(call->params, name);

    if (!text)
        return refuse(call, REQUEST_NO_PARAMETER,
                      "Required parameter not found: %s", name);
    *ret_text = text;
    return 0;
}

static void
tell_room(struct lend_call *call, uint64_t needed_kib)
{
    struct lend_pool pool;

    lend_pool(call->lend, &pool);
    call->error->data = json_object_new_object();
    json_set_number(call->error->data, FIELD_LEND_NEEDED, needed_kib);
    json_set_number(call->error->data, FIELD_LEND_NOT_PROMISED,
                    sat_sub(pool.memory_kib, pool.promised_kib));
}

/* Why a lease could not be made or changed. */
static int
explain(struct lend_call *call, int r, const struct lend_wish *wish)
{
    uint64_t cost_kib = lend_cost_kib(wish->size_kib, wish->quota_kib);

    switch (r) {
    case -ENOENT:
        return refuse(call, REQUEST_NO_LEASE, "There is no such lease");
    case -EINVAL:
        return refuse(call, REQUEST_INVALID_PARAMS,
                      "A lease has 4 KiB to 4 TiB, and a quota of at most "
                      "its size");
    case -EMFILE:
        return refuse(call, REQUEST_TOO_MANY, "There are too many leases");
    case -ENOSPC:
        tell_room(call, cost_kib);
        return refuse(call, REQUEST_NOT_ENOUGH_MEMORY,
                      "The pool has less than %llu KiB left",
                      (unsigned long long)cost_kib);
    default:
        log_warn(-r, "lease %s: cannot be made or changed", wish->label);
        return refuse(call, REQUEST_INTERNAL, "%s", strerror(-r));
    }
}

static int
verb_create(struct lend_call *call)
{
    const char *label = json_get_text(call->params, FIELD_LEND_LABEL);
    struct lend_wish wish = { .label = label ? label : "" };
    char token[LEND_TOKEN_SIZE];
    const char *unused;
    int r = need(call, FIELD_LEND_SIZE, &unused);

    if (r == 0)
        r = take_kib(call, FIELD_LEND_SIZE, &wish.size_kib);
    wish.quota_kib = wish.size_kib;
    if (r == 0)
        r = take_kib(call, FIELD_LEND_QUOTA, &wish.quota_kib);
    if (r < 0)
        return r;
    if (strlen(wish.label) >= LEND_LABEL_SIZE || !text_is_printable(wish.label))
        return refuse(call, REQUEST_INVALID_PARAMS,
                      "label is not a text of less than %d characters",
                      LEND_LABEL_SIZE);
    r = lend_create(call->lend, &wish, token);
    if (r < 0)
        return explain(call, r, &wish);
    json_set_text(call->result, FIELD_LEND_TOKEN, token);
    return 0;
}

/* The one lease that is asked for, or all of them. */
struct listing {
    const char *token; /* NULL: all */
    struct json_object *records;
    struct lease_record found;
};

static void
set_ages(struct json_object *record, const struct pages_count *pages)
{
    struct json_object *ages =
        json_set(record, FIELD_LEND_AGES, json_object_new_object());
    char name[32];
    unsigned int i;

    for (i = 0; i < PAGES_AGES; i++) {
        snprintf(name, sizeof(name), "%u", pages_age_limit_s(i));
        json_set_number(ages, i == PAGES_AGES - 1 ? "more" : name,
                        pages->ages[i] * PAGE_KIB);
    }
}

static void
set_record(struct json_object *to, const struct lease_record *r)
{
    json_set_number(to, FIELD_LEND_NUMBER, r->number);
    json_set_text(to, FIELD_LEND_TOKEN, r->token);
    json_set_text(to, FIELD_LEND_LABEL, r->label);
    json_set_number(to, FIELD_LEND_SIZE_KIB,
                    r->pages.size_bytes / BYTES_PER_KIB);
    json_set_number(to, FIELD_LEND_QUOTA_KIB, r->pages.quota_pages * PAGE_KIB);
    json_set_number(to, FIELD_LEND_STORED, r->pages.stored * PAGE_KIB);
    json_set_number(to, FIELD_LEND_TABLE, r->pages.tables * PAGE_KIB);
    json_set_number(to, FIELD_LEND_CONNECTIONS, r->n_connections);
    json_set_number(to, FIELD_LEND_READS, r->reads);
    json_set_number(to, FIELD_LEND_WRITES, r->writes);
    json_set_number(to, FIELD_LEND_ZEROES, r->zeroes);
    json_set_number(to, FIELD_LEND_READ_BYTES, r->read_bytes);
    json_set_number(to, FIELD_LEND_WRITTEN_BYTES, r->written_bytes);
    json_set_number(to, FIELD_LEND_HITS, r->pages.hits);
    json_set_number(to, FIELD_LEND_MISSES, r->pages.misses);
    json_set_number(to, FIELD_LEND_REFUSED, r->refused);
    json_set_number(to, FIELD_LEND_IDLE, r->idle_s);
    set_ages(to, &r->pages);
}

static void
tell_lease(void *arg, const struct lease_record *record)
{
    struct listing *listing = arg;
    struct json_object *object;

    if (listing->token && strcmp(listing->token, record->token) != 0)
        return;
    listing->found = *record;
    object = json_object_new_object();
    set_record(object, record);
    json_object_array_add(listing->records, object);
}

static int
verb_resize(struct lend_call *call)
{
    struct listing listing = { .records = NULL };
    cleanup_json struct json_object *records = json_object_new_array();
    struct lend_wish wish = { .label = "" };
    int r = need(call, FIELD_LEND_TOKEN, &listing.token);

    if (r < 0)
        return r;
    listing.records = records;
    lend_list(call->lend, tell_lease, &listing);
    wish.size_kib = listing.found.pages.size_bytes / BYTES_PER_KIB;
    wish.quota_kib = listing.found.pages.quota_pages * PAGE_KIB;
    r = take_kib(call, FIELD_LEND_SIZE, &wish.size_kib);
    /* A quota that nobody spoke of follows the size if it was the size. */
    if (listing.found.pages.quota_pages * PAGE_KIB * BYTES_PER_KIB ==
            listing.found.pages.size_bytes ||
        wish.quota_kib > wish.size_kib)
        wish.quota_kib = wish.size_kib;
    if (r == 0)
        r = take_kib(call, FIELD_LEND_QUOTA, &wish.quota_kib);
    if (r < 0)
        return r;
    r = listing.found.number ? lend_resize(call->lend, listing.token, &wish)
                             : -ENOENT;
    return r < 0 ? explain(call, r, &wish) : 0;
}

static int
verb_list(struct lend_call *call)
{
    struct listing listing = {
        .token = json_get_text(call->params, FIELD_LEND_TOKEN),
        .records =
            json_set(call->result, FIELD_LEND_LEASES, json_object_new_array()),
    };

    lend_list(call->lend, tell_lease, &listing);
    if (listing.token && !listing.found.number)
        return refuse(call, REQUEST_NO_LEASE, "There is no such lease");
    return 0;
}

static int
verb_end(struct lend_call *call)
{
    const char *token = NULL;
    int r = need(call, FIELD_LEND_TOKEN, &token);

    if (r < 0)
        return r;
    r = lend_end(call->lend, token);
    return r < 0 ? refuse(call, REQUEST_NO_LEASE, "There is no such lease") : 0;
}

static int
verb_pool_set(struct lend_call *call)
{
    uint64_t memory_kib = 0;
    const char *unused;
    int r = need(call, FIELD_LEND_MEMORY, &unused);

    if (r == 0)
        r = take_kib(call, FIELD_LEND_MEMORY, &memory_kib);
    if (r < 0)
        return r;
    if (lend_set_pool(call->lend, memory_kib) < 0)
        return refuse(call, REQUEST_INVALID_PARAMS,
                      "The pool was not configured for so much");
    return 0;
}

static int
verb_pool_show(struct lend_call *call)
{
    struct lend_pool pool;

    lend_pool(call->lend, &pool);
    json_set_number(call->result, FIELD_LEND_MEMORY_KIB, pool.memory_kib);
    json_set_number(call->result, FIELD_LEND_MEMORY_MAX, pool.memory_max_kib);
    json_set_number(call->result, FIELD_LEND_PROMISED, pool.promised_kib);
    json_set_number(call->result, FIELD_LEND_NOT_PROMISED,
                    sat_sub(pool.memory_kib, pool.promised_kib));
    json_set_number(call->result, FIELD_LEND_STORED, pool.stored_kib);
    json_set_number(call->result, FIELD_LEND_HELD, pool.held_kib);
    json_set_number(call->result, FIELD_LEND_N_LEASES, pool.n_leases);
    json_set_number(call->result, FIELD_LEND_CONNECTIONS, pool.n_connections);
    return 0;
}

/* More than any verb has, and a NULL. */
#define KEYS_SIZE 4

static const struct lend_verb {
    const char *name;
    int (*call)(struct lend_call *call);
    const char *keys[KEYS_SIZE];
} verbs[] = {
    { "lease-create",
      verb_create,
      { FIELD_LEND_SIZE, FIELD_LEND_QUOTA, FIELD_LEND_LABEL } },
    { "lease-resize",
      verb_resize,
      { FIELD_LEND_TOKEN, FIELD_LEND_SIZE, FIELD_LEND_QUOTA } },
    { "lease-list", verb_list, { FIELD_LEND_TOKEN } },
    { "lease-end", verb_end, { FIELD_LEND_TOKEN } },
    { "pool-set", verb_pool_set, { FIELD_LEND_MEMORY } },
    { "pool-show", verb_pool_show, { NULL } },
};

static bool
has_key(const struct lend_verb *verb, const char *name)
{
    size_t i;

    for (i = 0; verb->keys[i]; i++)
        if (strcmp(verb->keys[i], name) == 0)
            return true;
    return false;
}

/* A key that is misspelled must not be overlooked. */
static int
check_keys(struct lend_call *call, const struct lend_verb *verb)
{
    struct json_object_iterator i = json_object_iter_begin(call->params);
    struct json_object_iterator end = json_object_iter_end(call->params);
    char name[MESSAGE_SIZE];

    for (; !json_object_iter_equal(&i, &end); json_object_iter_next(&i)) {
        if (has_key(verb, json_object_iter_peek_name(&i)))
            continue;
        text_escape(name, sizeof(name), json_object_iter_peek_name(&i));
        return refuse(call, REQUEST_INVALID_PARAMS, "%s has no parameter %s",
                      verb->name, name);
    }
    return 0;
}

static int
call_verb(struct lend_call *call, const char *method)
{
    char name[MESSAGE_SIZE];
    size_t i;
    int r;

    for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verbs[i].name, method) != 0)
            continue;
        r = check_keys(call, &verbs[i]);
        return r < 0 ? r : verbs[i].call(call);
    }
    text_escape(name, sizeof(name), method);
    return refuse(call, REQUEST_UNKNOWN_VERB, "There is no verb %s", name);
}

char *
lend_answer(struct lend *lend, const char *untrusted_line, size_t length,
            size_t *ret_length)
{
    cleanup_json struct json_object *result = json_object_new_object();
    struct request_error error;
    struct request request;
    char *line;
    int r = request_parse(untrusted_line, length, &request, &error);

    if (r == 0) {
        struct lend_call call = { lend, request.params, result, &error };

        r = call_verb(&call, request.method);
    }
    line = r < 0 ? response_error_line(request.id, &error, ret_length)
                 : response_result_line(request.id, result, ret_length);
    request_error_done(&error);
    request_done(&request);
    return line;
}
