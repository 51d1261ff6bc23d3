/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks the balancer for what the scenario's clients want. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "settings-text.h"
#include "settings.h"
#include "swap-keep.h"
#include "util/cleanup.h"

#define OWNER "scenario"

/* The balancer has decided after a while. */
static void
take_decision(void *arg, const struct reservation *r, bool is_granted,
              const char *why)
{
    struct play *p = arg;

    for (size_t i = 0; i < p->n_promises; i++) {
        struct promise *promise = &p->promises[i];

        if (strcmp(promise->id, r->id) != 0)
            continue;
        promise->state = is_granted ? PROMISE_GRANTED : PROMISE_REFUSED_LATER;
        promise->kib = r->kib;
        promise->decided_ms = p->world->now_ms;
        snprintf(promise->why, sizeof(promise->why), "%s", why);
        if (!p->how->is_quiet)
            fprintf(p->record, "           %s is %s%s%s\n", promise->name,
                    is_granted ? "granted" : "refused", why[0] ? ": " : "",
                    why);
    }
}

static void
remember_targets(struct play *p, struct promise *promise)
{
    promise->targets = calloc(p->world->n + 1, sizeof(struct target));
    if (!promise->targets)
        return;
    promise->n_targets = p->world->n;
    for (size_t i = 0; i < p->world->n; i++)
        promise->targets[i] = (struct target){
            .domid = p->world->guests[i].facts.domid,
            .kib = p->world->guests[i].facts.target_kib,
        };
}

/* The uuid of a domain that is there or is yet to be created; or NULL. */
static const char *
uuid_of(const struct play *p, uint32_t domid)
{
    const struct sim_guest *g = sim_world_find(p->world, domid);
    const struct sim_scenario *s = &p->world->scenario;

    for (size_t i = 0; !g && i < s->n_guests; i++)
        if (s->guests[i].facts.domid == domid)
            g = &s->guests[i];
    return g ? g->facts.uuid : NULL;
}

static int
ask_reserve(struct play *p, const struct request *request)
{
    struct book_ask ask = {
        .min_kib = request->min_kib,
        .max_kib = request->max_kib,
        .overhead_kib = request->overhead_kib,
        .ttl_ms = request->ttl_ms,
        .wait_ms = request->wait_ms,
        .owner = OWNER,
        .key = request->key[0] ? request->key : NULL,
        .uuid = uuid_of(p, request->domid),
        .is_for_next = request->is_for_next,
    };
    struct promise *promise = &p->promises[p->n_promises];
    struct reservation made;
    int r;

    if (p->n_promises == PLAY_PROMISES_MAX)
        return -EDQUOT;
    *promise = (struct promise){
        .asked_ms = p->world->now_ms,
        .decided_ms = p->world->now_ms,
        .starts = request->starts,
    };
    p->n_promises++;
    snprintf(promise->name, sizeof(promise->name), "%s", request->name);
    remember_targets(p, promise);
    r = book_reserve(&p->balancer, &ask, &made, NULL, promise->why);
    if (r == 0) {
        memcpy(promise->id, made.id, sizeof(promise->id));
        promise->state =
            made.state == RESERVE_GRANTED ? PROMISE_GRANTED : PROMISE_PENDING;
        promise->kib = made.kib;
    } else {
        promise->state = PROMISE_REFUSED_AT_ONCE;
        if (!p->how->is_quiet)
            fprintf(p->record, "           refused: %s\n", promise->why);
    }
    /* Whether that is what should happen is for [expect] to say. */
    return r == -ENOSPC && request->result == 0 ? 0 : r;
}

/* What is to last of the domain; as the verbs of balancerctl do it. */
static int
ask_settings(struct play *p, const struct request *request, char *error)
{
    const char *uuid = uuid_of(p, request->domid);
    struct settings wanted;
    unsigned fields = SETTINGS_PIN;

    if (!uuid)
        return -ESRCH;
    settings_init(&wanted, uuid);
    if (request->kind == REQUEST_RANGE) {
        fields = SETTINGS_LIMITS;
        wanted.limits.dynamic_min_kib = request->min_kib;
        wanted.limits.dynamic_max_kib = request->max_kib;
    } else if (request->kind == REQUEST_WEIGHT) {
        fields = SETTINGS_WEIGHT;
        wanted.weight = request->weight;
    } else if (request->kind == REQUEST_PIN) {
        wanted.pin_kib = request->min_kib;
    } else if (request->kind == REQUEST_SWAP_POLICY) {
        fields = SETTINGS_SWAP;
        if (settings_swap_parse(request->name, &wanted.swap) < 0)
            return -EINVAL;
    }
    return book_change_settings(&p->balancer, &wanted, fields, NULL, error);
}

