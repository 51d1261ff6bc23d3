/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The functions of the verbs, one a line, in the order of the man page. */
#ifndef CTL_VERB_LIST_H
#define CTL_VERB_LIST_H

#include "ctl-verbs.h"

/* the host */
verb_fn verb_host_memory_show;
verb_fn verb_host_memory_balance;
verb_fn verb_host_list;
verb_fn verb_host_param_list;
verb_fn verb_host_param_get;
verb_fn verb_host_param_set;
verb_fn verb_host_memory_free_up;
verb_fn verb_host_memory_history;
verb_fn verb_host_memory_plan;
verb_fn verb_host_compute_free_memory;
verb_fn verb_host_compute_memory_overhead;

/* domains */
verb_fn verb_vm_list;
verb_fn verb_vm_param_list;
verb_fn verb_vm_param_get;
verb_fn verb_vm_param_set;
verb_fn verb_vm_memory_dynamic_range_set;
verb_fn verb_vm_memory_target_set;
verb_fn verb_vm_memory_static_range_set;
verb_fn verb_vm_memory_limits_set;
verb_fn verb_vm_memory_set;
verb_fn verb_vm_memory_weight_set;
verb_fn verb_vm_memory_pin;
verb_fn verb_vm_memory_unpin;
verb_fn verb_vm_swap_policy_set;
verb_fn verb_vm_swap_attach;
verb_fn verb_vm_swap_detach;
verb_fn verb_vm_swap_list;
verb_fn verb_vm_forget;
verb_fn verb_vm_memory_target_wait;
verb_fn verb_vm_memory_explain;
verb_fn verb_vm_memory_shadow_multiplier_set;
verb_fn verb_vm_compute_memory_overhead;
verb_fn verb_vm_compute_maximum_memory;
verb_fn verb_vm_compute_memory_need;

/* reservations */
verb_fn verb_what_if;
verb_fn verb_memory_reserve;
verb_fn verb_memory_reservation_list;
verb_fn verb_memory_reservation_extend;
verb_fn verb_memory_reservation_transfer;
verb_fn verb_memory_release;

/* events */
verb_fn verb_event_list;
verb_fn verb_event_wait;

/* engines */
verb_fn verb_engine_list;
verb_fn verb_engine_load;
verb_fn verb_engine_unload;
verb_fn verb_engine_param_set;
verb_fn verb_vm_engine_set;

/* lending */
verb_fn verb_pool_show;
verb_fn verb_lease_list;
verb_fn verb_lease_end;
verb_fn verb_peer_list;
verb_fn verb_peer_add;
verb_fn verb_peer_remove;
verb_fn verb_lease_create;
verb_fn verb_lease_return;

/* the daemon */
verb_fn verb_balancer_status;
verb_fn verb_balancer_config_show;

#endif
