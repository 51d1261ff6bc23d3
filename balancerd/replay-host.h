/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host that shows what was recorded of one, and takes orders as it did. */
#ifndef REPLAY_HOST_H
#define REPLAY_HOST_H

#include "host.h"
#include "plan.h"

struct replay_host {
    struct host host;
    struct host_view view; /* what is shown */
    uint64_t now_ms;
    struct steps orders; /* as recorded, with their results */
};

void replay_host_open(struct replay_host *h);
void replay_host_done(struct replay_host *h);

/* The domain of the view with that number; it is made if it is not there, or
 * NULL: no memory. */
struct host_domain *replay_host_domain(struct replay_host *h, uint32_t domid);
void replay_host_forget(struct replay_host *h, uint32_t domid);
/* 0 or -ENOMEM. */
int replay_host_add_order(struct replay_host *h, const struct step *order);

#endif
