/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process of a plugin as the daemon sees it: asked, waited for no longer
 * than agreed, and ended. */
#ifndef POLICY_PROCESS_H
#define POLICY_PROCESS_H

#include <stdbool.h>

#include "policy-room.h"

struct policy_process;

/* 0 or -errno. */
int policy_process_start(struct policy_process **ret);
struct policy_room *policy_process_room(struct policy_process *p);

/* Is the room ours?  0; -EBUSY: it is still busy with what it was asked last;
 * -EOWNERDEAD. */
int policy_process_rest(struct policy_process *p);
/* For how long it is, the time left out in which it was ready to go on and had
 * no processor. */
uint64_t policy_process_busy_ms(const struct policy_process *p);
/* Asks, in a room that is ours.  0 and the answer is in the room; -ETIMEDOUT:
 * it was not there after limit_ms; -EOWNERDEAD. */
int policy_process_ask(struct policy_process *p, enum policy_op op,
                       uint64_t limit_ms);
/* What it was asked last. */
enum policy_op policy_process_op(const struct policy_process *p);

void policy_process_kill(struct policy_process *p);
bool policy_process_is_dead(const struct policy_process *p);
/* How it ended, if it did so by itself; "" if it did not. */
const char *policy_process_end(const struct policy_process *p);

/* Lets it tidy up for limit_ms, then ends it. NULL is fine. */
void policy_process_free(struct policy_process *p, uint64_t limit_ms);

#endif
