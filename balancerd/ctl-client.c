/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads requests one after the other, calls the verbs, writes the answers. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "ctl-client.h"
#include "ctl-lines.h"
#include "log.h"
#include "util/cleanup.h"

#define CLIENTS_MAX 64
/* Those who only read cannot lock root out. */
#define READERS_MAX 32
/* With this much unread, a client's further requests wait. */
#define OUTPUT_HIGH (256 * 1024)

/* Takes line.  Whoever cannot be answered hears nothing more: its end of file
 * comes back as an event, and closes it. */
static void
send_line(struct client *c, char *line, size_t length)
{
    if (!line || length > RESPONSE_LINE_MAX ||
        bufferevent_write(c->bev, line, length) < 0) {
        log_warnx("control socket: no answer for pid %u: it is too long, or "
                  "there is no memory",
                  c->peer.pid);
        c->is_closing = true;
        shutdown(bufferevent_getfd(c->bev), SHUT_RDWR);
    }
    free(line);
}

void
client_send_result(struct client *c, struct json_object *id,
                   struct json_object *result)
{
    size_t length = 0;
    char *line = response_result_line(id, result, &length);

    send_line(c, line, length);
}

void
client_send_error(struct client *c, struct json_object *id,
                  const struct request_error *error)
{
    size_t length = 0;
    char *line = response_error_line(id, error, &length);

    send_line(c, line, length);
}

static size_t
unsent(const struct client *c)
{
    return evbuffer_get_length(bufferevent_get_output(c->bev));
}

/* Answers whole lines as long as the client takes the answers. */
static void
answer_lines(struct client *c)
{
    struct evbuffer *input = bufferevent_get_input(c->bev);

    while (!c->is_closing && !client_is_waiting(c) && unsent(c) < OUTPUT_HIGH) {
        size_t length;
        cleanup_free char *line =
            evbuffer_readln(input, &length, EVBUFFER_EOL_LF);

        if (!line)
            break;
        client_answer(c, line, length);
    }
    if (c->is_closing || client_is_waiting(c) || unsent(c) >= OUTPUT_HIGH ||
        evbuffer_get_length(input) <= REQUEST_LINE_MAX)
        return;
    client_refuse(c, NULL, REQUEST_INVALID, "The request is too long");
    c->is_closing = true;
}

/* Goes on with c: answers what can be answered, closes it when it is done.
 * Nobody can be told of a reservation who has closed its end. */
static void
serve(struct client *c)
{
    bool is_done;

    answer_lines(c);
    is_done = c->is_closing || c->has_ended;
    if ((is_done && unsent(c) == 0) || (c->has_ended && client_is_waiting(c)))
        client_close(c);
}

static void
on_progress(struct bufferevent *bev, void *arg)
{
    (void)bev;
    serve(arg);
}

/* End of file, an error, or nothing happened for too long. */
static void
on_event(struct bufferevent *bev, short what, void *arg)
{
    struct client *c = arg;
    bool is_idle = (what & BEV_EVENT_TIMEOUT) && (what & BEV_EVENT_READING);

    if (is_idle && client_is_waiting(c)) {
        bufferevent_enable(bev, EV_READ);
        return;
    }
    if (!(what & BEV_EVENT_EOF)) {
        client_close(c);
        return;
    }
    c->has_ended = true;
    serve(c);
}

static int
client_open(struct ctl *ctl, int fd, const struct peer *peer)
{
    struct client *c = calloc(1, sizeof(*c));

    if (!c)
        return -ENOMEM;
    c->bev = ctl_lines_open(ctl->base, fd, on_progress, on_event, c);
    if (!c->bev) {
        free(c);
        return -ENOMEM;
    }
    c->ctl = ctl;
    c->peer = *peer;
    TAILQ_INSERT_TAIL(&ctl->clients, c, link);
    ctl->n_clients++;
    ctl->n_readers += !peer->is_root;
    return 0;
}

/* One line before the door is shut; it fits any socket buffer. */
static void
turn_away(int fd, enum request_code code, const char *message)
{
    struct request_error error = { .code = code };
    size_t length = 0;
    cleanup_free char *line = NULL;

    snprintf(error.message, sizeof(error.message), "%s", message);
    line = response_error_line(NULL, &error, &length);
    if (line && send(fd, line, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        log_debug("a client left before it was turned away");
    close(fd);
}

void
client_accept(struct ctl *ctl, int fd)
{
    struct peer peer;
    int r = peer_identify(fd, ctl->config.group, &peer);

    if (r < 0 || !peer.may_read) {
        turn_away(fd, REQUEST_DENIED, "Only root may do that");
        return;
    }
    if (ctl->n_clients >= CLIENTS_MAX ||
        (!peer.is_root && ctl->n_readers >= READERS_MAX)) {
        turn_away(fd, REQUEST_TOO_MANY, "Too many clients are connected");
        return;
    }
    r = client_open(ctl, fd, &peer);
    if (r < 0) {
        log_warn(-r, "a client of the control socket is dropped");
        close(fd);
    }
}

void
client_close(struct client *c)
{
    struct ctl *ctl = c->ctl;

    client_abandon(c);
    TAILQ_REMOVE(&ctl->clients, c, link);
    ctl->n_clients--;
    ctl->n_readers -= !c->peer.is_root;
    bufferevent_free(c->bev);
    free(c);
}
