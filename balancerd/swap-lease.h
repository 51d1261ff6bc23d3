/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The leases of volumes: which lender is asked, and who gets its memory
 * back. */
#ifndef SWAP_LEASE_H
#define SWAP_LEASE_H

#include "swap.h"

struct balancer;

#define SWAP_LEASE_ERROR_SIZE VOLUME_ERROR_SIZE

/* Is there a lender for a volume of that size?  peer "" is any.  0 and its
 * name, or -ENOENT and a sentence that says how much each could lend. */
int swap_lease_choose(const struct balancer *b, const struct swap_volume *v,
                      char ret_lender[SWAP_LENDER_SIZE],
                      char error[SWAP_LEASE_ERROR_SIZE]);
/* Asks for the first leg that has no lender.  1: each has one; 0: the answer
 * comes; -errno, v->error has the words. */
int swap_lease_ask(struct balancer *b, struct swap_volume *v);
/* The leg's lender is lost, or is to be: another one is to be asked. */
void swap_lease_drop(struct swap_volume *v, size_t leg);
/* Gives back what v does not use.  Is nothing owed to anybody? */
bool swap_lease_pay(struct balancer *b, struct swap_volume *v);
/* The leg whose lender wants its memory back, or v->n_legs. */
size_t
swap_lease_recalled(const struct balancer *b, const struct swap_volume *v);
/* Takes in what lenders have answered; happens is called for volumes whose deed
 * has come to its end. */
typedef void swap_lease_fn(struct balancer *b, struct swap_volume *v,
                           enum volume_event event);
void swap_lease_hear(struct balancer *b, swap_lease_fn *happens);

#endif
