/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A lender's parts, for the files that it is made of. */
#ifndef LENDER_PRIVATE_H
#define LENDER_PRIVATE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "lend-client.h"
#include "lender.h"
#include "proto/request.h"

struct event;

/* A change on its way through lendmem. */
struct lender_job {
    TAILQ_ENTRY(lender_job) link;
    struct lender *lender;
    char peer[PEER_NAME_SIZE];
    char volume[LEASE_VOLUME_SIZE];
    uint64_t size_kib;
    enum lender_deed {
        LENDER_CREATES,
        LENDER_RESIZES,
        LENDER_ENDS
    } deed;
    lender_answer_fn *fn;
    void *arg;
};

TAILQ_HEAD(lender_job_list, lender_job);

struct lender {
    struct balancer *b;
    char path[CONF_PATH_SIZE];
    struct lend_client *client;
    struct event *look; /* at what lendmem has */
    struct lent *lent;
    uint64_t grace_ms;
    bool is_told_down;
    struct lender_job_list jobs;
};

uint64_t lender_now_ms(const struct lender *lender);
/* lendmem's listing of all leases. */
void lender_take_leases(struct lender *lender, struct json_object *result);
/* Nobody is answered any more. */
void lender_drop_jobs(struct lender *lender);

#endif
