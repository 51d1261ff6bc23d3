/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A squeeze that went too far, and for how long not to repeat it (G7). */
#ifndef GUEST_REGRET_H
#define GUEST_REGRET_H

#include <stdint.h>

struct tuning;

/* All zero: nothing to regret. */
struct guest_regret {
    /* the last time it was made smaller: the way back */
    uint64_t shrunk_from_kib; /* 0: nowhere */
    uint64_t shrunk_since_ms;
    uint64_t shrunk_at_ms;
    /* not below this, which it had before it began to suffer; 0: no floor */
    uint64_t floor_kib;
    uint64_t hurt_kib; /* at that size it suffered */
    uint64_t until_ms; /* the end of the floor, and of the last one */
    uint64_t hold_ms;  /* how long the last one was */
};

/* Its target went down from from_kib.  What is given within regret_ms is one
 * squeeze, and goes back to where that began. */
void regret_note_shrink(struct guest_regret *r, uint64_t from_kib,
                        const struct tuning *tuning, uint64_t now_ms);
/* It began to suffer, with actual_kib. */
void regret_note_pain(struct guest_regret *r, uint64_t actual_kib,
                      const struct tuning *tuning, uint64_t now_ms);
/* It is well, and says that it needs no more than this. */
void regret_relax(struct guest_regret *r, uint64_t needs_kib);
/* Time has passed. */
void regret_forget(struct guest_regret *r, uint64_t now_ms);

#endif
