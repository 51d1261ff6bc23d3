/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The socket below all protocols. */
#include <config.h>

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"

void
wire_require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "lendmem bench: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

void
wire_put(struct wire *w, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;

    while (length) {
        ssize_t n = send(w->fd, at, length, MSG_NOSIGNAL);

        wire_require(n > 0, "send");
        at += n;
        length -= (size_t)n;
    }
}

/* Looking does not take the socket's lock, as receiving nothing would. */
static void
spin(const struct wire *w)
{
    struct pollfd wish = { .fd = w->fd, .events = POLLIN };

    while (w->is_spinning && poll(&wish, 1, 0) == 0)
        ;
}

void
wire_take(struct wire *w, void *bytes, size_t length)
{
    uint8_t *at = bytes;

    while (length) {
        ssize_t n;

        spin(w);
        n = recv(w->fd, at, length, w->is_spinning ? 0 : MSG_WAITALL);
        wire_require(n > 0, "receive");
        at += n;
        length -= (size_t)n;
    }
}

static int
connect_to(const char *port)
{
    static const int on = 1;
    struct addrinfo hints = {
        .ai_family = AF_INET,
        .ai_socktype = SOCK_STREAM,
    };
    struct addrinfo *address = NULL;
    int fd;

    wire_require(getaddrinfo("127.0.0.1", port, &hints, &address) == 0, port);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    wire_require(fd >= 0 &&
                     connect(fd, address->ai_addr, address->ai_addrlen) == 0,
                 port);
    freeaddrinfo(address);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}

void
wire_open(struct wire *w, const char *port, const char *export_name)
{
    size_t i;

    w->data = malloc(WIRE_HEADER_MAX + WIRE_LENGTH_MAX);
    w->reply = malloc(WIRE_HEADER_MAX + WIRE_LENGTH_MAX);
    wire_require(w->data && w->reply, "memory");
    for (i = 0; i < WIRE_HEADER_MAX + WIRE_LENGTH_MAX; i++)
        w->data[i] = (uint8_t)(i * 7 % 251 + 1);
    w->fd = connect_to(port);
    w->protocol->greet(w, export_name);
}

void
wire_close(struct wire *w)
{
    close(w->fd);
    free(w->data);
    free(w->reply);
}

void
wire_send(struct wire *w, const struct wire_request *r)
{
    uint8_t head[WIRE_HEADER_MAX];
    size_t length = w->protocol->head(w, r, head);
    uint8_t *from = w->data + WIRE_HEADER_MAX - length;

    memcpy(from, head, length);
    wire_put(w, from, length + (r->is_write ? r->length : 0));
}
