/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads, writes and zeroes page by page, each under the lock of its stripe. */
#include <config.h>

#include <string.h>

#include "store-arena.h"
#include "store-table.h"

/* The part of a span that lies in one page. */
struct piece {
    uint64_t page;
    uint32_t skip;
    uint32_t length;
};

static struct piece
first_piece(uint64_t offset, uint64_t length)
{
    struct piece piece = {
        .page = offset / ARENA_PAGE_BYTES,
        .skip = offset % ARENA_PAGE_BYTES,
    };
    uint32_t rest = ARENA_PAGE_BYTES - piece.skip;

    piece.length = length < rest ? (uint32_t)length : rest;
    return piece;
}

static bool
is_whole(const struct piece *piece)
{
    return piece->length == ARENA_PAGE_BYTES;
}

static bool
is_zero(const uint8_t *bytes, uint32_t length)
{
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0;
}

/* Pages that are given back together: calls cost more than pages. */
#define BIN_PAGES 256

struct bin {
    struct pages *p;
    uint32_t pages[BIN_PAGES];
    uint32_t n;
};

static void
bin_init(struct bin *bin, struct pages *p)
{
    bin->p = p;
    bin->n = 0;
}

static void
bin_empty(struct bin *bin)
{
    if (bin->n == 0)
        return;
    arena_give(bin->p->arena, bin->pages, bin->n);
    atomic_fetch_sub_explicit(&bin->p->n_stored, bin->n, memory_order_relaxed);
    bin->n = 0;
}

/* Takes what the slot holds.  Called with the slot's lock. */
static void
bin_slot(struct bin *bin, struct chunk *chunk, uint32_t *slot)
{
    bin->pages[bin->n++] = *slot - 1;
    *slot = 0;
    atomic_fetch_sub_explicit(&chunk->n_stored, 1, memory_order_relaxed);
}

static void
read_piece(struct pages *p, const struct piece *piece, uint8_t *to)
{
    uint32_t *slots = table_slots(p, piece->page);
    uint32_t page = 0;

    if (slots) {
        struct stripe *stripe = table_lock(p, piece->page);

        page = slots[piece->page % CHUNK_PAGES];
        if (page)
            memcpy(to,
                   (uint8_t *)arena_address(p->arena, page - 1) + piece->skip,
                   piece->length);
        pthread_mutex_unlock(&stripe->lock);
    }
    if (!page)
        memset(to, 0, piece->length);
    atomic_fetch_add_explicit(page ? &p->hits : &p->misses, 1,
                              memory_order_relaxed);
}

void
pages_read(struct pages *p, void *to, const struct pages_span *span)
{
    uint8_t *bytes = to;
    uint64_t done = 0;

    while (done < span->length) {
        struct piece piece =
            first_piece(span->offset + done, span->length - done);

        table_touch(p, piece.page, span->now_s);
        read_piece(p, &piece, bytes + done);
        done += piece.length;
    }
}

/* A page for the slot, within the quota. */
static int
fill_slot(struct pages *p, struct chunk *chunk, uint32_t *slot)
{
    uint32_t page;
    int r;

    if (atomic_fetch_add_explicit(&p->n_stored, 1, memory_order_relaxed) >=
        p->config.quota_pages)
        r = -ENOSPC;
    else
        r = arena_take(p->arena, &page);
    if (r < 0) {
        atomic_fetch_sub_explicit(&p->n_stored, 1, memory_order_relaxed);
        return r;
    }
    *slot = page + 1;
    atomic_fetch_add_explicit(&chunk->n_stored, 1, memory_order_relaxed);
    return 0;
}

static int
write_slot(struct pages *p, const struct piece *piece, const uint8_t *from,
           uint32_t *slot)
{
    if (!*slot) {
        int r = fill_slot(p, table_chunk(p, piece->page), slot);

        if (r < 0)
            return r;
    }
    memcpy((uint8_t *)arena_address(p->arena, *slot - 1) + piece->skip, from,
           piece->length);
    return 0;
}

