/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The leases that this host has given, and the pool that they share.  Whoever
 * knows a lease's token may use it.  All but lend_open and lend_close may be
 * called by several threads.
 */
#ifndef LEND_H
#define LEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEND_TOKEN_SIZE   33  /* 128 random bits in hexadecimal, and a NUL */
#define LEND_LABEL_SIZE   128 /* a peer and a volume */
#define LEND_LEASES_MAX   1024
#define LEND_SIZE_MAX_KIB (UINT64_C(4) << 30) /* of a lease: 4 TiB */

struct lend;

struct lend_config {
    uint64_t memory_kib;          /* the most that is ever lent */
    unsigned int connections_max; /* to one lease */
    bool is_locked;               /* never swapped out */
    bool keeps_zeroes;            /* pages full of zeroes take memory */
};

int lend_open(struct lend **ret, const struct lend_config *config);
struct lend *lend_close(struct lend *lend); /* nobody is attached */
/* After a fork(), which memory locks do not survive. */
int lend_lock_memory(struct lend *lend);

struct lend_wish {
    uint64_t size_kib;
    uint64_t quota_kib; /* of memory; at most the size */
    const char *label;  /* who it is for, in the log; never NULL */
};

/* What the wish would take of the pool: the quota, and its table. */
uint64_t lend_cost_kib(uint64_t size_kib, uint64_t quota_kib);

/* 0, or -ENOSPC: the pool has not so much left, -EMFILE: too many leases,
 * -EINVAL: no such size, -ENOMEM, and what getrandom says. */
int lend_create(struct lend *lend, const struct lend_wish *wish,
                char ret_token[LEND_TOKEN_SIZE]);
/* The label is not used.  -ENOENT: no such lease; else as lend_create. */
int
lend_resize(struct lend *lend, const char *token, const struct lend_wish *wish);
/* Its memory is free when this returns; who is attached gets -ESHUTDOWN. */
int lend_end(struct lend *lend, const char *token);

/* What the pool may hold from now on, within the most that was configured.
 * Less than what is promised: nothing is taken away, but new pages are refused
 * beyond it.  -ERANGE. */
int lend_set_pool(struct lend *lend, uint64_t memory_kib);

struct lend_pool {
    uint64_t memory_kib;
    uint64_t memory_max_kib;
    uint64_t promised_kib; /* the leases' costs */
    uint64_t stored_kib;   /* of their pages and tables */
    uint64_t held_kib;     /* of the system's memory */
    unsigned int n_leases;
    unsigned int n_connections;
};

void lend_pool(struct lend *lend, struct lend_pool *ret);

struct lease;
struct lease_record;

/* Calls tell for each lease, in the order of their numbers. */
typedef void lend_tell_fn(void *arg, const struct lease_record *record);
void lend_list(struct lend *lend, lend_tell_fn *tell, void *arg);

#endif
