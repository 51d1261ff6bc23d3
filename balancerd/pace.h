/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When the loop has to look again, and whether there is anything to wait
 * for.  Asked at the end of a tick. */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>
#include <stdint.h>

struct balancer;

/* What there is to wait for. */
struct pace {
    bool is_busy;          /* someone waits for memory, moves, or was told to */
    bool is_watching;      /* something moves that gives no sign of it */
    bool is_resting;       /* a wish waits until the last change had its time */
    uint64_t swap_look_ms; /* how soon to look at swap disks again */
};

void pace_look(const struct balancer *b, struct pace *ret);
/* How long to sleep unless something happens. */
uint64_t pace_sleep_ms(const struct balancer *b, const struct pace *p);
/* Is every domain where it should be, and nobody waits? */
bool pace_is_at_rest(const struct pace *p);
/* Does anyone wait for memory? */
bool pace_is_awaited(const struct balancer *b);

#endif
