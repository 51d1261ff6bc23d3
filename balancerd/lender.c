/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks at lendmem every now and then, and tells what has changed. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>
#include <json-c/json.h>

#include "lender-private.h"
#include "note.h"
#include "proto/fields-lend.h"
#include "proto/params.h"
#include "tick.h"
#include "util/clock.h"
#include "util/units.h"

uint64_t
lender_now_ms(const struct lender *lender)
{
    return lender->b->host->ops->now_ms(lender->b->host);
}

struct lent *
lender_lent(const struct lender *lender)
{
    return lender->lent;
}

uint64_t
lender_grace_ms(const struct lender *lender)
{
    return lender->grace_ms;
}

void
lender_set_wake(struct lender *lender, lender_wake_fn *fn, void *arg)
{
    lender->wake = fn;
    lender->wake_arg = arg;
}

void
lender_wake(const struct lender *lender)
{
    if (lender->wake)
        lender->wake(lender->wake_arg);
}

/* --- what lendmem says ---------------------------------------------------- */

static void
take_pool(struct lender *lender, struct json_object *o)
{
    struct lent_pool *p = &lender->lent->pool;

    p->is_up = true;
    p->memory_kib = json_get_number(o, FIELD_LEND_MEMORY_KIB);
    p->memory_max_kib = json_get_number(o, FIELD_LEND_MEMORY_MAX);
    p->promised_kib = json_get_number(o, FIELD_LEND_PROMISED);
    p->stored_kib = json_get_number(o, FIELD_LEND_STORED);
    p->held_kib = json_get_number(o, FIELD_LEND_HELD);
}

static void
take_lease(struct lent *lent, struct json_object *o)
{
    struct lent_lease l = {
        .number = json_get_number(o, FIELD_LEND_NUMBER),
        .size_kib = json_get_number(o, FIELD_LEND_SIZE_KIB),
        .quota_kib = json_get_number(o, FIELD_LEND_QUOTA_KIB),
        .stored_kib = sat_add(json_get_number(o, FIELD_LEND_STORED),
                              json_get_number(o, FIELD_LEND_TABLE)),
        .connections = json_get_number(o, FIELD_LEND_CONNECTIONS),
        .idle_s = json_get_number(o, FIELD_LEND_IDLE),
    };

    snprintf(l.token, sizeof(l.token), "%s", json_text(o, FIELD_LEND_TOKEN));
    lent_split(json_text(o, FIELD_LEND_LABEL), &l);
    lent_take(lent, &l);
}

static void
tell_gone(void *arg, const struct lent_lease *l)
{
    struct lender *lender = arg;

    note(lender->b, EVENTS_LEASE_ENDED,
         "lease %" PRIu64 " of %s for %s has ended: %" PRIu64 " KiB are back",
         l->number, l->peer[0] ? l->peer : "nobody", l->volume, l->quota_kib);
    if (l->is_recalled)
        lender_forget_recall(lender, l->number);
}

void
lender_take_leases(struct lender *lender, struct json_object *result)
{
    struct json_object *list = json_get_array(result, FIELD_LEND_LEASES);
    size_t n = list ? (size_t)json_object_array_length(list) : 0, i;

    if (!list)
        return;
    lent_begin(lender->lent);
    for (i = 0; i < n; i++)
        take_lease(lender->lent, json_object_array_get_idx(list, i));
    lent_end(lender->lent, tell_gone, lender);
    lender_restore_recalls(lender);
}

/* --- looking -------------------------------------------------------------- */

/* Who lends nothing need not have a lendmem, but may have had one. */
static bool
is_lending(const struct lender *lender)
{
    return lender->lent->lend_max_kib > 0 || lender->lent->pool.is_up;
}

static void
look_again(struct lender *lender)
{
    static const struct timeval delay = { .tv_sec = LENDER_LOOK_S };
    struct lent_lease *l;

    while ((l = lent_overdue(lender->lent, lender_now_ms(lender))))
        note(lender->b, EVENTS_LEASE_OVERDUE,
             "lease %" PRIu64 " of %s for %s is not back in time; to end it "
             "costs its volume a replica, but no data",
             l->number, l->peer, l->volume);
    if (is_lending(lender))
        evtimer_add(lender->look, &delay);
}

