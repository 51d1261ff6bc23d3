/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Deeds done by rswap-attach(8), a child for each, or a service that systemd
 * starts for each.  One that hangs is ended.  Those of the next daemon wait for
 * what is left of this one's.
 */
#ifndef SWAP_CHILD_H
#define SWAP_CHILD_H

#include "swap-run.h"

struct event_base;

typedef void swap_child_news_fn(void *arg);

struct swap_child_config {
    struct event_base *base;
    const char *program;      /* kept, not copied */
    const char *socket;       /* of the service; if nobody listens: a child */
    swap_child_news_fn *news; /* one has ended: ask for the next answer */
    void *news_arg;
};

/* NULL: no memory. */
struct swap_run *swap_child_new(const struct swap_child_config *config);

#define SWAP_CHILD_ARGS 16

/* What the child is told, as argv; valid as long as v and texts. */
struct swap_child_args {
    const char *argv[SWAP_CHILD_ARGS];
    size_t n;
    char texts[SWAP_CHILD_ARGS][VOLUME_LEG_SIZE + 8];
};
void swap_child_args(struct swap_child_args *ret, const char *program,
                     const struct swap_volume *v);

#endif
