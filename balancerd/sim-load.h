/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a simulated domain does with its memory, as a scenario says, and what
 * its agent tells of that. */
#ifndef SIM_LOAD_H
#define SIM_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "host-view.h"

struct sim_load {
    bool has_agent;
    bool is_seen;      /* the host sees its swap ... */
    bool tells_wait;   /* ... and how long reads take: stall_some_pct */
    uint64_t swap_kib; /* room for what is swapped out */
    uint64_t swap_in_kib_per_s;
    uint64_t swap_out_kib_per_s;
    uint64_t refault_anon_kib_per_s;
    uint64_t refault_file_kib_per_s;
    uint64_t stall_some_pct;
    uint64_t stall_full_pct;
    /* KiB and us since it came to life, until then */
    struct sample counted;
    uint64_t counted_ms;
    uint64_t reported_ms;
    bool was_busy; /* by its last report */
};

/* It comes to life. */
void sim_load_start(struct sim_load *l, uint64_t now_ms);
/* Up to now it did what it does; changes of its nature come after that. */
void sim_load_count(struct sim_load *l, uint64_t now_ms);
/* What the host sees of it. */
struct host_swap sim_load_seen(const struct sim_load *l);
/* When its agent has something to tell; HOST_UNSET: never. */
uint64_t sim_load_due_ms(const struct sim_load *l);
/* If it is due: facts says what it told.  true if that cannot wait. */
bool
sim_load_report(struct sim_load *l, struct host_domain *facts, uint64_t now_ms);

#endif
