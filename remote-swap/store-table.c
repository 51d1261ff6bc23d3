/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes, resizes, counts and drops the table of a lease's pages. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "store-table.h"

static const uint32_t age_limits_s[PAGES_AGES] = {
    1, 10, 60, 600, 3600, UINT32_MAX,
};

uint32_t
pages_age_limit_s(unsigned int i)
{
    return age_limits_s[i];
}

static uint64_t
chunks_of(uint64_t size_bytes)
{
    return (size_bytes + CHUNK_BYTES - 1) / CHUNK_BYTES;
}

int
pages_new(struct pages **ret, struct arena *arena,
          const struct pages_config *config)
{
    struct pages *p = aligned_alloc(_Alignof(struct pages), sizeof(*p));
    unsigned int i;

    if (!p)
        return -ENOMEM;
    memset(p, 0, sizeof(*p));
    p->arena = arena;
    p->config = *config;
    p->n_chunks = chunks_of(config->size_bytes);
    p->chunks = calloc(p->n_chunks, sizeof(p->chunks[0]));
    if (!p->chunks) {
        free(p);
        return -ENOMEM;
    }
    for (i = 0; i < STRIPES; i++)
        pthread_mutex_init(&p->stripes[i].lock, NULL);
    *ret = p;
    return 0;
}

static void
drop_all(struct pages *p)
{
    struct pages_span all = { .offset = 0, .length = p->config.size_bytes };

    pages_zero(p, &all);
}

/* Chunks from one on lose their slots, which hold nothing any more. */
static void
drop_slots(struct pages *p, uint64_t from)
{
    uint64_t i;

    for (i = from; i < p->n_chunks; i++) {
        uint32_t *slots = atomic_load(&p->chunks[i].slots);
        uint32_t page;

        if (!slots)
            continue;
        page = arena_page(p->arena, slots);
        arena_give(p->arena, &page, 1);
        atomic_store(&p->chunks[i].slots, NULL);
        atomic_fetch_sub(&p->n_tables, 1);
    }
}

struct pages *
pages_free(struct pages *p)
{
    unsigned int i;

    if (!p)
        return NULL;
    drop_all(p);
    drop_slots(p, 0);
    for (i = 0; i < STRIPES; i++)
        pthread_mutex_destroy(&p->stripes[i].lock);
    free(p->chunks);
    free(p);
    return NULL;
}

static void
cut(struct pages *p, uint64_t size_bytes)
{
    struct pages_span rest = {
        .offset = size_bytes,
        .length = p->config.size_bytes - size_bytes,
    };

    pages_zero(p, &rest);
    drop_slots(p, chunks_of(size_bytes));
}

int
pages_resize(struct pages *p, uint64_t size_bytes, uint64_t quota_pages)
{
    uint64_t n = chunks_of(size_bytes);
    struct chunk *chunks;
    uint64_t i;

    if (size_bytes < p->config.size_bytes)
        cut(p, size_bytes);
    if (n > p->n_chunks) {
        chunks = calloc(n, sizeof(chunks[0]));
        if (!chunks)
            return -ENOMEM;
        for (i = 0; i < p->n_chunks; i++)
            chunks[i] = p->chunks[i];
        free(p->chunks);
        p->chunks = chunks;
    }
    p->n_chunks = n;
    p->config.size_bytes = size_bytes;
    p->config.quota_pages = quota_pages;
    return 0;
}

bool
table_is_stored(struct pages *p, uint64_t page)
{
    return atomic_load_explicit(&table_chunk(p, page)->n_stored,
                                memory_order_relaxed) != 0;
}

void
table_touch(struct pages *p, uint64_t page, uint32_t now_s)
{
    struct chunk *chunk = table_chunk(p, page);

    /* Mostly there is nothing to do, and others read the cache line. */
    if (atomic_load_explicit(&chunk->used_s, memory_order_relaxed) != now_s)
        atomic_store_explicit(&chunk->used_s, now_s, memory_order_relaxed);
}

/* Two may come at the same time: the second one takes the first one's. */
int
table_make_slots(struct pages *p, uint64_t page_at, uint32_t **ret)
{
    struct chunk *chunk = table_chunk(p, page_at);
    uint32_t *expected = NULL;
    uint32_t *slots;
    uint32_t page;
    int r = arena_take(p->arena, &page);

    if (r < 0)
        return r;
    slots = arena_address(p->arena, page);
    if (!atomic_compare_exchange_strong(&chunk->slots, &expected, slots)) {
        arena_give(p->arena, &page, 1);
        *ret = expected;
        return 0;
    }
    atomic_fetch_add_explicit(&p->n_tables, 1, memory_order_relaxed);
    *ret = slots;
    return 0;
}

static void
count_age(struct pages_count *count, uint32_t age_s, uint32_t n_pages)
{
    unsigned int i = 0;

    while (age_s > age_limits_s[i])
        i++;
    count->ages[i] += n_pages;
}

void
pages_count(struct pages *p, uint32_t now_s, struct pages_count *ret)
{
    uint64_t i;

    *ret = (struct pages_count){
        .size_bytes = p->config.size_bytes,
        .quota_pages = p->config.quota_pages,
        .stored = atomic_load_explicit(&p->n_stored, memory_order_relaxed),
        .tables = atomic_load_explicit(&p->n_tables, memory_order_relaxed),
        .hits = atomic_load_explicit(&p->hits, memory_order_relaxed),
        .misses = atomic_load_explicit(&p->misses, memory_order_relaxed),
    };
    for (i = 0; i < p->n_chunks; i++) {
        struct chunk *chunk = &p->chunks[i];
        uint32_t n =
            atomic_load_explicit(&chunk->n_stored, memory_order_relaxed);
        uint32_t used_s =
            atomic_load_explicit(&chunk->used_s, memory_order_relaxed);

        if (n)
            count_age(ret, used_s < now_s ? now_s - used_s : 0, n);
    }
}
