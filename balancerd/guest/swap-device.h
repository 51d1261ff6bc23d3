/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Swapping to a device, and no longer. */
#ifndef GUEST_SWAP_DEVICE_H
#define GUEST_SWAP_DEVICE_H

#include <stdbool.h>
#include <sys/types.h>

#include "proto/offer.h"

/* Swaps to the device offered.  OFFER_WHY_NONE, also if that was so already;
 * -ENODEV in *ret_error: there is no such device yet; or why not. */
enum offer_why swap_device_on(const struct offer *o, int *ret_error);

/* Is there such a device by now? */
bool swap_device_is_there(const char *vdev);

/* Begins to give it up, which may take minutes, in a process of its own.  0 or
 * -errno. */
int swap_device_leave(const char *vdev, pid_t *ret_pid);
/* 0: it has ended, *ret_error is 0 or its errno; -EAGAIN: not yet. */
int swap_device_left(pid_t pid, int *ret_error);
/* The kernel puts back what it has not done. */
void swap_device_stay(pid_t pid);

#endif
