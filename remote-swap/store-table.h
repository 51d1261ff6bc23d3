/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of store-pages.h: the two-level table of pages and its locks. */
#ifndef STORE_TABLE_H
#define STORE_TABLE_H

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "store-arena.h"
#include "store-pages.h"

/* A page of the arena holds the slots of one chunk. */
#define CHUNK_PAGES (ARENA_PAGE_BYTES / sizeof(uint32_t))
#define CHUNK_BYTES ((uint64_t)CHUNK_PAGES * ARENA_PAGE_BYTES)

/* More than there are threads, mostly, so that they seldom meet. */
#define STRIPES 64

struct chunk {
    /* Page numbers + 1; 0: not stored.  NULL until the first page is. */
    _Atomic(uint32_t *) slots;
    atomic_uint n_stored;
    atomic_uint used_s;
};

/* One to a cache line. */
struct stripe {
    pthread_mutex_t lock;
} __attribute__((aligned(64)));

struct pages {
    struct stripe stripes[STRIPES];
    struct arena *arena;
    struct pages_config config;
    struct chunk *chunks;
    uint64_t n_chunks;
    atomic_ullong n_stored;
    atomic_ullong n_tables;
    atomic_ullong hits;
    atomic_ullong misses;
};

static inline struct chunk *
table_chunk(struct pages *p, uint64_t page)
{
    return &p->chunks[page / CHUNK_PAGES];
}

/* The caller unlocks what it gets. */
static inline struct stripe *
table_lock(struct pages *p, uint64_t page)
{
    struct stripe *stripe = &p->stripes[page % STRIPES];

    pthread_mutex_lock(&stripe->lock);
    return stripe;
}

/* Is anything stored in the page's chunk? */
bool table_is_stored(struct pages *p, uint64_t page);
void table_touch(struct pages *p, uint64_t page, uint32_t now_s);

/* The slots of the page's chunk; NULL if nothing was ever stored in it. */
static inline uint32_t *
table_slots(struct pages *p, uint64_t page)
{
    return atomic_load_explicit(&table_chunk(p, page)->slots,
                                memory_order_acquire);
}

/* Makes them if there are none.  0, -ENOSPC or -ENOMEM. */
int table_make_slots(struct pages *p, uint64_t page, uint32_t **ret);

#endif
