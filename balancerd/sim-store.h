/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A xenstore of the mind: paths and values, with xenstore's manners. */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include <stddef.h>

#include "host.h"

#define SIM_STORE_VALUE_MAX 4096 /* xenstore's payload limit */

struct sim_store_node {
    char *path;
    char *value;
};

/* Zeroed at first. */
struct sim_store {
    size_t n;
    size_t capacity;
    struct sim_store_node *nodes; /* by path */
};

/* Missing parents come to be, with empty values.  0, -EINVAL (no path),
 * -E2BIG, -ENOMEM. */
int sim_store_write(struct sim_store *s, const char *path, const char *value);
/* With everything below it.  0 or -ENOENT. */
int sim_store_remove(struct sim_store *s, const char *path);
/* NULL if absent; valid until the next change. */
const char *sim_store_read(const struct sim_store *s, const char *path);
/* As host_ops.store_list; fn may change the store. */
int sim_store_list(struct sim_store *s, const char *dir, host_store_fn *fn,
                   void *arg);
void sim_store_done(struct sim_store *s);

#endif
