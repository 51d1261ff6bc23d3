/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connects and negotiates, all before one deadline. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nbd-dial.h"
#include "nbd-link.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/units.h"

#define PORT_TEXT_SIZE 8

struct dial {
    const char *name; /* of the lender, for people */
    uint64_t end_ms;
    struct rswap_failure *failure;
};

static int
wait_for(const struct dial *d, int fd, short events)
{
    struct pollfd wish = { .fd = fd, .events = events };
    uint64_t left_ms = sat_sub(d->end_ms, clock_monotonic_ms());
    int n = poll(&wish, 1, (int)left_ms);

    if (n < 0)
        return -errno;
    return n == 0 ? -ETIMEDOUT : 0;
}

static int
send_all(const struct dial *d, int fd, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        int r = n < 0 ? -errno : 0;

        if (r == -EAGAIN)
            r = wait_for(d, fd, POLLOUT);
        if (r < 0)
            return r;
        bytes += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int
receive_all(const struct dial *d, int fd, unsigned char *bytes, size_t size)
{
    while (size > 0) {
        int r = wait_for(d, fd, POLLIN);
        ssize_t n = r < 0 ? 0 : recv(fd, bytes, size, MSG_DONTWAIT);

        if (r == 0 && n == 0)
            r = -ECONNRESET;
        if (r == 0 && n < 0)
            r = errno == EAGAIN ? 0 : -errno;
        if (r < 0)
            return r;
        bytes += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int
open_socket(const struct dial *d, const struct addrinfo *address, int *ret_fd)
{
    cleanup_close int fd =
        socket(address->ai_family,
               address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
               address->ai_protocol);
    socklen_t size = sizeof(int);
    int error = 0, r = 0;

    if (fd < 0)
        return -errno;
    if (connect(fd, address->ai_addr, address->ai_addrlen) < 0)
        r = errno == EINPROGRESS ? wait_for(d, fd, POLLOUT) : -errno;
    if (r == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        r = -errno;
    if (r == 0)
        r = -error;
    if (r < 0)
        return r;
    *ret_fd = fd;
    fd = -1;
    return 0;
}

/* What was sent and is not acknowledged for so long is a lender that is gone;
 * the kernel's own patience is a quarter of an hour. */
static int
set_options(int fd)
{
    const unsigned timeout_ms = NBD_TIMEOUT_S * MS_PER_S;
    const int on = 1;

    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms,
                   sizeof(timeout_ms)) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
        return -errno;
    return 0;
}

static int
open_connection(const struct dial *d, const struct rswap_leg *leg, int *ret_fd)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *addresses = NULL;
    char port[PORT_TEXT_SIZE];
    int r;

    snprintf(port, sizeof(port), "%u", leg->port);
    r = getaddrinfo(leg->host, port, &hints, &addresses);
    if (r != 0)
        return rswap_fail(d->failure, RSWAP_LENDER_UNREACHABLE, "%s: %s",
                          d->name, gai_strerror(r));
    r = -EHOSTUNREACH;
    for (const struct addrinfo *a = addresses; a && r < 0; a = a->ai_next)
        r = open_socket(d, a, ret_fd);
    freeaddrinfo(addresses);
    if (r < 0)
        return rswap_fail(d->failure, RSWAP_LENDER_UNREACHABLE,
                          "cannot connect to %s: %s", d->name, strerror(-r));
    return 0;
}

static int
hear_replies(const struct dial *d, int fd, struct nbd_export *e)
{
    unsigned char head[NBD_REPLY_BYTES], data[NBD_REPLY_DATA_MAX];
    struct nbd_reply reply;
    int r = 0;

    while (r == 0) {
        r = receive_all(d, fd, head, sizeof(head));
        if (r == 0)
            r = nbd_hello_reply(head, &reply);
        if (r == 0)
            r = receive_all(d, fd, data, reply.length);
        if (r == 0)
            r = nbd_hello_data(&reply, data, e);
    }
    return r < 0 ? r : 0;
}

static int
negotiate(const struct dial *d, int fd, const char *export_name,
          struct nbd_export *e)
{
    unsigned char bytes[NBD_REQUEST_MAX];
    int r = receive_all(d, fd, bytes, NBD_GREETING_BYTES);

    if (r == 0)
        r = nbd_hello_greeting(bytes);
    if (r == 0)
        r = send_all(d, fd, bytes, nbd_hello_request(export_name, bytes));
    return r < 0 ? r : hear_replies(d, fd, e);
}

static int
blame(const struct dial *d, int r)
{
    if (r == -ENOENT)
        return rswap_fail(d->failure, RSWAP_LENDER_REFUSED,
                          "%s does not know the export", d->name);
    if (r == -EACCES)
        return rswap_fail(d->failure, RSWAP_LENDER_REFUSED,
                          "%s refuses the export", d->name);
    if (r == -EPROTO)
        return rswap_fail(d->failure, RSWAP_LENDER_REFUSED,
                          "%s does not speak NBD as it should", d->name);
    return rswap_fail(d->failure, RSWAP_LENDER_UNREACHABLE,
                      "%s does not open the export: %s", d->name, strerror(-r));
}

int
nbd_dial(const struct rswap_leg *leg, uint64_t size_kib, int *ret_fd,
         struct nbd_export *ret_export, struct rswap_failure *f)
{
    char name[RSWAP_LEG_NAME_SIZE];
    const struct dial d = {
        .name = rswap_leg_name(leg, name),
        .end_ms = clock_monotonic_ms() + NBD_DIAL_MS,
        .failure = f,
    };
    struct nbd_export e = { .is_known = false };
    cleanup_close int fd = -1;
    int r = open_connection(&d, leg, &fd);

    if (r < 0)
        return r;
    r = set_options(fd);
    if (r == 0)
        r = negotiate(&d, fd, leg->export_name, &e);
    if (r < 0)
        return blame(&d, r);
    if (e.size_bytes / BYTES_PER_KIB < size_kib)
        return rswap_fail_room(f, RSWAP_TOO_SMALL, size_kib,
                               e.size_bytes / BYTES_PER_KIB, name);
    *ret_export = e;
    *ret_fd = fd;
    fd = -1;
    return 0;
}
