/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What domains have really cost, from one daemon to the next. */
#ifndef OVERHEAD_LEARN_H
#define OVERHEAD_LEARN_H

#include <stdint.h>

struct balancer;
struct guest;

/* What earlier daemons have learned, from xenstore.  0 or -errno. */
int overhead_load(struct balancer *b);
/* After an observation: asks Xen once about each domain's page tables, and
 * takes a lesson from a domain that was measured. */
void overhead_learn(struct balancer *b);

/* The memory for g's page tables was changed.  Who is being measured meanwhile
 * no longer is. */
void overhead_note_paging(struct balancer *b, struct guest *g, uint64_t old_kib,
                          uint64_t new_kib);

/* xe's memory-overhead of the host: what Xen needs with no domain, as far as
 * that is known, and the reserve. */
uint64_t overhead_host_kib(const struct balancer *b);

#endif
