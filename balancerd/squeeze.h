/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Can an amount be freed, who would give what, and is it there yet?
 * Answers only; nobody's target is touched here.
 */
#ifndef SQUEEZE_H
#define SQUEEZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reserve.h"
#include "snapshot.h"

/* What one domain holds, can give, and what stops it from giving more. */
struct contribution {
    uint32_t domid;
    char name[HOST_NAME_SIZE];
    uint64_t held_kib;
    uint64_t give_kib;
    uint64_t floor_kib; /* it stays at this target at least */
    const char *limit;  /* static text: "its dynamic-min", "paused", ... */
};

struct feasibility {
    bool is_feasible;
    uint64_t needed_kib;    /* what was asked for */
    uint64_t available_kib; /* the most that could be had for it */
    uint64_t spare_kib;     /* of that, free already */
    uint64_t lent_kib;      /* of that, lent to other hosts */
    size_t n;
    struct contribution *items; /* one per domain */
};

/* The most that could be free beyond every promise made so far. */
uint64_t squeeze_available_kib(const struct snapshot *s);

/* Could needed_kib more be reserved?  0 or -ENOMEM. */
int squeeze_feasibility(struct feasibility *ret, const struct snapshot *s,
                        const struct guest_table *table, uint64_t needed_kib);
void feasibility_done(struct feasibility *f);
/* The same in one sentence with the numbers. */
void feasibility_text(const struct feasibility *f, char *text, size_t size);

enum squeeze_verdict {
    SQUEEZE_WAIT,
    SQUEEZE_GRANT,      /* the memory is free */
    SQUEEZE_IMPOSSIBLE, /* what can still be had does not suffice */
    SQUEEZE_TIMEOUT,    /* give_up_ms has passed */
    SQUEEZE_EXPIRED,    /* the TTL has passed, granted or not */
};

/* What is to become of reservation i of t now (the snapshot's time)? The
 * oldest are served first. */
enum squeeze_verdict squeeze_judge(const struct snapshot *s,
                                   const struct reserve_table *t, size_t i);

/* What is free for reservation i right now. */
uint64_t squeeze_at_hand_kib(const struct snapshot *s,
                             const struct reserve_table *t, size_t i);

/* What is lent and has not come back yet: "; 7 KiB that are ...", or "". */
void squeeze_blame_borrowers(const struct snapshot *s, char *text, size_t size);
/* Names the domains, but 0, that do not follow their targets: "3 (web), 7
 * (db)", or "". */
void squeeze_blame(const struct guest_table *table, char *text, size_t size);

#endif
