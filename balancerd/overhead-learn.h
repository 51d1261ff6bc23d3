/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What domains have really cost, from one daemon to the next. */
#ifndef OVERHEAD_LEARN_H
#define OVERHEAD_LEARN_H

#include <stdint.h>

struct balancer;

/* What earlier daemons have learned, from xenstore.  0 or -errno. */
int overhead_load(struct balancer *b);
/* After an observation: asks Xen once about each domain's page tables, and
 * takes a lesson from a domain that was measured. */
void overhead_learn(struct balancer *b);

/* xe's memory-overhead of the host: what Xen needs with no domain, as far as
 * that is known, and the reserve. */
uint64_t overhead_host_kib(const struct balancer *b);

#endif