static int
ask_forget(struct play *p, const struct request *request, char *error)
{
    const char *uuid = uuid_of(p, request->domid);

    return uuid ? book_forget_settings(&p->balancer, uuid, error) : -ESRCH;
}

/* What kill -9 leaves: the world, xenstore, and settings on disk. */
static int
restart(struct play *p)
{
    struct balancer *b = &p->balancer;
    struct settings_table kept = b->settings;
    cleanup_free char *volumes = swap_keep_format(&b->swap);
    char error[SWAP_KEEP_ERROR_SIZE];
    int r;

    b->settings = (struct settings_table){ 0 };
    balancer_done(b);
    r = balancer_init(b, p->host, &p->engines, &p->script->tuning);
    b->settings = kept;
    if (r == 0 && volumes)
        r = swap_keep_parse(volumes, strlen(volumes), &b->swap, error);
    play_lend(p);
    play_record_decisions(p);
    b->decided = take_decision;
    b->client_arg = p;
    return r;
}

static int
ask(struct play *p, const struct request *request, char *error)
{
    struct balancer *b = &p->balancer;
    const struct promise *promise = play_promise(p, request->name);
    const char *id = promise ? promise->id : "";

    switch (request->kind) {
    case REQUEST_RESERVE:
        return ask_reserve(p, request);
    case REQUEST_RELEASE:
        return book_release(b, id, error);
    case REQUEST_EXTEND:
        return book_extend(b, id, request->ttl_ms, error);
    case REQUEST_TRANSFER:
        return book_transfer(b, id, request->domid, error);
    case REQUEST_RANGE:
    case REQUEST_WEIGHT:
    case REQUEST_PIN:
    case REQUEST_UNPIN:
    case REQUEST_SWAP_POLICY:
        return ask_settings(p, request, error);
    case REQUEST_FORGET:
        return ask_forget(p, request, error);
    case REQUEST_BALANCE:
        b->is_asked = true;
        return 0;
    case REQUEST_RESTART:
        return restart(p);
    }
    return -EINVAL;
}

void
play_requests(struct play *p)
{
    const struct script *s = p->script;

    p->balancer.decided = take_decision;
    p->balancer.client_arg = p;
    while (p->next_request < s->n_requests &&
           s->requests[p->next_request].at_ms <= p->world->now_ms) {
        const struct request *request = &s->requests[p->next_request++];
        char error[BOOK_ERROR_SIZE] = "";
        int r;

        if (!p->how->is_quiet)
            fprintf(p->record, "           > %s\n", request->text);
        r = ask(p, request, error);
        if (r != request->result)
            play_fail(p, "\"%s\": %s%s%s", request->text,
                      r < 0 ? strerror(-r) : "succeeded", error[0] ? ": " : "",
                      error);
    }
}

/* What never came to be has no destiny. */
static void
forget_events(struct sim_world *w, uint32_t domid)
{
    struct sim_scenario *s = &w->scenario;
    size_t n = w->next_event;

    for (size_t i = w->next_event; i < s->n_events; i++) {
        bool is_about =
            s->events[i].kind < SIM_EVENT_WRITE && s->events[i].domid == domid;

        if (!is_about)
            s->events[n++] = s->events[i];
    }
    s->n_events = n;
}

void
play_starts(struct play *p)
{
    for (size_t i = 0; i < p->n_promises; i++) {
        struct promise *promise = &p->promises[i];
        const struct sim_event create = {
            .kind = SIM_EVENT_CREATE,
            .domid = promise->starts,
        };

        if (promise->state == PROMISE_PENDING || promise->starts == UINT32_MAX)
            continue;
        promise->starts = UINT32_MAX;
        if (promise->state != PROMISE_GRANTED) {
            forget_events(p->world, create.domid);
            continue;
        }
        if (sim_world_do(p->world, &create) < 0)
            play_fail(p,
                      "%s was granted, but domain %" PRIu32
                      " cannot be created",
                      promise->name, create.domid);
    }
}
