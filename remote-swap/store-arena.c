/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pages of a memory file: unlike private memory, they can be given back one by
 * one on every kernel while they are locked. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "store-arena.h"
#include "util/cleanup.h"

/* Zeroed pages that are kept for the next one who writes: 4 MiB. */
#define SPARE_MAX 1024u

struct arena {
    int fd;
    uint8_t *base;
    uint32_t n_pages;
    pthread_mutex_t lock; /* of what follows */
    uint32_t limit;
    uint32_t used;
    uint32_t held;
    uint32_t cursor;  /* a word of held_bits */
    uint32_t n_words; /* of held_bits */
    uint64_t *held_bits;
    uint32_t spare[SPARE_MAX];
    uint32_t n_spare;
};

static uint64_t
size_bytes(const struct arena *a)
{
    return (uint64_t)a->n_pages * ARENA_PAGE_BYTES;
}

static int
map_file(struct arena *a)
{
    a->fd = memfd_create("lendmem", MFD_CLOEXEC);
    if (a->fd < 0 || ftruncate(a->fd, (off_t)size_bytes(a)) < 0)
        return -errno;
    a->base = mmap(NULL, size_bytes(a), PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_NORESERVE, a->fd, 0);
    if (a->base == MAP_FAILED) {
        a->base = NULL;
        return -errno;
    }
    /* A process that crashes must not write guests' memory to a disk. */
    return madvise(a->base, size_bytes(a), MADV_DONTDUMP) < 0 ? -errno : 0;
}

int
arena_open(struct arena **ret, uint32_t n_pages)
{
    struct arena *a;
    int r;

    if (n_pages == 0 || n_pages > ARENA_PAGES_MAX)
        return -EINVAL;
    a = calloc(1, sizeof(*a));
    if (!a)
        return -ENOMEM;
    pthread_mutex_init(&a->lock, NULL);
    a->fd = -1;
    a->n_pages = n_pages;
    a->limit = n_pages;
    a->n_words = (n_pages + 63) / 64;
    a->held_bits = calloc(a->n_words, sizeof(a->held_bits[0]));
    r = a->held_bits ? map_file(a) : -ENOMEM;
    if (r < 0) {
        arena_close(a);
        return r;
    }
    *ret = a;
    return 0;
}

struct arena *
arena_close(struct arena *a)
{
    if (!a)
        return NULL;
    if (a->base)
        munmap(a->base, size_bytes(a));
    if (a->fd >= 0)
        close(a->fd);
    free(a->held_bits);
    pthread_mutex_destroy(&a->lock);
    free(a);
    return NULL;
}

int
arena_lock(struct arena *a)
{
    return mlock2(a->base, size_bytes(a), MLOCK_ONFAULT) < 0 ? -errno : 0;
}

void
arena_set_limit(struct arena *a, uint32_t pages)
{
    pthread_mutex_lock(&a->lock);
    a->limit = pages < a->n_pages ? pages : a->n_pages;
    pthread_mutex_unlock(&a->lock);
}

void *
arena_address(const struct arena *a, uint32_t page)
{
    return a->base + (size_t)page * ARENA_PAGE_BYTES;
}

uint32_t
arena_page(const struct arena *a, const void *address)
{
    return (uint32_t)(((const uint8_t *)address - a->base) / ARENA_PAGE_BYTES);
}

/* Pages of a word that are beyond the end count as held. */
static uint64_t
word_at(const struct arena *a, uint32_t i)
{
    uint32_t in_last = a->n_pages % 64;

    if (i == a->n_words - 1 && in_last)
        return a->held_bits[i] | ~UINT64_C(0) << in_last;
    return a->held_bits[i];
}

/* The first pages in a row that are not held, within one word: their number. */
static uint32_t
find_run(struct arena *a, uint32_t *ret_first)
{
    uint32_t n_seen;
    uint32_t first;
    uint64_t from;

    for (n_seen = 0; n_seen < a->n_words; n_seen++) {
        uint64_t word = word_at(a, a->cursor);

        if (~word == 0) {
            a->cursor = a->cursor + 1 == a->n_words ? 0 : a->cursor + 1;
            continue;
        }
        first = (uint32_t)__builtin_ctzll(~word);
        from = word >> first;
        *ret_first = a->cursor * 64 + first;
        return from ? (uint32_t)__builtin_ctzll(from) : 64 - first;
    }
    return 0;
}

