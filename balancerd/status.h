/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What xenstore shows of the balancer's knowledge, written on change. */
#ifndef STATUS_H
#define STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status-plan.h"

struct balancer;

/* What is shown of everything but domains; each guest knows its own. */
struct status {
    bool is_open; /* this daemon is shown, what an earlier one left is gone */
    struct status_word host_word;
    struct status_amounts host_amounts;
    size_t next;       /* the guest to begin with */
    uint64_t due_ms;   /* there is something to be written then; UINT64_MAX */
    uint64_t retry_ms; /* nothing is written before */
};

/* /balancer/daemon, /balancer/host and /balancer/domain/<domid>, whose
 * "error" says why keys of a range are refused, and whose "can-balloon"
 * remembers across restarts whose balloon driver has proven itself. A
 * domain's keys go when it goes. */
void status_publish(struct balancer *b);
/* Did xenstore keep what is shown?  If not, all of it is shown anew. */
bool status_reopen(struct balancer *b);
/* The daemon stops: nobody keeps what is shown up to date any more. */
void status_close(struct balancer *b);

#endif
