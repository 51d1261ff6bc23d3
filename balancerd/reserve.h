/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reservations: host memory promised to a named client.  A reservation is
 * pending until the memory is free, then granted; it ends by release, by its
 * TTL, or refused.  Once it names a domain it shrinks as that domain fills.
 */
#ifndef RESERVE_H
#define RESERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host.h"

#define RESERVE_ID_SIZE   37
#define RESERVE_NAME_SIZE 64
#define RESERVE_KEY_SIZE  64
#define RESERVE_TEXT_SIZE 512
#define RESERVE_MAX       1024 /* reservations at one time */
#define RESERVE_NO_DOMID  UINT32_MAX

/* Long enough to start a domain by hand, short enough that memory which its
 * owner forgot comes back the same day. */
#define RESERVE_DEFAULT_TTL_MS (10 * 60 * 1000)
/* Linux frees some 100 MiB/s; a minute is several GiB. */
#define RESERVE_DEFAULT_WAIT_MS (60 * 1000)

enum reserve_state {
    RESERVE_PENDING, /* memory is being found */
    RESERVE_GRANTED, /* the memory is free and kept */
};

struct reservation {
    char id[RESERVE_ID_SIZE];
    char owner[RESERVE_NAME_SIZE]; /* the client's name for itself */
    uint32_t owner_pid;            /* 0: unknown */
    char key[RESERVE_KEY_SIZE];    /* idempotency key, "" for none */
    enum reserve_state state;
    uint64_t kib;          /* promised, overhead included */
    uint64_t min_kib;      /* the owner would be content with this */
    uint64_t overhead_kib; /* part that goes to Xen, not to the domain */
    uint64_t asked_ms;
    uint64_t give_up_ms; /* a pending one is refused then */
    uint64_t expires_ms; /* the TTL's end */
    /* The domain it is for: by uuid before it exists, by domid after. */
    char uuid[HOST_UUID_SIZE]; /* "" for none */
    uint32_t domid;            /* RESERVE_NO_DOMID for none */
    bool is_transferred;       /* its owner named the domain */
    bool is_for_next;          /* it is for the first one to come */
    /* Held by nobody as of the last look (account_open); not kept. */
    uint64_t open_kib;
    uint64_t granted_ms; /* 0: before the daemon was started; not kept */
};

struct reserve_table {
    size_t n;
    size_t capacity;
    struct reservation *list; /* oldest first */
};

void reserve_table_done(struct reserve_table *t);

/* Adds a copy; 0, -ENOMEM, -ENOSPC (RESERVE_MAX), -EEXIST (id). */
int reserve_add(struct reserve_table *t, const struct reservation *r);
/* Removes; the pointers of the others move.  -ENOENT if absent. */
int reserve_remove(struct reserve_table *t, const char *id);
/* NULL if absent. */
struct reservation *reserve_find(struct reserve_table *t, const char *id);
struct reservation *reserve_find_key(struct reserve_table *t, const char *key);

/* What of r is still to be held by nobody: the promise less what its domain
 * already took. holder_kib: pages of its domain, 0 if there is none. */
uint64_t reserve_open_kib(const struct reservation *r, uint64_t holder_kib);

const char *reserve_state_name(enum reserve_state state);

#endif
