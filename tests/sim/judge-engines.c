/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engines that can be judged: instead of policy-builtin.c, which the linker
 * then leaves out. */
#include <config.h>

#include "policy-builtin.h"

POLICY_BUILTINS(POLICY_BUILTIN_DECLARE)
POLICY_BUILTIN_DECLARE(oracle)

policy_init_fn *const policy_builtins[] = {
    POLICY_BUILTINS(POLICY_BUILTIN_ENTRY) POLICY_BUILTIN_ENTRY(oracle) NULL,
};
