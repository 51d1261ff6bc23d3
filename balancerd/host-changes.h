/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What others changed below a directory of xenstore, until somebody asks.
 * Bounded: who changes more than fits is told of as "anything may have
 * changed".
 */
#ifndef HOST_CHANGES_H
#define HOST_CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "host.h"

/* Different ones between two ticks; more are a reason to read it all. */
#define HOST_CHANGES_MAX 64

/* Zeroed at first. */
struct host_changes {
    const char *dir; /* static text; NULL: nothing is watched */
    bool is_all;     /* anything may have changed */
    size_t n;
    char list[HOST_CHANGES_MAX][HOST_CHANGE_SIZE];
};

/* From now on dir is watched; what is there already counts as changed. */
void host_changes_begin(struct host_changes *c, const char *dir);
/* true if path is below dir and news: not what the balancer itself writes
 * there. */
bool host_changes_note(struct host_changes *c, const char *path);
/* As host_ops.store_next_change. */
bool
host_changes_next(struct host_changes *c, char ret_change[HOST_CHANGE_SIZE]);

#endif
