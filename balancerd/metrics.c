/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evhttp parses; here is what it may cost. */
#include <config.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "log.h"
#include "metrics-listen.h"
#include "metrics.h"
#include "util/clock.h"
#include "util/units.h"

/* At once.  A slot is free again at a sweep: that makes 320 answers a second
 * at most, a twentieth of a core. */
#define CONNECTIONS 16
#define SWEEP_MS    50
/* From first to last byte: a request is one packet, an answer 100 KiB. */
#define LIFETIME_MS 5000
/* Scrapes that come closer together get the same text. */
#define FRESH_MS 100
/* A request's; browsers send less than 2 KiB. */
#define HEADERS_MAX 8192
#define BODY_MAX    1024
#define BACKLOG     16

#define CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct connection {
    struct bufferevent *stream; /* NULL: a free slot */
    uint64_t since_ms;
};

struct metrics {
    struct metrics_config config;
    struct evhttp *http;
    struct evconnlistener *listener; /* the server's, once it is bound */
    struct event *sweeper;           /* pending while there is a connection */
    struct connection connections[CONNECTIONS];
    struct evbuffer *text;
    uint64_t text_ms; /* when that was made; 0: never */
    bool has_told;    /* that nobody can be let in */
};

static void
sweep_later(struct metrics *m)
{
    const struct timeval delay = clock_timeval(SWEEP_MS);

    if (!event_pending(m->sweeper, EV_TIMEOUT, NULL))
        event_add(m->sweeper, &delay);
}

/* The server has no word for "closed": it takes its callbacks off a stream when
 * it lets go of it. */
static bool
is_over(struct bufferevent *stream)
{
    bufferevent_event_cb on_event;
    bufferevent_data_cb on_read, on_write;
    void *arg;

    bufferevent_getcb(stream, &on_read, &on_write, &on_event, &arg);
    return !on_read && !on_write && !on_event;
}

/* Who is too slow is hung up on; the server hears of it as of any other end. */
static bool
sweep_connection(struct connection *c, uint64_t now_ms)
{
    if (!c->stream)
        return true;
    if (is_over(c->stream)) {
        bufferevent_decref(c->stream);
        c->stream = NULL;
        return true;
    }
    if (now_ms - c->since_ms >= LIFETIME_MS)
        shutdown(bufferevent_getfd(c->stream), SHUT_RDWR);
    return false;
}

static void
on_sweep(evutil_socket_t fd, short what, void *arg)
{
    struct metrics *m = arg;
    uint64_t now_ms = clock_monotonic_ms();
    size_t n_free = 0;

    (void)fd;
    (void)what;
    for (size_t i = 0; i < CONNECTIONS; i++)
        n_free += sweep_connection(&m->connections[i], now_ms);
    if (n_free > 0)
        evconnlistener_enable(m->listener);
    if (n_free < CONNECTIONS)
        sweep_later(m);
}

/* The server asks for a stream for a connection that it has accepted.  With the
 * last slot taken nobody else is let in. */
static struct bufferevent *
on_new_stream(struct event_base *base, void *arg)
{
    struct metrics *m = arg;
    struct bufferevent *stream = bufferevent_socket_new(base, -1, 0);
    struct connection *slot = NULL;
    size_t n_free = 0;

    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (m->connections[i].stream)
            continue;
        slot = &m->connections[i];
        n_free++;
    }
    if (stream && slot) {
        bufferevent_incref(stream);
        *slot = (struct connection){ stream, clock_monotonic_ms() };
    }
    if (n_free <= 1)
        evconnlistener_disable(m->listener);
    sweep_later(m);
    return stream;
}

