/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of built-in engines. */
#include <config.h>

#include "policy-builtin.h"

policy_init_fn demand_policy_init;
policy_init_fn mom_policy_init;
policy_init_fn proportional_policy_init;
policy_init_fn proxmox_policy_init;
policy_init_fn qmemman_policy_init;
policy_init_fn shares_policy_init;
policy_init_fn static_policy_init;

policy_init_fn *const policy_builtins[] = {
    demand_policy_init,       mom_policy_init,
    proportional_policy_init, proxmox_policy_init,
    qmemman_policy_init,      shares_policy_init,
    static_policy_init,       NULL,
};
