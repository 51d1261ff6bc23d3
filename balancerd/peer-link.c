/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines over a bufferevent; every failure ends in closed, once. */
#include <config.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/util.h>

#include "peer-link.h"
#include "util/cleanup.h"

/* With this much unsent nothing more is taken to be sent. */
#define OUTPUT_MAX (4 * PEER_LINK_LINE_MAX)

enum stage {
    LINK_HELLO,
    LINK_PROOF,
    LINK_OPEN,
    LINK_CLOSED
};

struct peer_link {
    const struct peer_link_ops *ops;
    void *arg;
    struct bufferevent *bev;
    struct event *deadline; /* of the handshake */
    struct peer_auth auth;
    enum stage stage;
    bool is_reading; /* a line is being taken: freeing has to wait */
    bool is_freed;
    char address[PEER_ADDRESS_SIZE];
};

/* --- the end -------------------------------------------------------------- */

static void
close_link(struct peer_link *link, const char *why)
{
    if (link->stage == LINK_CLOSED)
        return;
    link->stage = LINK_CLOSED;
    bufferevent_disable(link->bev, EV_READ | EV_WRITE);
    link->ops->closed(link->arg, link, why);
}

struct peer_link *
peer_link_free(struct peer_link *link)
{
    if (!link)
        return NULL;
    link->stage = LINK_CLOSED;
    link->is_freed = true;
    if (link->is_reading)
        return NULL;
    if (link->deadline)
        event_free(link->deadline);
    if (link->bev)
        bufferevent_free(link->bev);
    explicit_bzero(&link->auth, sizeof(link->auth));
    free(link);
    return NULL;
}

/* What the other side means when it hangs up. */
static const char *
why_ended(const struct peer_link *link)
{
    if (link->stage == LINK_PROOF && link->auth.side == PEER_ASKS)
        return "it does not know this host by its name, or has another secret "
               "for it";
    return link->stage == LINK_OPEN ? "it has closed the connection"
                                    : "it has hung up";
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    close_link(arg, "it does not answer");
}

/* --- lines ---------------------------------------------------------------- */

static void
send_plain(struct peer_link *link,
           void (*write)(const struct peer_auth *a,
                         char line[PEER_AUTH_LINE_SIZE]))
{
    char line[PEER_AUTH_LINE_SIZE];

    write(&link->auth, line);
    bufferevent_write(link->bev, line, strlen(line));
    bufferevent_write(link->bev, "\n", 1);
}

int
peer_link_send(struct peer_link *link, const char *text, size_t length)
{
    struct evbuffer *output = bufferevent_get_output(link->bev);
    char seal[PEER_AUTH_SEAL_SIZE];

    if (link->stage != LINK_OPEN)
        return -ENOTCONN;
    if (length + PEER_AUTH_SEAL_SIZE > PEER_LINK_LINE_MAX)
        return -EMSGSIZE;
    if (evbuffer_get_length(output) > OUTPUT_MAX)
        return -EAGAIN;
    if (evbuffer_expand(output, length + PEER_AUTH_SEAL_SIZE) < 0)
        return -ENOMEM;
    peer_auth_seal(&link->auth, text, length, seal);
    evbuffer_add(output, seal, PEER_AUTH_SEAL_SIZE - 1);
    evbuffer_add(output, text, length);
    evbuffer_add(output, "\n", 1);
    return 0;
}

static int
random_bytes(void *to, size_t size)
{
    ssize_t n = getrandom(to, size, GRND_NONBLOCK);

    return n == (ssize_t)size ? 0 : n < 0 ? -errno : -EAGAIN;
}

/* Nobody learns which names there are: for an unknown one there is a secret
 * that nobody knows. */
static int
choose_secret(struct peer_link *link)
{
    const char *secret = link->ops->secret(link->arg, peer_link_other(link));
    uint8_t bytes[16];
    char unknown[2 * sizeof(bytes) + 1];
    int r = random_bytes(bytes, sizeof(bytes));
    size_t i;

    if (r < 0)
        return r;
    for (i = 0; i < sizeof(bytes); i++)
        snprintf(unknown + 2 * i, 3, "%02x", bytes[i]);
    peer_auth_set_secret(&link->auth, secret ? secret : unknown);
    return 0;
}

static void
take_hello(struct peer_link *link, const char *line)
{
    int r = peer_auth_take_hello(&link->auth, line);

    if (r == 0)
        r = choose_secret(link);
    if (r < 0) {
        close_link(link, r == -EPROTONOSUPPORT
                             ? "it speaks another version of the protocol"
                         : r == -ELOOP  ? "it has the name of this host"
                         : r == -EPROTO ? "it is no balancerd"
                                        : strerror(-r));
        return;
    }
    link->stage = LINK_PROOF;
    send_plain(link, link->auth.side == PEER_ASKS ? peer_auth_proof
                                                  : peer_auth_hello);
}

static void
take_proof(struct peer_link *link, const char *line)
{
    static const struct timeval silence = { .tv_sec = PEER_LINK_SILENCE_S };

    if (peer_auth_take_proof(&link->auth, line) < 0) {
        close_link(link, "it has another secret, or is not known");
        return;
    }
    if (link->auth.side == PEER_ANSWERS)
        send_plain(link, peer_auth_proof);
    link->stage = LINK_OPEN;
    evtimer_del(link->deadline);
    bufferevent_set_timeouts(link->bev, &silence, &silence);
    bufferevent_setwatermark(link->bev, EV_READ, 0, PEER_LINK_LINE_MAX + 1);
    link->ops->opened(link->arg, link);
}