/* A page of zeroes needs no memory; part of one only if the rest has some. */
static void
write_zeroes(struct bin *bin, const struct piece *piece, uint32_t *slot)
{
    struct pages *p = bin->p;

    if (!*slot)
        return;
    if (is_whole(piece))
        bin_slot(bin, table_chunk(p, piece->page), slot);
    else
        memset((uint8_t *)arena_address(p->arena, *slot - 1) + piece->skip, 0,
               piece->length);
}

static int
write_piece(struct pages *p, const struct piece *piece, const uint8_t *from)
{
    bool is_empty = !p->config.keeps_zeroes && is_zero(from, piece->length);
    uint32_t *slots = table_slots(p, piece->page);
    struct stripe *stripe;
    struct bin bin;
    int r = 0;

    if (!slots && !is_empty)
        r = table_make_slots(p, piece->page, &slots);
    if (!slots)
        return r;
    bin_init(&bin, p);
    stripe = table_lock(p, piece->page);
    if (is_empty)
        write_zeroes(&bin, piece, &slots[piece->page % CHUNK_PAGES]);
    else
        r = write_slot(p, piece, from, &slots[piece->page % CHUNK_PAGES]);
    pthread_mutex_unlock(&stripe->lock);
    bin_empty(&bin);
    return r;
}

int
pages_write(struct pages *p, const void *from, const struct pages_span *span)
{
    const uint8_t *bytes = from;
    uint64_t done = 0;

    while (done < span->length) {
        struct piece piece =
            first_piece(span->offset + done, span->length - done);
        int r = write_piece(p, &piece, bytes + done);

        if (r < 0)
            return r;
        table_touch(p, piece.page, span->now_s);
        done += piece.length;
    }
    return 0;
}

static void
zero_piece(struct bin *bin, const struct piece *piece)
{
    struct pages *p = bin->p;
    uint32_t *slots = table_slots(p, piece->page);
    struct stripe *stripe;

    if (!slots)
        return;
    stripe = table_lock(p, piece->page);
    write_zeroes(bin, piece, &slots[piece->page % CHUNK_PAGES]);
    pthread_mutex_unlock(&stripe->lock);
    if (bin->n == BIN_PAGES)
        bin_empty(bin);
}

/* So much from the offset on lies in chunks where nothing is stored. */
static uint64_t
empty_chunks_bytes(struct pages *p, uint64_t offset, uint64_t length)
{
    uint64_t end = offset + length;
    uint64_t at = offset;

    while (at < end && !table_is_stored(p, at / ARENA_PAGE_BYTES))
        at = (at / CHUNK_BYTES + 1) * CHUNK_BYTES;
    return (at < end ? at : end) - offset;
}

void
pages_zero(struct pages *p, const struct pages_span *span)
{
    struct bin bin;
    uint64_t done = 0;

    bin_init(&bin, p);
    while (done < span->length) {
        uint64_t offset = span->offset + done;
        uint64_t rest = span->length - done;
        struct piece piece = first_piece(offset, rest);
        uint64_t skipped = empty_chunks_bytes(p, offset, rest);

        if (!skipped)
            zero_piece(&bin, &piece);
        done += skipped ? skipped : piece.length;
    }
    bin_empty(&bin);
}

static bool
is_stored(struct pages *p, uint64_t page)
{
    uint32_t *slots = table_slots(p, page);
    struct stripe *stripe;
    bool is;

    if (!slots)
        return false;
    stripe = table_lock(p, page);
    is = slots[page % CHUNK_PAGES] != 0;
    pthread_mutex_unlock(&stripe->lock);
    return is;
}

uint64_t
pages_run(struct pages *p, const struct pages_span *span, bool *ret_is_stored)
{
    uint64_t end = span->offset + span->length;
    uint64_t at = span->offset;
    bool is = is_stored(p, at / ARENA_PAGE_BYTES);

    *ret_is_stored = is;
    while (at < end && is_stored(p, at / ARENA_PAGE_BYTES) == is) {
        uint64_t skipped = is ? 0 : empty_chunks_bytes(p, at, end - at);

        at = skipped ? at + skipped
                     : (at / ARENA_PAGE_BYTES + 1) * ARENA_PAGE_BYTES;
    }
    return (at < end ? at : end) - span->offset;
}
