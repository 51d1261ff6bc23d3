/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Wakes balloon drivers (A11).  A page is added to the target in xenstore, and
 * taken away the next time; for everyone here the target stays what it was.
 */
#ifndef GUEST_WAKE_H
#define GUEST_WAKE_H

#include <stdbool.h>
#include <stdint.h>

struct guest;

struct guest_wake {
    uint64_t target_kib; /* what it is for us; 0: was never woken */
    uint64_t at_ms;      /* when it was woken last */
    bool has_page;       /* that target and a page is what xenstore has */
};

/* Takes the page off a target that was just observed. */
void guest_wake_take(struct guest *g);

/* What to write into xenstore as its target now; 0: it is awake. */
uint64_t guest_wake_due_kib(const struct guest *g, uint64_t now_ms);

/* That was written. */
void guest_wake_note(struct guest *g, uint64_t written_kib, uint64_t now_ms);

#endif
