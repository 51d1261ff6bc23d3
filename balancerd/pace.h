/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When the loop has to look again, and whether there is anything to wait
 * for.  Asked at the end of a tick. */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>
#include <stdint.h>

struct balancer;

/* How long to sleep unless something happens. */
uint64_t pace_sleep_ms(const struct balancer *b);
/* Does anyone wait for memory? */
bool pace_is_awaited(const struct balancer *b);
/* Is every domain where it should be, and nobody waits? */
bool pace_is_at_rest(const struct balancer *b);

#endif
