/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Scripts reserve memory by writing to xenstore: what is in
 * /balancer/reserve becomes reservations, and their fate becomes answers
 * there.  Nothing is read unless somebody has written.
 */
#ifndef ERRANDS_H
#define ERRANDS_H

#include <stdbool.h>
#include <stdint.h>

struct balancer;

/* From now on requests are heard; those that are there, too. */
void errands_open(struct balancer *b);
/* The host is connected again: has_lost_all says that what was in xenstore is
 * gone, so no script can have taken its request back. */
void errands_reopen(struct balancer *b, bool has_lost_all);

/* Before the plan: takes in what others wrote; true if any reservation or
 * the guests' table may be another now. */
bool errands_take(struct balancer *b);
/* After the reservations are settled: writes the answers. */
void errands_answer(struct balancer *b);
/* The instant at which there is something to be tried again; UINT64_MAX. */
uint64_t errands_due_ms(const struct balancer *b);

#endif
