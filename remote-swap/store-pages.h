/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is stored under one lease: a sparse array of bytes, of which only pages
 * that were written take memory.  All but pages_new, pages_free and
 * pages_resize may be called by several threads at once; each page is written
 * and read as a whole.
 *
 * Offsets and lengths must lie within the size: the caller has checked.
 */
#ifndef STORE_PAGES_H
#define STORE_PAGES_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct pages;

struct pages_config {
    uint64_t size_bytes;  /* a multiple of a page */
    uint64_t quota_pages; /* so many are stored at most */
    bool keeps_zeroes;    /* pages that are written full of zeroes, too */
};

int pages_new(struct pages **ret, struct arena *arena,
              const struct pages_config *config);
struct pages *pages_free(struct pages *p); /* gives all back; NULL is fine */

/* What is beyond the new size is dropped; what is stored beyond the quota
 * stays.  Nobody else may be using p.  0 or -ENOMEM. */
int pages_resize(struct pages *p, uint64_t size_bytes, uint64_t quota_pages);

/* A place and a moment. */
struct pages_span {
    uint64_t offset;
    uint64_t length;
    uint32_t now_s; /* any clock that does not go back */
};

void pages_read(struct pages *p, void *to, const struct pages_span *span);
/* -ENOSPC (quota or limit) or -ENOMEM: some of it may have been written. */
int
pages_write(struct pages *p, const void *from, const struct pages_span *span);
/* Reads as zeroes from now on; whole pages are given back. */
void pages_zero(struct pages *p, const struct pages_span *span);

/* How much from the offset on, up to the end of the span, is alike: stored
 * or not. */
uint64_t
pages_run(struct pages *p, const struct pages_span *span, bool *ret_is_stored);

/* Ages of what is stored, by when somebody last used the 4 MiB around it. */
#define PAGES_AGES 6

struct pages_count {
    uint64_t size_bytes;
    uint64_t quota_pages;
    uint64_t stored;
    uint64_t tables;           /* pages that hold the table itself */
    uint64_t hits;             /* pages read that were stored */
    uint64_t misses;           /* ... that were not */
    uint64_t ages[PAGES_AGES]; /* pages, by pages_age_limit_s() */
};

/* used within so many seconds; the last one: UINT32_MAX */
uint32_t pages_age_limit_s(unsigned int i);
void pages_count(struct pages *p, uint32_t now_s, struct pages_count *ret);

#endif
