/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leads the volumes on: what has happened to them, and what is done next. */
#ifndef SWAP_STEP_H
#define SWAP_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "swap.h"

struct balancer;

/* Part of the tick. */
void swap_step(struct balancer *b);
/* When it has to be called again; UINT64_MAX: when something happens. */
uint64_t swap_due_ms(const struct balancer *b);
/* It happens to v now. */
void swap_happens(struct balancer *b, struct swap_volume *v,
                  enum volume_event event);

#endif
