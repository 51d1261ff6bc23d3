/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One run of rswap-attach: what is asked, what there is, what went wrong. */
#ifndef RSWAP_JOB_H
#define RSWAP_JOB_H

#include "rswap-args.h"
#include "rswap-failure.h"
#include "rswap-store.h"
#include "rswap-volume.h"

struct rswap_job {
    struct rswap_args args;
    struct rswap_store store;
    struct rswap_volume volume; /* as it was when last looked at */
    struct rswap_failure failure;
    bool is_undone;
};

/* Each looks, does, and looks again.  0 or the failure. */
int rswap_attach(struct rswap_job *job);
int rswap_detach(struct rswap_job *job);
int rswap_withdraw(struct rswap_job *job);
int rswap_add_leg(struct rswap_job *job);
int rswap_remove_leg(struct rswap_job *job);

/* Gives a leg's device back; it is in no mirror. */
int rswap_drop_leg(const struct rswap_found_leg *leg, struct rswap_failure *f);
/* Makes a leg's device. */
int rswap_make_leg(const struct rswap_leg *leg, const char *volume,
                   uint64_t size_kib, struct rswap_failure *f);

#endif
