/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of built-in engines. */
#include <config.h>

#include "policy-builtin.h"

POLICY_BUILTINS(POLICY_BUILTIN_DECLARE)

policy_init_fn *const policy_builtins[] = {
    POLICY_BUILTINS(POLICY_BUILTIN_ENTRY) NULL,
};
