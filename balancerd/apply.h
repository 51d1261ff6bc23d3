/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries steps out on the host: the only writer of targets and maxmem. */
#ifndef APPLY_H
#define APPLY_H

#include <stdint.h>

struct guest_table;
struct host;
struct steps;

/* Does the steps in order.  A domain that fails is skipped from then on; the
 * others go on (growth that counted on a failed shrink is caught by the next
 * tick's facts).  One log line per changed target.  Number of failures. */
int apply_steps(struct host *host, struct guest_table *table,
                const struct steps *steps, uint64_t now_ms);

#endif