static void
tell_down(struct lender *lender, int r)
{
    struct lent_pool *p = &lender->lent->pool;

    if (p->is_up || (lender->lent->lend_max_kib > 0 && !lender->is_told_down))
        note(lender->b, EVENTS_LENDER_DOWN,
             "lendmem does not answer at %s: %s; nothing new is lent",
             lender->path, strerror(-r));
    lender->is_told_down = true;
    p->is_up = false;
    /* Nobody is there who could hold any memory. */
    if (r == -ECONNREFUSED || r == -ENOENT) {
        p->promised_kib = 0;
        lender_fit_dom0(lender);
    }
}

static void
on_set(void *arg, int r, const struct response *response)
{
    struct lender *lender = arg;

    if (r == 0 && response->error)
        note(lender->b, EVENTS_LENDER_DOWN,
             "lendmem does not take %" PRIu64 " KiB as its pool: %s",
             lender->lent->lend_max_kib,
             json_text(response->error, FIELD_MESSAGE));
}

/* The pool holds what is configured, as far as lendmem was started for it. */
static void
set_pool(struct lender *lender)
{
    const struct lent_pool *p = &lender->lent->pool;
    uint64_t wanted_kib =
        min_u64(lender->lent->lend_max_kib, p->memory_max_kib);
    cleanup_json struct json_object *params = NULL;
    char text[32];

    if (p->memory_kib == wanted_kib)
        return;
    params = json_object_new_object();
    snprintf(text, sizeof(text), "%" PRIu64 "KiB", wanted_kib);
    json_set_text(params, FIELD_LEND_MEMORY, text);
    lend_client_ask(lender->client, "pool-set", params, on_set, lender);
}

static void
on_leases(void *arg, int r, const struct response *response)
{
    struct lender *lender = arg;

    if (r == 0 && response->result)
        lender_take_leases(lender, response->result);
    look_again(lender);
}

static void
on_pool(void *arg, int r, const struct response *response)
{
    struct lender *lender = arg;
    bool was_up = lender->lent->pool.is_up;

    if (r < 0 || !response->result) {
        tell_down(lender, r < 0 ? r : -EPROTO);
        look_again(lender);
        return;
    }
    take_pool(lender, response->result);
    if (!was_up)
        note(lender->b, EVENTS_LENDER_UP,
             "lendmem answers; it can lend up to %" PRIu64 " KiB",
             min_u64(lender->lent->lend_max_kib,
                     lender->lent->pool.memory_max_kib));
    lender->is_told_down = false;
    set_pool(lender);
    lender_fit_dom0(lender);
    lender_measure(lender);
    if (lend_client_ask(lender->client, "lease-list", NULL, on_leases, lender) <
        0)
        look_again(lender);
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
    struct lender *lender = arg;

    (void)fd;
    (void)what;
    if (lender->has_looked && !is_lending(lender))
        return;
    lender->has_looked = true;
    if (lend_client_ask(lender->client, "pool-show", NULL, on_pool, lender) < 0)
        look_again(lender);
}

/* --- beginning and end ---------------------------------------------------- */

void
lender_configure(struct lender *lender, const struct conf *c)
{
    lender->lent->lend_max_kib = c->lend_max_kib;
    lender->lent->port = (uint16_t)c->lend_port;
    lender->grace_ms = c->lend_grace_ms;
    lender->slack_kib = c->lend_slack_kib;
    /* Until lendmem has said what is lent, domain 0 stays as it is. */
    if (lender->lent->pool.is_up)
        lender_fit_dom0(lender);
    event_active(lender->look, EV_TIMEOUT, 0);
}

int
lender_open(struct lender **ret, struct event_base *base, const struct conf *c,
            struct balancer *b)
{
    struct lender *lender = calloc(1, sizeof(*lender));

    if (!lender)
        return -ENOMEM;
    TAILQ_INIT(&lender->jobs);
    lender->b = b;
    lender->base = base;
    snprintf(lender->path, sizeof(lender->path), "%s", c->lend_socket);
    lender->lent = calloc(1, sizeof(*lender->lent));
    lender->client = lend_client_new(base, lender->path);
    lender->look = evtimer_new(base, on_look, lender);
    if (!lender->lent || !lender->client || !lender->look) {
        lender_close(lender);
        return -ENOMEM;
    }
    lender_remember_dom0(lender);
    lender_configure(lender, c);
    b->lender = lender;
    b->count_returns = lender_count_returns;
    *ret = lender;
    return 0;
}

struct lender *
lender_close(struct lender *lender)
{
    if (!lender)
        return NULL;
    lender->b->count_returns = NULL;
    lender_drop_jobs(lender);
    lend_client_free(lender->client);
    if (lender->look)
        event_free(lender->look);
    free(lender->lent);
    free(lender);
    return NULL;
}