static void
take_signed(struct peer_link *link, const char *line, size_t length)
{
    const char *text;

    if (peer_auth_open(&link->auth, line, length, &text) < 0)
        close_link(link, "a line is not signed by it");
    else
        link->ops->line(link->arg, link, text, length - (size_t)(text - line));
}

static void
take_line(struct peer_link *link, const char *line, size_t length)
{
    if (link->stage == LINK_OPEN)
        take_signed(link, line, length);
    else if (strlen(line) != length)
        close_link(link, "it is no balancerd");
    else if (link->stage == LINK_HELLO)
        take_hello(link, line);
    else if (link->stage == LINK_PROOF)
        take_proof(link, line);
}

/* --- libevent ------------------------------------------------------------- */

static size_t
line_max(const struct peer_link *link)
{
    return link->stage == LINK_OPEN ? PEER_LINK_LINE_MAX : PEER_AUTH_LINE_SIZE;
}

/* Every line may be the last: closed may free the link. */
static void
take_lines(struct peer_link *link, struct evbuffer *input)
{
    while (link->stage != LINK_CLOSED) {
        size_t length;
        cleanup_free char *line =
            evbuffer_readln(input, &length, EVBUFFER_EOL_LF);

        if (!line)
            break;
        if (length > line_max(link))
            close_link(link, "a line is too long");
        else
            take_line(link, line, length);
    }
    if (link->stage != LINK_CLOSED &&
        evbuffer_get_length(input) > line_max(link))
        close_link(link, "a line is too long");
}

static void
on_read(struct bufferevent *bev, void *arg)
{
    struct peer_link *link = arg;

    link->is_reading = true;
    take_lines(link, bufferevent_get_input(bev));
    link->is_reading = false;
    if (link->is_freed)
        peer_link_free(link);
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
    struct peer_link *link = arg;

    (void)bev;
    if (what & BEV_EVENT_CONNECTED)
        send_plain(link, peer_auth_hello);
    else if (what & BEV_EVENT_TIMEOUT)
        close_link(link, "it is silent");
    else if (what & BEV_EVENT_EOF)
        close_link(link, why_ended(link));
    else
        close_link(link, link->stage == LINK_PROOF
                             ? why_ended(link)
                             : strerror(EVUTIL_SOCKET_ERROR()));
}

static int
set_up(struct peer_link *link, const struct peer_link_config *config, int fd,
       enum peer_side side)
{
    static const struct timeval deadline = { .tv_sec = PEER_LINK_HANDSHAKE_S };
    static const int yes = 1;
    uint8_t nonce[PEER_AUTH_NONCE];
    int r = random_bytes(nonce, sizeof(nonce));

    if (r < 0)
        return r;
    peer_auth_init(&link->auth, side, config->name, nonce);
    link->ops = config->ops;
    link->arg = config->arg;
    /* Two short lines in a row must not wait for an acknowledgement. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    link->bev = bufferevent_socket_new(config->base, fd, BEV_OPT_CLOSE_ON_FREE);
    link->deadline = evtimer_new(config->base, on_deadline, link);
    if (!link->bev || !link->deadline ||
        event_add(link->deadline, &deadline) < 0)
        return -ENOMEM;
    bufferevent_setcb(link->bev, on_read, NULL, on_event, link);
    bufferevent_setwatermark(link->bev, EV_READ, 0, PEER_AUTH_LINE_SIZE + 1);
    bufferevent_enable(link->bev, EV_READ | EV_WRITE);
    return 0;
}

static int
start(struct peer_link **ret, const struct peer_link_config *config, int fd,
      enum peer_side side)
{
    struct peer_link *link = calloc(1, sizeof(*link));
    int r = link ? set_up(link, config, fd, side) : -ENOMEM;

    if (r < 0) {
        if (!link || !link->bev)
            close(fd);
        peer_link_free(link);
        return r;
    }
    *ret = link;
    return 0;
}

int
peer_link_connect(struct peer_link **ret, const struct peer_link_config *config,
                  const struct peer_address *address)
{
    char text[PEER_ADDRESS_SIZE];
    struct sockaddr_storage to;
    struct peer_link *link;
    int length = sizeof(to);
    int fd, r;

    peer_address_format(address, text);
    if (evutil_parse_sockaddr_port(text, (struct sockaddr *)&to, &length) < 0)
        return -EINVAL;
    fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    r = start(&link, config, fd, PEER_ASKS);
    if (r < 0)
        return r;
    snprintf(link->address, sizeof(link->address), "%s", text);
    if (bufferevent_socket_connect(link->bev, (struct sockaddr *)&to, length) <
        0) {
        r = EVUTIL_SOCKET_ERROR() ? -EVUTIL_SOCKET_ERROR() : -EIO;
        peer_link_free(link);
        return r;
    }
    *ret = link;
    return 0;
}

int
peer_link_accept(struct peer_link **ret, const struct peer_link_config *config,
                 int fd)
{
    return start(ret, config, fd, PEER_ANSWERS);
}

bool
peer_link_is_open(const struct peer_link *link)
{
    return link->stage == LINK_OPEN;
}

const char *
peer_link_other(const struct peer_link *link)
{
    return peer_auth_other(&link->auth);
}

const char *
peer_link_address(const struct peer_link *link)
{
    return link->address;
}
