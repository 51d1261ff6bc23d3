/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moves what is on other swap areas over to the one that the host offers. */
#ifndef GUEST_SWAP_MOVE_H
#define GUEST_SWAP_MOVE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct swap_move {
    uint64_t kib_per_s;
    /* Is the area of this path offered by the host? */
    bool (*is_offered)(const void *ctx, const char *path);
    const void *ctx;
};

/* Begins it, in a process of its own.  0 or -errno. */
int swap_move_begin(const struct swap_move *m, pid_t *ret_pid);
/* Has it ended?  Then it need not be asked again. */
bool swap_move_has_ended(pid_t pid);
/* What was moved stays moved. */
void swap_move_stop(pid_t pid);

#endif
