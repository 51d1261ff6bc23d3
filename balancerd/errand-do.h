/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One errand and its reservation. */
#ifndef ERRAND_DO_H
#define ERRAND_DO_H

#include "tick.h"

/* A name up to here fits into a path, and can be told that it is too long. */
#define ERRAND_NAME_ANSWERABLE 128

/* The reservation that an errand of that name has; or NULL. */
struct reservation *errand_held_by(struct balancer *b, const char *name);

/* Makes the errand's words come true, or says why not.  The same words again
 * let its reservation live on. */
void errand_carry_out(struct balancer *b, struct errand *e);
/* held is what an earlier daemon made of it: nothing is to be done. */
void errand_resume(struct balancer *b, struct errand *e,
                   const struct reservation *held);
/* Gives the reservation to the domain that the script names, if any. */
void errand_link(struct balancer *b, struct errand *e);

/* Ends the errand's reservation, if it has one, without a word to the script.
 * 0 or -errno; then it is tried again later. */
int errand_withdraw(struct balancer *b, const char *name);
/* The script has taken it back. */
void errand_forget(struct balancer *b, const char *name);

/* It was refused for another reason than the host's memory. */
void errand_note_refusal(struct balancer *b, const char *name, const char *why);
/* Something did not work that may work later. */
void errands_fail_later(struct balancer *b);

#endif