/* Out of descriptors, most likely: a connection that is not accepted would be
 * reported again at once. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
    struct metrics *m = arg;

    if (!m->has_told)
        log_warn(errno, "who asks for metrics cannot be let in");
    m->has_told = true;
    evconnlistener_disable(listener);
    sweep_later(m);
}

static const char *
text_of(struct metrics *m, size_t *ret_length)
{
    uint64_t now_ms = clock_monotonic_ms();

    if (m->text_ms == 0 || now_ms - m->text_ms >= FRESH_MS) {
        evbuffer_drain(m->text, evbuffer_get_length(m->text));
        m->config.make(m->config.arg, m->text);
        m->text_ms = now_ms;
    }
    *ret_length = evbuffer_get_length(m->text);
    return (const char *)evbuffer_pullup(m->text, -1);
}

static void
set_headers(struct evhttp_request *request, const char *type)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);

    evhttp_add_header(headers, "Content-Type", type);
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    /* One answer a connection, so that their number bounds what they cost. */
    evhttp_add_header(headers, "Connection", "close");
}

static void
on_metrics(struct evhttp_request *request, void *arg)
{
    struct metrics *m = arg;
    size_t length;
    const char *text = text_of(m, &length);

    set_headers(request, CONTENT_TYPE);
    evbuffer_add(evhttp_request_get_output_buffer(request), text, length);
    evhttp_send_reply(request, HTTP_OK, "OK", NULL);
}

/* No word of what was asked for: it is theirs, and would be on our page. */
static void
on_other(struct evhttp_request *request, void *arg)
{
    (void)arg;
    set_headers(request, "text/plain; charset=utf-8");
    evbuffer_add_printf(evhttp_request_get_output_buffer(request),
                        "Metrics are at /metrics.\n");
    evhttp_send_reply(request, HTTP_NOTFOUND, "Not Found", NULL);
}

static int
set_up(struct metrics *m)
{
    m->http = evhttp_new(m->config.base);
    m->sweeper = evtimer_new(m->config.base, on_sweep, m);
    m->text = evbuffer_new();
    if (!m->http || !m->sweeper || !m->text ||
        evhttp_set_cb(m->http, "/metrics", on_metrics, m) < 0)
        return -ENOMEM;
    evhttp_set_allowed_methods(m->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
    evhttp_set_max_headers_size(m->http, HEADERS_MAX);
    evhttp_set_max_body_size(m->http, BODY_MAX);
    evhttp_set_timeout(m->http, LIFETIME_MS / (int)MS_PER_S);
    evhttp_set_gencb(m->http, on_other, m);
    evhttp_set_bevcb(m->http, on_new_stream, m);
    return 0;
}

static int
listen_at(struct metrics *m, const char *address)
{
    struct sockaddr_storage to;
    int length = sizeof(to);

    if (evutil_parse_sockaddr_port(address, (struct sockaddr *)&to, &length) <
        0)
        return -EINVAL;
    errno = 0;
    m->listener =
        evconnlistener_new_bind(m->config.base, NULL, NULL,
                                LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC |
                                    LEV_OPT_REUSEABLE,
                                BACKLOG, (struct sockaddr *)&to, length);
    if (!m->listener)
        return errno > 0 ? -errno : -ENOMEM;
    if (!evhttp_bind_listener(m->http, m->listener)) {
        evconnlistener_free(m->listener);
        return -ENOMEM;
    }
    evconnlistener_set_error_cb(m->listener, on_accept_error);
    return 0;
}

int
metrics_open(struct metrics **ret, const struct metrics_config *config,
             char error[METRICS_ERROR_SIZE])
{
    struct metrics *m = calloc(1, sizeof(*m));
    char address[METRICS_ADDRESS_SIZE] = "";
    int r = m ? metrics_address(config->listen, address) : -ENOMEM;

    if (r == 0) {
        m->config = *config;
        r = set_up(m);
    }
    if (r == 0)
        r = listen_at(m, address);
    if (r < 0) {
        snprintf(error, METRICS_ERROR_SIZE,
                 "metrics cannot be served at %s: %s", address, strerror(-r));
        metrics_close(m);
        return r;
    }
    log_info("metrics are at http://%s/metrics", address);
    *ret = m;
    return 0;
}

struct metrics *
metrics_close(struct metrics *m)
{
    if (!m)
        return NULL;
    if (m->http)
        evhttp_free(m->http); /* its listener, too */
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (m->connections[i].stream)
            bufferevent_decref(m->connections[i].stream);
    if (m->sweeper)
        event_free(m->sweeper);
    if (m->text)
        evbuffer_free(m->text);
    free(m);
    return NULL;
}
