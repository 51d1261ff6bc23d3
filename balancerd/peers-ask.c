/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is asked of peers: each has an end, be it its deadline. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>
#include <json-c/json.h>

#include "peers-private.h"
#include "proto/fields-peer.h"
#include "proto/request.h"
#include "util/cleanup.h"
#include "util/clock.h"

enum ask_kind {
    ASK_PING,
    ASK_LEASES,
    ASK_END
};

struct peers_ask {
    TAILQ_ENTRY(peers_ask) link;
    struct peers *peers;
    struct peers_peer *peer; /* NULL: it was never sent */
    uint64_t id;
    enum ask_kind kind;
    peers_answer_fn *fn;
    void *arg;
    struct event *timer;
    int r; /* what its end by the timer means */
    char why[PEERS_ERROR_SIZE];
};

static void
free_ask(struct peers_ask *ask)
{
    TAILQ_REMOVE(&ask->peers->asks, ask, link);
    if (ask->timer)
        event_free(ask->timer);
    free(ask);
}

/* Takes the ask. */
static void
finish(struct peers_ask *ask, const struct peers_answer *answer)
{
    peers_answer_fn *fn = ask->fn;
    void *arg = ask->arg;

    free_ask(ask);
    fn(arg, answer);
}

static void
fail(struct peers_ask *ask, int r, const char *why)
{
    char copy[PEERS_ERROR_SIZE];
    const struct peers_answer answer = { .r = r, .error = copy };

    snprintf(copy, sizeof(copy), "%s", why);
    if (ask->kind == ASK_PING)
        free_ask(ask);
    else
        finish(ask, &answer);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct peers_ask *ask = arg;

    (void)fd;
    (void)what;
    fail(ask, ask->r, ask->why);
}

static void
take_leases(struct peers_ask *ask, struct json_object *result)
{
    cleanup_free struct peers_lease *leases =
        calloc(PEER_LEASES_MAX, sizeof(*leases));
    struct peers_answer answer = { .error = "", .leases = leases };
    int r = leases
                ? peer_proto_read_leases(result, ask->peer->entry.address.host,
                                         leases, &answer.n_leases)
                : -ENOMEM;

    if (r < 0)
        fail(ask, -EIO, "its answer makes no sense");
    else
        finish(ask, &answer);
}

static void
take_result(struct peers_ask *ask, struct json_object *result)
{
    static const struct peers_answer nothing = { .error = "" };
    struct peers_peer *peer = ask->peer;

    switch (ask->kind) {
    case ASK_PING:
        free_ask(ask);
        peers_on_ping(peer, result);
        break;
    case ASK_LEASES:
        take_leases(ask, result);
        break;
    case ASK_END:
        finish(ask, &nothing);
        break;
    }
}

static void
take_error(struct peers_ask *ask, struct json_object *error)
{
    struct peers_peer *peer = ask->peer;
    char why[PEERS_ERROR_SIZE];
    int r = peer_proto_read_error(error, why);

    if (ask->kind == ASK_PING) {
        free_ask(ask);
        peers_on_ping(peer, NULL);
    } else {
        fail(ask, r, why);
    }
}

void
peers_take_answer(struct peers_peer *peer, const char *line, size_t length)
{
    struct peers_ask *ask;
    struct response response;
    uint64_t id;

    if (response_read(line, length, &id, &response) < 0)
        return;
    TAILQ_FOREACH(ask, &peer->peers->asks, link)
        if (ask->peer == peer && ask->id == id)
            break;
    /* One that comes after its deadline is nobody's. */
    if (ask && response.error)
        take_error(ask, response.error);
    else if (ask)
        take_result(ask, response.result);
    response_done(&response);
}

static struct peers_ask *
first_of(const struct peers_peer *peer)
{
    struct peers_ask *ask;

    TAILQ_FOREACH(ask, &peer->peers->asks, link)
        if (ask->peer == peer)
            return ask;
    return NULL;
}

void
peers_fail_asks(struct peers_peer *peer, int r, const char *why)
{
    struct peers_ask *ask;

    while ((ask = first_of(peer)))
        fail(ask, r, why);
}

void
peers_drop_asks(struct peers *peers)
{
    while (!TAILQ_EMPTY(&peers->asks))
        free_ask(TAILQ_FIRST(&peers->asks));
}

void
peers_forget(struct peers *peers, const void *arg)
{
    struct peers_ask *ask = TAILQ_FIRST(&peers->asks), *next;

    for (; ask; ask = next) {
        next = TAILQ_NEXT(ask, link);
        if (ask->kind != ASK_PING && ask->arg == arg)
            free_ask(ask);
    }
}

