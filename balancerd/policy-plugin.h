/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An engine from a file, in a process of its own: it can crash, loop and
 * scribble there.  It is given so much time, and what comes back is checked.
 */
#ifndef POLICY_PLUGIN_H
#define POLICY_PLUGIN_H

#include <stdbool.h>

#include "policy.h"
#include "xbp.h"

struct policy_plugin;

struct policy_about {
    char name[POLICY_NAME_SIZE];
    char version[POLICY_NAME_SIZE];
    char description[POLICY_ERROR_SIZE];
};

/* path is checked already.  0, -EINVAL or another -errno and a sentence. */
int policy_plugin_open(struct policy_plugin **ret, const char *path,
                       uint64_t budget_ms, char error[POLICY_ERROR_SIZE]);
const struct policy_about *policy_plugin_about(const struct policy_plugin *p);
void policy_plugin_set_budget(struct policy_plugin *p, uint64_t budget_ms);
int policy_plugin_config(struct policy_plugin *p, const char *key,
                         const char *value, char error[POLICY_ERROR_SIZE]);
int policy_plugin_ready(struct policy_plugin *p, char error[POLICY_ERROR_SIZE]);
/* s->n_guests wishes.  0; -EIO, -ENOMEM, -ETIMEDOUT or -EOWNERDEAD, and what
 * was wrong. */
int policy_plugin_plan(struct policy_plugin *p, const struct xbp_snapshot *s,
                       uint64_t *wishes, char trouble[POLICY_ERROR_SIZE]);
void policy_plugin_explain(struct policy_plugin *p, uint64_t i, char *text,
                           size_t size);
/* Its process has ended: by itself, or because it was too slow too often. */
bool policy_plugin_is_dead(const struct policy_plugin *p);
void policy_plugin_close(struct policy_plugin *p); /* NULL is fine */

#endif
