/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lending side: what is lent, by lendmem's word, and what becomes of it by
 * ours.  lendmem serves without us: a daemon that starts finds its leases
 * again.
 */
#ifndef LENDER_H
#define LENDER_H

#include <stdint.h>

#include "conf.h"
#include "lent.h"
#include "proto/request-error.h"

struct balancer;
struct event_base;
struct lender;

/* How often lendmem is asked what there is. */
#define LENDER_LOOK_S 2

/* A tick should come soon. */
typedef void lender_wake_fn(void *arg);

/* b: for its events, its clock and domain 0. 0 or -ENOMEM. */
int lender_open(struct lender **ret, struct event_base *base,
                const struct conf *c, struct balancer *b);
struct lender *lender_close(struct lender *lender); /* NULL is fine */
void lender_set_wake(struct lender *lender, lender_wake_fn *fn, void *arg);
/* After a tick: a host that is short of memory wants back what it has lent. */
void lender_on_tick(struct lender *lender);
/* Other amounts and times are in force; not another socket. */
void lender_configure(struct lender *lender, const struct conf *c);

/* Valid until the loop goes on. */
struct lent *lender_lent(const struct lender *lender);
uint64_t lender_grace_ms(const struct lender *lender);

struct lender_answer {
    const struct request_error *error; /* NULL: it is done */
    const struct lent_lease *lease;    /* NULL after its end */
};

/* Called by the loop, or at once, exactly once. */
typedef void lender_answer_fn(void *arg, const struct lender_answer *answer);

struct lender_wish {
    const char *peer;
    const char *volume;
    uint64_t size_kib;
};

/* One lease to a volume: a second wish for it, in the same size, is answered
 * with the first one's. */
void lender_create(struct lender *lender, const struct lender_wish *wish,
                   lender_answer_fn *fn, void *arg);
void lender_resize(struct lender *lender, const struct lender_wish *wish,
                   lender_answer_fn *fn, void *arg);
/* Who is connected to it gets errors from now on.  No lease, no error. */
void lender_end(struct lender *lender, const struct lender_wish *wish,
                lender_answer_fn *fn, void *arg);
/* Its borrower is told that it is wanted back within grace_ms. */
void
lender_recall(struct lender *lender, struct lent_lease *l, uint64_t grace_ms);

#endif
