/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads lines, has them answered, writes the answers; one thread for all. */
#include <config.h>

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

#include "ctl-lines.h"
#include "ctl-listen.h"
#include "ctl-peer.h"
#include "lend-control.h"
#include "lend-verbs.h"
#include "log.h"
#include "proto/request.h"
#include "util/cleanup.h"

#define CLIENTS_MAX 16

struct client {
    TAILQ_ENTRY(client) link;
    struct lend_control *control;
    struct bufferevent *bev;
    bool is_ending; /* nothing more is read */
    bool has_ended; /* its side */
};

struct lend_control {
    struct lend *lend;
    char *path;
    int fd;      /* until the listener has it */
    int stop_fd; /* readable: end */
    pthread_t thread;
    bool is_running;
    struct event_base *base;
    struct event *stop;
    struct evconnlistener *listener;
    TAILQ_HEAD(client_list, client) clients;
    unsigned int n_clients;
};

static void
client_close(struct client *c)
{
    TAILQ_REMOVE(&c->control->clients, c, link);
    c->control->n_clients--;
    bufferevent_free(c->bev);
    free(c);
}

static void
client_answer(struct client *c, const char *line, size_t length)
{
    size_t n = 0;
    cleanup_free char *answer = lend_answer(c->control->lend, line, length, &n);

    if (!answer || bufferevent_write(c->bev, answer, n) < 0)
        c->is_ending = true;
}

/* Longer than a request may be: the answer says so, and it is the last. */
static void
check_length(struct client *c, struct evbuffer *input)
{
    size_t length = evbuffer_get_length(input);

    if (c->is_ending || length <= REQUEST_LINE_MAX)
        return;
    client_answer(c, (const char *)evbuffer_pullup(input, (ev_ssize_t)length),
                  length);
    c->is_ending = true;
}

static void
client_serve(struct client *c)
{
    struct evbuffer *input = bufferevent_get_input(c->bev);
    struct evbuffer *output = bufferevent_get_output(c->bev);

    /* Who does not read its answers gets no more of them. */
    while (!c->is_ending && evbuffer_get_length(output) < REQUEST_LINE_MAX) {
        size_t length;
        cleanup_free char *line =
            evbuffer_readln(input, &length, EVBUFFER_EOL_LF);

        if (!line)
            break;
        client_answer(c, line, length);
    }
    check_length(c, input);
    if ((c->is_ending || c->has_ended) && evbuffer_get_length(output) == 0)
        client_close(c);
}

static void
on_progress(struct bufferevent *bev, void *arg)
{
    (void)bev;
    client_serve(arg);
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
    struct client *c = arg;

    (void)bev;
    if (!(what & BEV_EVENT_EOF)) {
        client_close(c);
        return;
    }
    c->has_ended = true;
    client_serve(c);
}

static int
client_open(struct lend_control *control, int fd)
{
    struct client *c = calloc(1, sizeof(*c));

    if (!c)
        return -ENOMEM;
    c->bev = ctl_lines_open(control->base, fd, on_progress, on_event, c);
    if (!c->bev) {
        free(c);
        return -ENOMEM;
    }
    c->control = control;
    TAILQ_INSERT_TAIL(&control->clients, c, link);
    control->n_clients++;
    return 0;
}

static int
admit(struct lend_control *control, int fd)
{
    struct peer peer;
    int r = peer_identify(fd, (gid_t)-1, &peer);

    if (r < 0)
        return r;
    if (!peer.is_root)
        return -EACCES;
    if (control->n_clients >= CLIENTS_MAX)
        return -EUSERS;
    return client_open(control, fd);
}

static void
on_connection(struct evconnlistener *listener, evutil_socket_t fd,
              struct sockaddr *address, int length, void *arg)
{
    int r = admit(arg, fd);

    (void)listener;
    (void)address;
    (void)length;
    if (r < 0) {
        log_warn(-r, "control socket: a client is turned away");
        close(fd);
    }
}

static void
on_stop(evutil_socket_t fd, short what, void *arg)
{
    struct lend_control *control = arg;

    (void)fd;
    (void)what;
    event_base_loopbreak(control->base);
}

static void *
serve(void *arg)
{
    struct lend_control *control = arg;

    event_base_dispatch(control->base);
    return NULL;
}

int
lend_control_open(struct lend_control **ret, const char *path,
                  struct lend *lend)
{
    struct lend_control *control = calloc(1, sizeof(*control));
    int r;

    if (!control)
        return -ENOMEM;
    TAILQ_INIT(&control->clients);
    control->lend = lend;
    control->fd = -1;
    control->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    control->path = strdup(path);
    r = control->stop_fd < 0 || !control->path ? -ENOMEM : 0;
    if (r == 0)
        r = ctl_listen(path, (gid_t)-1, &control->fd);
    if (r < 0) {
        lend_control_close(control);
        return r;
    }
    *ret = control;
    return 0;
}

static int
make_events(struct lend_control *control)
{
    control->base = event_base_new();
    if (!control->base)
        return -ENOMEM;
    control->stop =
        event_new(control->base, control->stop_fd, EV_READ, on_stop, control);
    if (!control->stop || event_add(control->stop, NULL) < 0)
        return -ENOMEM;
    control->listener =
        evconnlistener_new(control->base, on_connection, control,
                           LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0,
                           control->fd);
    return control->listener ? 0 : -ENOMEM;
}

int
lend_control_start(struct lend_control *control)
{
    int r = make_events(control);

    if (r < 0)
        return r;
    r = -pthread_create(&control->thread, NULL, serve, control);
    control->is_running = r == 0;
    return r;
}

static void
stop_thread(struct lend_control *control)
{
    static const uint64_t one = 1;

    if (!control->is_running)
        return;
    if (write(control->stop_fd, &one, sizeof(one)) == (ssize_t)sizeof(one))
        pthread_join(control->thread, NULL);
}

struct lend_control *
lend_control_close(struct lend_control *control)
{
    if (!control)
        return NULL;
    stop_thread(control);
    while (!TAILQ_EMPTY(&control->clients))
        client_close(TAILQ_FIRST(&control->clients));
    if (control->listener)
        evconnlistener_free(control->listener);
    else if (control->fd >= 0)
        close(control->fd);
    if (control->fd >= 0)
        unlink(control->path);
    if (control->stop)
        event_free(control->stop);
    if (control->base)
        event_base_free(control->base);
    if (control->stop_fd >= 0)
        close(control->stop_fd);
    free(control->path);
    free(control);
    return NULL;
}
