/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Peers that ask this host: who may, what they want, and the answers. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/event.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <json-c/json.h>

#include "lender.h"
#include "log.h"
#include "peers-private.h"
#include "proto/fields-peer.h"
#include "proto/params.h"
#include "proto/request.h"
#include "tick.h"
#include "util/cleanup.h"
#include "util/parse.h"
#include "util/units.h"

/* Connections that have not proved who they are: the oldest makes way for the
 * next one.  A handshake takes milliseconds. */
#define STRANGERS_MAX 16
/* Of one peer, on their way. */
#define CALLS_MAX 16
/* Strangers cannot fill the log. */
#define WARN_EVERY_MS 10000

struct inbound {
    TAILQ_ENTRY(inbound) link;
    struct peers *peers;
    struct peer_link *line;
    char address[PEER_ADDRESS_SIZE];
    bool is_known; /* has proved itself */
    unsigned int n_calls;
};

/* A request that waits for lendmem. */
struct peers_call {
    TAILQ_ENTRY(peers_call) link;
    struct peers *peers;
    struct inbound *from; /* NULL: gone */
    struct json_object *id;
};

static uint64_t
now_ms(const struct peers *peers)
{
    return peers->b->host->ops->now_ms(peers->b->host);
}

static void
free_call(struct peers_call *call)
{
    TAILQ_REMOVE(&call->peers->calls, call, link);
    json_object_put(call->id);
    free(call);
}

static void
drop_inbound(struct inbound *in)
{
    struct peers *peers = in->peers;
    struct peers_call *call;

    TAILQ_FOREACH(call, &peers->calls, link)
        if (call->from == in)
            call->from = NULL;
    TAILQ_REMOVE(&peers->inbounds, in, link);
    peers->n_strangers -= !in->is_known;
    peer_link_free(in->line);
    free(in);
}

/* --- answers -------------------------------------------------------------- */

/* Who does not take its answers is of no use any more, but may be in the middle
 * of a line of ours: silence ends it. */
static void
send_line(struct inbound *in, char *line, size_t length)
{
    if (line && peer_link_send(in->line, line, length - 1) < 0)
        log_debug("peer %s: an answer is lost", peer_link_other(in->line));
    free(line);
}

static void
send_error(struct inbound *in, struct json_object *id,
           const struct request_error *error)
{
    size_t length = 0;
    char *line = response_error_line(id, error, &length);

    send_line(in, line, length);
}

static void
send_result(struct inbound *in, struct json_object *id,
            struct json_object *result)
{
    size_t length = 0;
    char *line = response_result_line(id, result, &length);

    send_line(in, line, length);
}

static void
refuse(struct inbound *in, struct json_object *id, enum request_code code,
       const char *message)
{
    struct request_error error = { .code = code };

    snprintf(error.message, sizeof(error.message), "%s", message);
    send_error(in, id, &error);
}

static void
on_lender(void *arg, const struct lender_answer *answer)
{
    struct peers_call *call = arg;
    struct peers *peers = call->peers;
    struct inbound *in = call->from;
    cleanup_json struct json_object *result = NULL;

    if (in && answer->lease)
        result = peer_proto_leases(lender_lent(peers->lender),
                                   peer_link_other(in->line), answer->lease,
                                   now_ms(peers));
    if (in && answer->error)
        send_error(in, call->id, answer->error);
    else if (in)
        send_result(in, call->id, result);
    if (in)
        in->n_calls--;
    free_call(call);
}

/* --- requests ------------------------------------------------------------- */

typedef void lender_fn(struct lender *lender, const struct lender_wish *wish,
                       lender_answer_fn *fn, void *arg);

static const struct method {
    const char *name;
    lender_fn *run;
    bool has_size;
} methods[] = {
    { PEER_METHOD_CREATE, lender_create, true },
    { PEER_METHOD_RESIZE, lender_resize, true },
    { PEER_METHOD_END, lender_end, false },
};

static const struct method *
find_method(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (strcmp(methods[i].name, name) == 0)
            return &methods[i];
    return NULL;
}

