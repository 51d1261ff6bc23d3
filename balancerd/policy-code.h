/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An engine's functions, called in this process: the daemon's own engines in
 * the daemon, a plugin in its process.
 */
#ifndef POLICY_CODE_H
#define POLICY_CODE_H

#include "policy.h"
#include "xbp.h"

struct policy_code {
    struct xbp_policy engine; /* our copy: the common prefix, rest zero */
    void *handle;             /* of dlopen; NULL for a built-in one */
    void *ctx;
};

/* By name, or by a path (has a '/') that was checked.  0, -ENOENT or -EINVAL
 * and a sentence; c is then to be closed all the same. */
int policy_code_open(struct policy_code *c, const char *name,
                     char error[POLICY_ERROR_SIZE]);
/* Its context.  0 or -ENOMEM. */
int policy_code_create(struct policy_code *c, char error[POLICY_ERROR_SIZE]);
/* 0 or -EINVAL. */
int policy_code_config(const struct policy_code *c, const char *key,
                       const char *value, char error[POLICY_ERROR_SIZE]);
int
policy_code_ready(const struct policy_code *c, char error[POLICY_ERROR_SIZE]);
/* A sentence or "". size > 0 */
void policy_code_explain(const struct policy_code *c, uint64_t i, char *text,
                         size_t size);
void policy_code_close(struct policy_code *c);

#endif
