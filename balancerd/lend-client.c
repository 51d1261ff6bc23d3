/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A queue of requests, a connection while there is something to ask. */
#include <config.h>

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "lend-client.h"
#include "proto/request.h"
#include "util/cleanup.h"

/* 1024 leases at their longest. */
#define ANSWER_MAX (2 * 1024 * 1024)

struct question {
    TAILQ_ENTRY(question) link;
    uint64_t id;
    lend_client_fn *fn;
    void *arg;
};

struct lend_client {
    struct event_base *base;
    struct sockaddr_un address;
    struct bufferevent *bev; /* NULL: not connected */
    struct event *deadline;  /* of the oldest question */
    struct event *failure;   /* active: give up, with error */
    int error;
    uint64_t last_id;
    TAILQ_HEAD(question_list, question) questions;
};

static void
set_deadline(struct lend_client *c)
{
    static const struct timeval delay = { .tv_sec = LEND_CLIENT_DEADLINE_S };

    if (TAILQ_EMPTY(&c->questions))
        evtimer_del(c->deadline);
    else
        evtimer_add(c->deadline, &delay);
}

static void
disconnect(struct lend_client *c)
{
    if (c->bev)
        bufferevent_free(c->bev);
    c->bev = NULL;
}

/* Of those that were asked so far; who is called may ask again. */
static void
fail_all(struct lend_client *c, int r)
{
    struct question_list failed = TAILQ_HEAD_INITIALIZER(failed);

    disconnect(c);
    TAILQ_CONCAT(&failed, &c->questions, link);
    set_deadline(c);
    while (!TAILQ_EMPTY(&failed)) {
        struct question *q = TAILQ_FIRST(&failed);

        TAILQ_REMOVE(&failed, q, link);
        q->fn(q->arg, r, NULL);
        free(q);
    }
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    fail_all(arg, -ETIMEDOUT);
}

static void
on_failure(evutil_socket_t fd, short what, void *arg)
{
    struct lend_client *c = arg;

    (void)fd;
    (void)what;
    fail_all(c, c->error);
}

static void
fail_later(struct lend_client *c, int r)
{
    c->error = r;
    event_active(c->failure, EV_TIMEOUT, 0);
}

/* An answer that is not the one that is due ends the connection. */
static int
take_answer(struct lend_client *c, const char *line, size_t length)
{
    struct question *q = TAILQ_FIRST(&c->questions);
    struct response response;

    if (!q || response_parse(line, length, q->id, &response) < 0)
        return -EPROTO;
    TAILQ_REMOVE(&c->questions, q, link);
    set_deadline(c);
    q->fn(q->arg, 0, &response);
    free(q);
    response_done(&response);
    return 0;
}

static void
on_read(struct bufferevent *bev, void *arg)
{
    struct evbuffer *input = bufferevent_get_input(bev);
    struct lend_client *c = arg;
    int r = 0;

    while (r == 0) {
        size_t length;
        cleanup_free char *line =
            evbuffer_readln(input, &length, EVBUFFER_EOL_LF);

        if (!line)
            break;
        r = take_answer(c, line, length);
    }
    if (r == 0 && evbuffer_get_length(input) > ANSWER_MAX)
        r = -EMSGSIZE;
    if (r < 0)
        fail_later(c, r);
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
    (void)bev;
    if (what & BEV_EVENT_EOF)
        fail_later(arg, -ECONNRESET);
    else if (what & BEV_EVENT_ERROR)
        fail_later(arg, errno ? -errno : -EIO);
}

static int
connect_to_lendmem(struct lend_client *c)
{
    if (c->bev)
        return 0;
    c->bev = bufferevent_socket_new(c->base, -1, BEV_OPT_CLOSE_ON_FREE);
    if (!c->bev)
        return -ENOMEM;
    bufferevent_setcb(c->bev, on_read, NULL, on_event, c);
    bufferevent_setwatermark(c->bev, EV_READ, 0, ANSWER_MAX + 1);
    bufferevent_enable(c->bev, EV_READ | EV_WRITE);
    if (bufferevent_socket_connect(c->bev, (struct sockaddr *)&c->address,
                                   sizeof(c->address)) < 0)
        fail_later(c, errno ? -errno : -EIO);
    return 0;
}

int
lend_client_ask(struct lend_client *c, const char *verb,
                struct json_object *params, lend_client_fn *fn, void *arg)
{
    struct question *q = calloc(1, sizeof(*q));
    size_t length = 0;
    cleanup_free char *line = request_line(++c->last_id, verb, params, &length);

    if (!q || !line || connect_to_lendmem(c) < 0 ||
        bufferevent_write(c->bev, line, length) < 0) {
        free(q);
        return -ENOMEM;
    }
    q->id = c->last_id;
    q->fn = fn;
    q->arg = arg;
    TAILQ_INSERT_TAIL(&c->questions, q, link);
    if (TAILQ_FIRST(&c->questions) == q)
        set_deadline(c);
    return 0;
}

struct lend_client *
lend_client_new(struct event_base *base, const char *path)
{
    struct lend_client *c = calloc(1, sizeof(*c));
    size_t length = strlen(path);

    if (!c || length >= sizeof(c->address.sun_path)) {
        free(c);
        return NULL;
    }
    c->base = base;
    c->address.sun_family = AF_UNIX;
    memcpy(c->address.sun_path, path, length + 1);
    TAILQ_INIT(&c->questions);
    c->deadline = evtimer_new(base, on_deadline, c);
    c->failure = event_new(base, -1, 0, on_failure, c);
    return c->deadline && c->failure ? c : lend_client_free(c);
}

struct lend_client *
lend_client_free(struct lend_client *c)
{
    if (!c)
        return NULL;
    while (!TAILQ_EMPTY(&c->questions)) {
        struct question *q = TAILQ_FIRST(&c->questions);

        TAILQ_REMOVE(&c->questions, q, link);
        free(q);
    }
    disconnect(c);
    if (c->deadline)
        event_free(c->deadline);
    if (c->failure)
        event_free(c->failure);
    free(c);
    return NULL;
}