static void
start_call(struct inbound *in, const struct method *m,
           const struct request *request, uint64_t size_kib)
{
    struct peers_call *call = calloc(1, sizeof(*call));
    const struct lender_wish wish = {
        .peer = peer_link_other(in->line),
        .volume = json_get_text(request->params, FIELD_VOLUME),
        .size_kib = size_kib,
    };

    if (!call || in->n_calls >= CALLS_MAX) {
        free(call);
        refuse(in, request->id, REQUEST_TOO_MANY, "Too many requests at once");
        return;
    }
    in->n_calls++;
    call->peers = in->peers;
    call->from = in;
    call->id = json_object_get(request->id);
    TAILQ_INSERT_TAIL(&in->peers->calls, call, link);
    m->run(in->peers->lender, &wish, on_lender, call);
}

static void
change_lease(struct inbound *in, const struct method *m,
             const struct request *request)
{
    const char *volume = json_get_text(request->params, FIELD_VOLUME);
    const char *size = json_get_text(request->params, PARAM_SIZE);
    uint64_t size_kib = 0;

    if (!volume || !peer_volume_is_valid(volume))
        refuse(in, request->id, REQUEST_INVALID_PARAMS, "No such volume name");
    else if (m->has_size &&
             (parse_size_kib(size, &size_kib) < 0 || size_kib == 0))
        refuse(in, request->id, REQUEST_INVALID_PARAMS, "No such size");
    else
        start_call(in, m, request, size_kib);
}

static void
serve(struct inbound *in, const struct request *request)
{
    const struct lent *lent = lender_lent(in->peers->lender);
    const char *peer = peer_link_other(in->line);
    const struct method *m = find_method(request->method);
    cleanup_json struct json_object *result = NULL;

    if (m) {
        change_lease(in, m, request);
        return;
    }
    if (strcmp(request->method, PEER_METHOD_PING) == 0)
        result =
            peer_proto_ping(lent, peer, in->peers->uuid, now_ms(in->peers));
    else if (strcmp(request->method, PEER_METHOD_LIST) == 0)
        result = peer_proto_leases(lent, peer, NULL, now_ms(in->peers));
    if (result)
        send_result(in, request->id, result);
    else
        refuse(in, request->id, REQUEST_UNKNOWN_VERB,
               "This host has no such request");
}

static void
on_line(void *arg, struct peer_link *link, const char *line, size_t length)
{
    struct inbound *in = arg;
    struct request_error error;
    struct request request;

    (void)link;
    if (request_parse(line, length, &request, &error) < 0)
        send_error(in, request.id, &error);
    else
        serve(in, &request);
    request_error_done(&error);
    request_done(&request);
}

/* --- connections ---------------------------------------------------------- */

static const char *
secret_of(void *arg, const char *name)
{
    const struct inbound *in = arg;
    const struct peers_peer *peer = peers_peer_find(in->peers, name);

    return peer ? peer->entry.secret : NULL;
}

/* A peer that was started again has forgotten its old connection. */
static void
on_opened(void *arg, struct peer_link *link)
{
    struct inbound *in = arg, *other, *next;

    in->is_known = true;
    in->peers->n_strangers--;
    for (other = TAILQ_FIRST(&in->peers->inbounds); other; other = next) {
        next = TAILQ_NEXT(other, link);
        if (other != in && other->is_known &&
            strcmp(peer_link_other(other->line), peer_link_other(link)) == 0)
            drop_inbound(other);
    }
    log_debug("peer %s has connected from %s", peer_link_other(link),
              in->address);
}

static void
on_closed(void *arg, struct peer_link *link, const char *why)
{
    struct inbound *in = arg;
    struct peers *peers = in->peers;
    const char *name = peer_link_other(link);

    if (in->is_known) {
        log_debug("peer %s has gone: %s", name, why);
    } else if (peers->warned_ms == 0 ||
               now_ms(peers) - peers->warned_ms >= WARN_EVERY_MS) {
        peers->warned_ms = max_u64(now_ms(peers), 1);
        log_warnx("a peer at %s that calls itself '%s' is turned away: %s",
                  in->address, name, why);
    }
    drop_inbound(in);
}

