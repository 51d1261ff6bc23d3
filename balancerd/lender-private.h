/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A lender's parts, for the files that it is made of. */
#ifndef LENDER_PRIVATE_H
#define LENDER_PRIVATE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "lend-client.h"
#include "lender.h"
#include "pool.h"
#include "proto/request.h"

struct event;

/* A change on its way through lendmem. */
struct lender_job {
    TAILQ_ENTRY(lender_job) link;
    struct lender *lender;
    char peer[PEER_NAME_SIZE];
    char volume[LEASE_VOLUME_SIZE];
    uint64_t size_kib;
    uint64_t cost_kib;  /* that lendmem has not promised yet */
    struct event *wait; /* for domain 0 to grow */
    uint64_t give_up_ms;
    enum lender_deed {
        LENDER_CREATES,
        LENDER_RESIZES,
        LENDER_ENDS
    } deed;
    lender_answer_fn *fn;
    void *arg;
};

TAILQ_HEAD(lender_job_list, lender_job);

/* A domain 0 that is not balanced, while it is grown by what is lent. */
struct lender_dom0 {
    bool is_grown;
    uint64_t base_kib;  /* its target without that */
    uint64_t set_kib;   /* its target, as we set it */
    uint64_t shrunk_ms; /* when that was last made smaller; 0: never */
};

struct lender {
    struct event_base *base;
    struct balancer *b;
    char path[CONF_PATH_SIZE];
    struct lend_client *client;
    struct event *look; /* at what lendmem has */
    struct lent *lent;
    uint64_t grace_ms;
    uint64_t slack_kib;
    struct lender_dom0 dom0;
    lender_wake_fn *wake;
    void *wake_arg;
    bool has_looked;
    bool has_restored; /* what was wanted back before this daemon */
    bool is_told_down;
    struct lender_job_list jobs;
};

uint64_t lender_now_ms(const struct lender *lender);
/* lendmem's listing of all leases. */
void lender_take_leases(struct lender *lender, struct json_object *result);
/* Something for a tick to do. */
void lender_wake(const struct lender *lender);
/* lender-recall.c */
/* A lease that was wanted back is back. */
void lender_forget_recall(const struct lender *lender, uint64_t number);
void lender_restore_recalls(struct lender *lender);
/* What the host could have back: tuning.lent_*. */
void lender_count_returns(struct lender *lender);
/* lender-dom0.c */
/* By how much domain 0 will be smaller when no more than that stays. */
uint64_t lender_sheds_kib(const struct lender *lender, enum pool_stays when);
/* What is promised, and what jobs are about to promise. */
uint64_t lender_promised_kib(const struct lender *lender);
/* How much more could be lent: lent->room_kib. */
void lender_measure(struct lender *lender);
/* As large as what is promised needs it.  0 or -errno. */
int lender_fit_dom0(struct lender *lender);
bool lender_dom0_has_grown(struct lender *lender);
void lender_remember_dom0(struct lender *lender);
/* Nobody is answered any more. */
void lender_drop_jobs(struct lender *lender);

#endif
