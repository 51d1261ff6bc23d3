/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One TCP connection between two balancerds: the handshake, then signed lines
 * both ways.  Bounded in time and memory, whatever the other side does.
 */
#ifndef PEER_LINK_H
#define PEER_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "peer-auth.h"

#define PEER_LINK_LINE_MAX (64 * 1024)
#define PEER_LINK_WHY_SIZE 160
/* To connect, and for the handshake. */
#define PEER_LINK_HANDSHAKE_S 5
/* Who has nothing to say pings: a link that is silent for longer is dead. */
#define PEER_LINK_SILENCE_S 15

struct event_base;
struct peer_link;

/* The link is still there in all of them; only closed may free it. */
struct peer_link_ops {
    /* The secret of that peer; NULL: there is no such peer. */
    const char *(*secret)(void *arg, const char *name);
    /* Both know who the other is. */
    void (*opened)(void *arg, struct peer_link *link);
    void (*line)(void *arg, struct peer_link *link, const char *line,
                 size_t length);
    /* It is over, and the owner has to free it. */
    void (*closed)(void *arg, struct peer_link *link, const char *why);
};

struct peer_link_config {
    struct event_base *base;
    const char *name; /* of this host */
    const struct peer_link_ops *ops;
    void *arg;
};

/* Begins to connect; that it failed is told by closed, from the loop.  0 or
 * -errno. */
int
peer_link_connect(struct peer_link **ret, const struct peer_link_config *config,
                  const struct peer_address *address);
/* Takes fd, on failure too. */
int peer_link_accept(struct peer_link **ret,
                     const struct peer_link_config *config, int fd);
struct peer_link *peer_link_free(struct peer_link *link); /* NULL is fine */

bool peer_link_is_open(const struct peer_link *link);
/* Who is at the other end; "" before it said so. */
const char *peer_link_other(const struct peer_link *link);
/* Its address, "" if unknown. */
const char *peer_link_address(const struct peer_link *link);
/* One line, without its newline.  0, -ENOTCONN, -EMSGSIZE, -ENOMEM or -EAGAIN:
 * the other side does not read. */
int peer_link_send(struct peer_link *link, const char *text, size_t length);

#endif