static const struct peer_link_ops ops = {
    .secret = secret_of,
    .opened = on_opened,
    .line = on_line,
    .closed = on_closed,
};

static void
drop_oldest_stranger(struct peers *peers)
{
    struct inbound *in;

    TAILQ_FOREACH(in, &peers->inbounds, link)
        if (!in->is_known)
            break;
    if (in)
        drop_inbound(in);
}

static void
format_address(const struct sockaddr *address, char text[PEER_ADDRESS_SIZE])
{
    const void *bytes =
        address->sa_family == AF_INET6
            ? (const void *)&(
                  (const struct sockaddr_in6 *)(const void *)address)
                  ->sin6_addr
            : (const void *)&((const struct sockaddr_in *)(const void *)address)
                  ->sin_addr;

    if (!evutil_inet_ntop(address->sa_family, bytes, text, PEER_ADDRESS_SIZE))
        snprintf(text, PEER_ADDRESS_SIZE, "?");
}

static void
on_connection(struct evconnlistener *listener, evutil_socket_t fd,
              struct sockaddr *address, int length, void *arg)
{
    struct peers *peers = arg;
    struct inbound *in = calloc(1, sizeof(*in));
    const struct peer_link_config config = {
        .base = peers->base, .name = peers->name, .ops = &ops, .arg = in
    };

    (void)listener;
    (void)length;
    if (!in) {
        evutil_closesocket(fd);
        return;
    }
    if (peer_link_accept(&in->line, &config, fd) < 0) {
        free(in);
        return;
    }
    if (peers->n_strangers >= STRANGERS_MAX)
        drop_oldest_stranger(peers);
    in->peers = peers;
    format_address(address, in->address);
    TAILQ_INSERT_TAIL(&peers->inbounds, in, link);
    peers->n_strangers++;
}

/* Out of descriptors, most likely: the connection stays in the backlog. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
    (void)listener;
    (void)arg;
    log_debug("cannot accept a peer: %s", strerror(errno));
}

int
peers_listen(struct peers *peers, const char *address,
             char error[PEERS_FILE_ERROR_SIZE])
{
    struct sockaddr_storage to;
    struct peer_address parsed;
    char text[PEER_ADDRESS_SIZE];
    int length = sizeof(to), r;

    if (!address[0])
        return 0;
    if (peer_address_parse(address, &parsed) < 0)
        return -EINVAL;
    peer_address_format(&parsed, text);
    if (evutil_parse_sockaddr_port(text, (struct sockaddr *)&to, &length) == 0)
        peers->listener =
            evconnlistener_new_bind(peers->base, on_connection, peers,
                                    LEV_OPT_CLOSE_ON_FREE |
                                        LEV_OPT_CLOSE_ON_EXEC |
                                        LEV_OPT_REUSEABLE,
                                    -1, (struct sockaddr *)&to, length);
    if (peers->listener) {
        evconnlistener_set_error_cb(peers->listener, on_accept_error);
        return 0;
    }
    r = errno ? -errno : -EIO;
    snprintf(error, PEERS_FILE_ERROR_SIZE, "cannot listen for peers at %s: %s",
             text, strerror(-r));
    return r;
}

void
peers_hang_up(struct peers *peers, const char *name)
{
    struct inbound *in = TAILQ_FIRST(&peers->inbounds), *next;

    for (; in; in = next) {
        next = TAILQ_NEXT(in, link);
        if (!name || strcmp(peer_link_other(in->line), name) == 0)
            drop_inbound(in);
    }
}

void
peers_stop_serving(struct peers *peers)
{
    if (peers->listener)
        evconnlistener_free(peers->listener);
    peers->listener = NULL;
    peers_hang_up(peers, NULL);
    while (!TAILQ_EMPTY(&peers->calls))
        free_call(TAILQ_FIRST(&peers->calls));
}
