/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one door to policy engines, built in or loaded: checks what goes in,
 * checks what comes out, keeps the daemon safe from both.
 */
#ifndef POLICY_H
#define POLICY_H

#include <stddef.h>

#include "plan.h"
#include "snapshot.h"

#define POLICY_ERROR_SIZE 256

struct policy;

/* An instance of engine name ("proportional") or of the plugin at a path
 * (has a '/').  0, -ENOENT, -EINVAL (a bad plugin), -ENOMEM; a sentence in
 * error. */
int policy_open(struct policy **ret, const char *name,
                char error[POLICY_ERROR_SIZE]);
/* Options in order, then policy_ready once.  0 or -EINVAL. */
int policy_config(struct policy *p, const char *key, const char *value,
                  char error[POLICY_ERROR_SIZE]);
int policy_ready(struct policy *p, char error[POLICY_ERROR_SIZE]);
struct policy *policy_close(struct policy *p); /* NULL in, NULL out */

const char *policy_name(const struct policy *p);

/* Fills the wishes of a begun plan.  -EIO: the engine failed or wished
 * nonsense; then every target stays (PLAN_KEPT). */
int policy_plan(struct policy *p, const struct snapshot *s, struct plan *plan);
/* The engine's sentence on wish i of its last plan, or "". */
void policy_explain(struct policy *p, size_t i, char *text, size_t size);

#endif
