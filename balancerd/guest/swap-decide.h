/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to do about a swap device that the host offers, and what to answer. */
#ifndef GUEST_SWAP_DECIDE_H
#define GUEST_SWAP_DECIDE_H

#include "proto/offer.h"
#include "proto/sample.h"

enum swap_deed {
    SWAP_NOTHING,
    SWAP_TAKE,  /* look whether it is the device offered, and swap to it */
    SWAP_LEAVE, /* begin to give it up */
    SWAP_STAY,  /* stop giving it up */
};

struct swap_task {
    struct offer offer;
    struct offer_answer answer; /* so far */
    bool is_leaving;            /* swapoff is under way */
};

/* By what the guest's memory is like now.  *ret is the answer as long as the
 * deed does not change it. */
enum swap_deed swap_decide(const struct swap_task *t, const struct sample *s,
                           struct offer_answer *ret);

/* Is there something on other areas (of which this much is used) that is to be
 * moved over, and has room? */
bool swap_should_move(const struct swap_task *t, const struct sample *s,
                      uint64_t others_kib);

/* Is the answer worth telling, after the one that was told? */
bool swap_is_news(const struct offer_answer *told,
                  const struct offer_answer *answer);

#endif
