/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon's part of vm-start: room for one domain.  Calls return 0; or, when
 * what there is to say has been said, -EREMOTEIO (refused), -ENOTCONN (no
 * daemon); or -EINTR.
 */
#ifndef CLI_ROOM_H
#define CLI_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "lifeline.h"
#include "xl.h"

#define ROOM_NO_DOMID UINT64_MAX

struct room {
    struct lifeline daemon;
    uint64_t ttl_ms;
    char key[64]; /* of the reservation: tells it from those of other runs */
    char id[64];  /* "" as long as there is none */
};

struct room_domain {
    uint64_t domid; /* ROOM_NO_DOMID: there is none */
    bool is_paused; /* being built */
};

/* -EIO: no random numbers, said. */
int room_open(struct room *ret, const struct args *args, uint64_t ttl_ms);
void room_close(struct room *room);

/* Waits until the memory is there; wait is the client's, or NULL. */
int
room_make(struct room *room, const struct xl_domain *domain, const char *wait);
/* The reservation's TTL begins anew. */
void room_keep(struct room *room);
int room_hand_over(struct room *room, uint64_t domid);
/* Also if nobody knows whether there is a reservation. */
void room_give_back(struct room *room);

/* The domain with that value of a field. */
int room_find(struct room *room, const char *field, const char *value,
              struct room_domain *ret);
int room_set_range(struct room *room, uint64_t domid, uint64_t min_kib,
                   uint64_t max_kib);

#endif