static void
mark_held(struct arena *a, uint32_t page, bool is_held)
{
    uint64_t bit = UINT64_C(1) << page % 64;

    if (is_held)
        a->held_bits[page / 64] |= bit;
    else
        a->held_bits[page / 64] &= ~bit;
}

/* The system says no here, not when the page is touched. */
static int
populate(const struct arena *a, uint32_t first, uint32_t n)
{
    int r;

    do
        r = fallocate(a->fd, 0, (off_t)first * ARENA_PAGE_BYTES,
                      (off_t)n * ARENA_PAGE_BYTES);
    while (r < 0 && errno == EINTR);
    return r < 0 ? -ENOMEM : 0;
}

static int
refill(struct arena *a)
{
    uint32_t first = 0;
    uint32_t n = find_run(a, &first);
    uint32_t i;
    int r;

    if (n == 0)
        return -ENOSPC;
    r = populate(a, first, n);
    if (r < 0)
        return r;
    /* The lowest is on top: what is written in a row lies in a row. */
    for (i = n; i-- > 0;) {
        mark_held(a, first + i, true);
        a->spare[a->n_spare++] = first + i;
    }
    a->held += n;
    return 0;
}

static int
take_locked(struct arena *a, uint32_t *ret_page)
{
    int r;

    if (a->used >= a->limit)
        return -ENOSPC;
    r = a->n_spare ? 0 : refill(a);
    if (r < 0)
        return r;
    a->used++;
    *ret_page = a->spare[--a->n_spare];
    return 0;
}

int
arena_take(struct arena *a, uint32_t *ret_page)
{
    int r;

    pthread_mutex_lock(&a->lock);
    r = take_locked(a, ret_page);
    pthread_mutex_unlock(&a->lock);
    return r;
}

/* A hole reads as zeroes; if there is none, zeroes do as well. */
static void
punch(const struct arena *a, uint32_t first, size_t n)
{
    if (fallocate(a->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  (off_t)first * ARENA_PAGE_BYTES,
                  (off_t)(n * ARENA_PAGE_BYTES)) < 0)
        memset(arena_address(a, first), 0, n * ARENA_PAGE_BYTES);
}

static int
compare_pages(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one;
    uint32_t b = *(const uint32_t *)other;

    return (a > b) - (a < b);
}

/* The pages are still marked as held, so nobody else has them. */
static void
punch_runs(const struct arena *a, uint32_t *pages, size_t n)
{
    size_t from = 0;
    size_t i;

    qsort(pages, n, sizeof(pages[0]), compare_pages);
    for (i = 1; i <= n; i++)
        if (i == n || pages[i] != pages[i - 1] + 1) {
            punch(a, pages[from], i - from);
            from = i;
        }
}

static uint32_t
room_for_spare(struct arena *a)
{
    uint32_t room;

    pthread_mutex_lock(&a->lock);
    room = SPARE_MAX - a->n_spare;
    pthread_mutex_unlock(&a->lock);
    return room;
}

/* How many of the zeroed pages are kept. */
static size_t
keep_spare(struct arena *a, const uint32_t *pages, size_t n_zeroed)
{
    size_t i;

    pthread_mutex_lock(&a->lock);
    /* refill() must find room for a batch: it only comes with none spare. */
    for (i = 0; i < n_zeroed && a->n_spare < SPARE_MAX; i++)
        a->spare[a->n_spare++] = pages[i];
    a->used -= (uint32_t)i;
    pthread_mutex_unlock(&a->lock);
    return i;
}

void
arena_give(struct arena *a, uint32_t *pages, size_t n)
{
    size_t n_kept = room_for_spare(a);
    size_t i;

    if (n_kept > n)
        n_kept = n;
    for (i = 0; i < n_kept; i++)
        memset(arena_address(a, pages[i]), 0, ARENA_PAGE_BYTES);
    n_kept = keep_spare(a, pages, n_kept);
    if (n_kept == n)
        return;
    punch_runs(a, pages + n_kept, n - n_kept);
    pthread_mutex_lock(&a->lock);
    for (i = n_kept; i < n; i++)
        mark_held(a, pages[i], false);
    a->used -= (uint32_t)(n - n_kept);
    a->held -= (uint32_t)(n - n_kept);
    pthread_mutex_unlock(&a->lock);
}

struct arena_count
arena_count(struct arena *a)
{
    struct arena_count count;

    pthread_mutex_lock(&a->lock);
    count = (struct arena_count){
        .n_pages = a->n_pages,
        .limit = a->limit,
        .used = a->used,
        .held = a->held,
    };
    pthread_mutex_unlock(&a->lock);
    return count;
}
