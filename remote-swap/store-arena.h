/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory in 4 KiB pages that can be given back to the system one by one:
 * addresses are reserved for all of it, memory is taken when a page is.
 * Pages are known by number.  All but arena_open and arena_close may be called
 * by several threads.
 */
#ifndef STORE_ARENA_H
#define STORE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#define ARENA_PAGE_BYTES 4096u
/* 8 TiB: a page number has 31 bits. */
#define ARENA_PAGES_MAX (1u << 31)

struct arena;

/* Nothing is locked yet.  0 or -errno. */
int arena_open(struct arena **ret, uint32_t n_pages);
struct arena *arena_close(struct arena *a); /* NULL is fine */

/* Pages will never be swapped out from now on; a child of fork() has to ask
 * again.  -EPERM or -ENOMEM: this user may not. */
int arena_lock(struct arena *a);

/* No page is given beyond the limit; more may be in use already. */
void arena_set_limit(struct arena *a, uint32_t pages);

/* A page of zeroes.  -ENOSPC: the limit; -ENOMEM: the system has none. */
int arena_take(struct arena *a, uint32_t *ret_page);
/* What was in them is gone.  Sorts the numbers. */
void arena_give(struct arena *a, uint32_t *pages, size_t n);
void *arena_address(const struct arena *a, uint32_t page);
/* The page that begins at the address. */
uint32_t arena_page(const struct arena *a, const void *address);

struct arena_count {
    uint32_t n_pages; /* addresses */
    uint32_t limit;
    uint32_t used; /* taken and not given */
    uint32_t held; /* of the system's memory: those, and a few spare ones */
};

struct arena_count arena_count(struct arena *a);

#endif
