/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engines that come with the daemon. */
#ifndef POLICY_BUILTIN_H
#define POLICY_BUILTIN_H

#include "xbp.h"

typedef const struct xbp_policy *policy_init_fn(void);

extern policy_init_fn *const policy_builtins[]; /* ends with NULL */

#endif
