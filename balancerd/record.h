/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A recording of all that targets were decided by, and of the decisions: a
 * file that replay.h plays again.  A line is a fact that has changed; "look"
 * and "plan" say that it was looked at and planned for, "done" that what was
 * decided is done.
 *
 * It begins with all that is known, and goes on in a new file when it has taken
 * half of its room: FILE is FILE.old then.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdint.h>

#include "conf.h"

#define RECORD_MAGIC "balancerd-record 1"
struct balancer;
struct record;

/* From the next look on.  NULL: -errno is in *ret_error; path is kept. */
struct record *
record_open(const char *path, uint64_t limit_bytes, int *ret_error);
struct record *record_close(struct record *rec); /* NULL is fine */

/* For the loop; without a recording (NULL) nothing happens.  The host was
 * looked at, and the domains are still as they were. */
void record_look(struct record *rec, struct balancer *b, uint64_t now_ms);
/* What is to be done is decided ... */
void record_plan(struct record *rec, const struct balancer *b);
/* ... and done. */
void record_done(struct record *rec, const struct balancer *b);

#endif
