/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The swap devices that the host offers, followed from look to look. */
#ifndef GUEST_SWAP_TASKS_H
#define GUEST_SWAP_TASKS_H

#include <sys/types.h>

#include "store.h"
#include "swap-decide.h"

/* More devices are not swapped to. */
#define SWAP_TASKS_MAX 4

struct swap_slot {
    struct swap_task task;
    struct offer_answer told;
    pid_t pid;       /* of who gives the device up */
    pid_t mover;     /* of who moves other areas' pages over */
    bool has_moved;  /* it has come to an end */
    bool is_offered; /* still */
    bool is_fresh;   /* it was taken just now */
};

/* Zeroed at first. */
struct swap_tasks {
    struct swap_slot slots[SWAP_TASKS_MAX];
    size_t n;
    bool is_read; /* no offer has changed since */
};

/* Hears of changed offers, does what is due, answers. */
void swap_tasks_look(struct swap_tasks *tasks, struct store *st,
                     const struct sample *s, uint64_t now_ms);

/* Is there an offer whose device is not there yet; and has one come? */
bool swap_tasks_are_waiting(const struct swap_tasks *tasks);
bool swap_tasks_can_go_on(const struct swap_tasks *tasks);
/* Was a device taken at the last look? */
bool swap_tasks_are_fresh(const struct swap_tasks *tasks);

#endif
