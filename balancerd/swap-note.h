/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells what becomes of volumes: events, and a word in xenstore. */
#ifndef SWAP_NOTE_H
#define SWAP_NOTE_H

#include "swap.h"

struct balancer;

/* event has led v from a state to where it is now. */
void swap_note(struct balancer *b, struct swap_volume *v, enum volume_state was,
               enum volume_event event);

#endif
