/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one door to policy engines, built in or loaded: checks what goes in,
 * checks what comes out, keeps the daemon safe from both.
 */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "plan.h"
#include "snapshot.h"

#define POLICY_ERROR_SIZE 256
#define POLICY_NAME_SIZE  64
#define POLICY_WORD_SIZE  64 /* of an option's key, and of its value */

struct policy;

/* An instance of engine name ("proportional") or of the plugin at a path
 * (has a '/'), if nobody but root could have changed it (policy-file.h), in a
 * process of its own.  0, -ENOENT, -EPERM, -EINVAL (a bad plugin), -ENOMEM; a
 * sentence in error. */
int policy_open(struct policy **ret, const char *name, uint64_t budget_ms,
                char error[POLICY_ERROR_SIZE]);
/* Options in order, then policy_ready once.  0 or -EINVAL. */
int policy_config(struct policy *p, const char *key, const char *value,
                  char error[POLICY_ERROR_SIZE]);
int policy_ready(struct policy *p, char error[POLICY_ERROR_SIZE]);
struct policy *policy_close(struct policy *p); /* NULL in, NULL out */

const char *policy_name(const struct policy *p);
/* "" if it does not say. */
const char *policy_version(const struct policy *p);
const char *policy_description(const struct policy *p);

/* Has the engine plan for everyone in s; a plugin is waited for no longer than
 * its budget.  0; -EIO (it failed or wished nonsense), -ETIMEDOUT (it may be
 * back for the next one), -EOWNERDEAD (it will not) or -ENOMEM. */
int policy_ask(struct policy *p, const struct snapshot *s, uint64_t budget_ms);
/* What was wrong then. */
const char *policy_trouble(const struct policy *p);
/* It will not plan again. */
bool policy_is_dead(const struct policy *p);
/* What it wished for guest i then; only after a 0. */
uint64_t policy_wish(const struct policy *p, size_t i);
/* The engine's sentence on wish i of its last plan, or "". size >= 8 */
void policy_explain(struct policy *p, size_t i, char *text, size_t size);

#endif
