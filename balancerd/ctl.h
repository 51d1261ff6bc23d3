/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control socket: JSON-RPC 2.0, one object a line.  Root may call every
 * verb, members of a configured group those that only read.
 */
#ifndef CTL_H
#define CTL_H

#include <stdbool.h>
#include <sys/types.h>

struct balancer;
struct ctl;
struct event_base;

struct ctl_config {
    const char *path;
    gid_t group; /* may read; (gid_t)-1 for nobody */
    /* A verb changed something: tick soon. */
    void (*wake)(void *arg);
    void *wake_arg;
};

/* Binds and listens. -EADDRINUSE if another daemon answers there; a dead
 * socket is replaced.  Sets b->decided and
 * b->noted to answer clients that wait. */
int ctl_open(struct ctl **ret, struct event_base *base,
             const struct ctl_config *config, struct balancer *b);
/* Something has happened: those who wait for it are asked again, soon. */
void ctl_news(struct ctl *ctl);
struct ctl *ctl_close(struct ctl *ctl); /* removes the socket; NULL is fine */

#endif
