/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engines that come with the daemon. */
#ifndef POLICY_BUILTIN_H
#define POLICY_BUILTIN_H

#include "xbp.h"

typedef const struct xbp_policy *policy_init_fn(void);

/* each(NAME) for each of them: NAME_policy_init is a policy_init_fn. */
#define POLICY_BUILTINS(each)                                          \
 each(demand) each(mom) each(proportional) each(proxmox) each(qmemman) \
     each(shares) each(static)
#define POLICY_BUILTIN_DECLARE(name) policy_init_fn name##_policy_init;
#define POLICY_BUILTIN_ENTRY(name)   name##_policy_init,

extern policy_init_fn *const policy_builtins[]; /* ends with NULL */

#endif
