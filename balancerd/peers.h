/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Other hosts that memory is borrowed from: a connection to each, kept alive,
 * and what is asked of them.  Answers come from the loop, later, each request's
 * exactly once.
 */
#ifndef PEERS_H
#define PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "peer-name.h"
#include "proto/lease.h"

#define PEERS_MAX        64
#define PEERS_ERROR_SIZE 256

struct peers;

/* What a peer has lent to this host. */
struct peers_lease {
    char volume[LEASE_VOLUME_SIZE]; /* who it is for; one lease each */
    char token[LEASE_TOKEN_SIZE];   /* the name of its NBD export; secret */
    char host[PEER_HOST_SIZE];      /* where its NBD server is */
    uint16_t port;
    uint64_t size_kib;
    bool is_recalled;        /* its lender wants it back ... */
    uint64_t recall_left_ms; /* ... within this time; 0: by now */
};

struct peers_answer {
    int r;             /* 0, or -errno and a sentence: */
    const char *error; /* "" */
    /* What was created, resized or listed; valid during the call. */
    const struct peers_lease *leases;
    size_t n_leases;
};

typedef void peers_answer_fn(void *arg, const struct peers_answer *answer);

struct peers_wish {
    const char *volume; /* peer_volume_is_valid */
    uint64_t size_kib;
};

/* Requests.  0: fn will be called, within PEERS_DEADLINE_MS, never from inside
 * of this call; -ENOMEM: it will not.
 *   -ENOENT        there is no such peer, or it knows no such lease
 *   -ENOTCONN      the peer is down, or went down meanwhile
 *   -ETIMEDOUT     it has not answered
 *   -ENOSPC        it cannot lend so much
 *   -EEXIST        the volume has a lease of another size there
 *   -EINVAL, -EIO  it refuses, or fails, for the reason in error
 * After -ENOTCONN and -ETIMEDOUT nobody knows whether it was done: asking again
 * is harmless.  To create what there is, in the same size, succeeds; to end
 * what there is not, too. */
#define PEERS_DEADLINE_MS 5000
int peers_lease_create(struct peers *peers, const char *peer,
                       const struct peers_wish *wish, peers_answer_fn *fn,
                       void *arg);
int peers_lease_resize(struct peers *peers, const char *peer,
                       const struct peers_wish *wish, peers_answer_fn *fn,
                       void *arg);
int peers_lease_end(struct peers *peers, const char *peer, const char *volume,
                    peers_answer_fn *fn, void *arg);
/* All of this host's leases there. */
int peers_lease_list(struct peers *peers, const char *peer, peers_answer_fn *fn,
                     void *arg);
/* Whatever was asked with arg: fn is not called any more. */
void peers_forget(struct peers *peers, const void *arg);

/* What is known of a peer, as of its last word. */
struct peers_status {
    char name[PEER_NAME_SIZE];
    char address[PEER_ADDRESS_SIZE];
    bool is_up;
    char why_down[PEERS_ERROR_SIZE]; /* "" while it is up */
    char uuid[40];                   /* of the host; "" unheard */
    char version[32];                /* of its balancerd */
    uint64_t lend_max_kib;           /* it never lends more; 0: nothing */
    uint64_t lent_kib;               /* to all its borrowers */
    uint64_t free_kib;               /* it could lend now */
    uint64_t rtt_us;                 /* of the last ping; 0: none yet */
    uint64_t n_recalls;              /* of this host's leases, below */
};

size_t peers_count(const struct peers *peers);
/* Of the i-th; NULL: there is none.  Valid until the loop goes on. */
const struct peers_status *peers_status(const struct peers *peers, size_t i);
const struct peers_status *
peers_find(const struct peers *peers, const char *name);

/* The leases of this host that the peer wants back, as of its last ping: what
 * is recalled stays here until it is ended.  The i-th, or NULL. */
struct peers_recall {
    char volume[LEASE_VOLUME_SIZE];
    uint64_t left_ms;
};
const struct peers_recall *
peers_recall(const struct peers *peers, const char *name, size_t i);

/* A peer has come or gone, or wants a lease back that it did not want back
 * before: called from the loop.  volume is NULL but in the last case. */
typedef void
peers_news_fn(void *arg, const struct peers_status *peer, const char *volume);
void peers_set_news(struct peers *peers, peers_news_fn *fn, void *arg);

#endif
