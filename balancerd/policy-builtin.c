/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of built-in engines. */
#include <config.h>

#include "policy-builtin.h"

policy_init_fn proportional_policy_init;

policy_init_fn *const policy_builtins[] = {
    proportional_policy_init,
    NULL,
};
