/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What this host has lent: facts of lendmem's, and which leases are wanted
 * back.  A lease is named by its borrower's name and volume.
 */
#ifndef LENT_H
#define LENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "peer-name.h"
#include "proto/lease.h"

#define LENT_MAX        1024 /* lendmem's own limit */
#define LENT_LABEL_SIZE (PEER_NAME_SIZE + LEASE_VOLUME_SIZE)

struct lent_lease {
    uint64_t number; /* in lendmem's log, too */
    char token[LEASE_TOKEN_SIZE];
    char peer[PEER_NAME_SIZE]; /* "": it was made by hand */
    char volume[LEASE_VOLUME_SIZE];
    uint64_t size_kib;
    uint64_t quota_kib;
    uint64_t stored_kib;
    uint64_t connections;
    uint64_t idle_s;
    bool is_recalled;
    bool is_overdue;    /* and its time is over */
    uint64_t recall_ms; /* the end of that time */
    bool is_seen;       /* in the listing that is being taken */
};

struct lent_pool {
    bool is_up; /* lendmem answers; the rest is its last word */
    uint64_t memory_kib;
    uint64_t memory_max_kib;
    uint64_t promised_kib;
    uint64_t stored_kib;
    uint64_t held_kib;
};

struct lent {
    struct lent_pool pool;
    uint64_t lend_max_kib;
    uint64_t room_kib; /* more than that the host cannot lend now */
    uint16_t port;     /* of lendmem's NBD server */
    size_t n;
    struct lent_lease list[LENT_MAX];
};

/* "peer/volume" */
void
lent_label(const char *peer, const char *volume, char label[LENT_LABEL_SIZE]);
/* Back; a label of another form is the volume of nobody. */
void lent_split(const char *untrusted_label, struct lent_lease *l);

struct lent_lease *
lent_find(struct lent *t, const char *peer, const char *volume);
struct lent_lease *lent_find_number(struct lent *t, uint64_t number);
size_t lent_count(const struct lent *t, const char *peer);
/* What could be lent now. */
uint64_t lent_free_kib(const struct lent *t);

/* A listing of lendmem's replaces what is known, but keeps what is recalled.
 * Begin; take each; gone is called for those that were not there. */
typedef void lent_gone_fn(void *arg, const struct lent_lease *l);
void lent_begin(struct lent *t);
void lent_take(struct lent *t, const struct lent_lease *l);
void lent_end(struct lent *t, lent_gone_fn *gone, void *arg);

/* It is wanted back by then. */
void lent_recall(struct lent_lease *l, uint64_t until_ms);
/* One whose time has come to an end since the last call; NULL: none. */
struct lent_lease *lent_overdue(struct lent *t, uint64_t now_ms);

#endif