static struct peers_ask *
new_ask(struct peers *peers, enum ask_kind kind)
{
    struct peers_ask *ask = calloc(1, sizeof(*ask));

    if (!ask)
        return NULL;
    ask->peers = peers;
    ask->kind = kind;
    ask->id = ++peers->last_id;
    ask->r = -ETIMEDOUT;
    snprintf(ask->why, sizeof(ask->why), "it has not answered in time");
    TAILQ_INSERT_TAIL(&peers->asks, ask, link);
    ask->timer = evtimer_new(peers->base, on_timer, ask);
    if (ask->timer)
        return ask;
    free_ask(ask);
    return NULL;
}

static int
send_ask(struct peers_ask *ask, struct peers_peer *peer, const char *method,
         struct json_object *params)
{
    size_t length = 0;
    cleanup_free char *line = request_line(ask->id, method, params, &length);
    int r = line ? peer_link_send(peer->link, line, length - 1) : -ENOMEM;

    if (r == 0)
        ask->peer = peer;
    return r;
}

int
peers_send_ping(struct peers_peer *peer)
{
    struct peers_ask *ask = new_ask(peer->peers, ASK_PING);
    int r = ask ? send_ask(ask, peer, PEER_METHOD_PING, NULL) : -ENOMEM;

    if (r < 0 && ask)
        free_ask(ask);
    return r;
}

/* What cannot be sent fails, too, from the loop. */
static void
set_end(struct peers_ask *ask, const char *name, int r)
{
    const struct peers_peer *peer = peers_peer_find(ask->peers, name);
    struct timeval delay = clock_timeval(PEERS_DEADLINE_MS);

    if (r < 0) {
        delay = clock_timeval(0);
        ask->r = r;
        snprintf(ask->why, sizeof(ask->why), "%s",
                 r == -ENOENT     ? "there is no such peer"
                 : r == -ENOTCONN ? peer->status.why_down
                                  : strerror(-r));
    }
    evtimer_add(ask->timer, &delay);
}

struct asking {
    const char *method;
    const char *volume; /* NULL */
    uint64_t size_kib;  /* 0 */
    enum ask_kind kind;
    peers_answer_fn *fn;
    void *arg;
};

static int
ask_peer(struct peers *peers, const char *name, const struct asking *asking)
{
    struct peers_peer *peer = peers_peer_find(peers, name);
    cleanup_json struct json_object *params =
        peer_proto_params(asking->volume, asking->size_kib);
    struct peers_ask *ask = params ? new_ask(peers, asking->kind) : NULL;
    int r = peer ? 0 : -ENOENT;

    if (!ask)
        return -ENOMEM;
    ask->fn = asking->fn;
    ask->arg = asking->arg;
    if (r == 0 && asking->volume && !peer_volume_is_valid(asking->volume))
        r = -EINVAL;
    if (r == 0 && !peer->status.is_up)
        r = -ENOTCONN;
    if (r == 0)
        r = send_ask(ask, peer, asking->method, params);
    set_end(ask, name, r);
    return 0;
}

int
peers_lease_create(struct peers *peers, const char *peer,
                   const struct peers_wish *wish, peers_answer_fn *fn,
                   void *arg)
{
    const struct asking asking = {
        PEER_METHOD_CREATE, wish->volume, wish->size_kib, ASK_LEASES, fn, arg
    };

    return ask_peer(peers, peer, &asking);
}

int
peers_lease_resize(struct peers *peers, const char *peer,
                   const struct peers_wish *wish, peers_answer_fn *fn,
                   void *arg)
{
    const struct asking asking = {
        PEER_METHOD_RESIZE, wish->volume, wish->size_kib, ASK_LEASES, fn, arg
    };

    return ask_peer(peers, peer, &asking);
}

int
peers_lease_end(struct peers *peers, const char *peer, const char *volume,
                peers_answer_fn *fn, void *arg)
{
    const struct asking asking = {
        PEER_METHOD_END, volume, 0, ASK_END, fn, arg
    };

    return ask_peer(peers, peer, &asking);
}

int
peers_lease_list(struct peers *peers, const char *peer, peers_answer_fn *fn,
                 void *arg)
{
    const struct asking asking = { PEER_METHOD_LIST, NULL, 0,
                                   ASK_LEASES,       fn,   arg };

    return ask_peer(peers, peer, &asking);
}
