/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The store's memory: pages that come, are zero, and go; random requests
 * against a plain array; several threads at once. */
#include <config.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "store-arena.h"
#include "store-pages.h"
#include "unit.h"

#define PAGE  ARENA_PAGE_BYTES
#define CHUNK (UINT64_C(4) << 20) /* what one page of the table is about */

static struct arena *arena;
static struct pages *pages;

static struct arena *
new_arena(uint32_t n_pages)
{
    struct arena *a = NULL;

    ck_assert_int_eq(arena_open(&a, n_pages), 0);
    return a;
}

static void
open_store(uint32_t arena_pages, uint64_t size_bytes, uint64_t quota_pages)
{
    struct pages_config config = {
        .size_bytes = size_bytes,
        .quota_pages = quota_pages,
    };

    arena = new_arena(arena_pages);
    ck_assert_int_eq(pages_new(&pages, arena, &config), 0);
}

static void
close_store(void)
{
    pages = pages_free(pages);
    ck_assert_uint_eq(arena_count(arena).used, 0);
    arena = arena_close(arena);
}

static struct pages_span
span(uint64_t offset, uint64_t length)
{
    return (struct pages_span){ .offset = offset, .length = length };
}

static uint64_t
stored(void)
{
    struct pages_count count;

    pages_count(pages, 0, &count);
    return count.stored;
}

/* --- arena ---------------------------------------------------------------- */

START_TEST(test_arena_gives_all_pages_once)
{
    enum {
        N = 200
    };
    struct arena *a = new_arena(N);
    bool seen[N] = { false };
    uint32_t page = 0;
    int i;

    for (i = 0; i < N; i++) {
        ck_assert_int_eq(arena_take(a, &page), 0);
        ck_assert_uint_lt(page, N);
        ck_assert(!seen[page]);
        seen[page] = true;
    }
    ck_assert_int_eq(arena_take(a, &page), -ENOSPC);
    ck_assert_uint_eq(arena_count(a).held, N);
    arena_close(a);
}
END_TEST

START_TEST(test_arena_page_is_zero_again)
{
    enum {
        N = 3000
    };
    struct arena *a = new_arena(N);
    uint32_t *numbers = calloc(N, sizeof(numbers[0]));
    uint8_t zeroes[PAGE] = { 0 };
    int round, i;

    ck_assert_ptr_nonnull(numbers);
    for (round = 0; round < 3; round++) {
        for (i = 0; i < N; i++) {
            ck_assert_int_eq(arena_take(a, &numbers[i]), 0);
            ck_assert_mem_eq(arena_address(a, numbers[i]), zeroes, PAGE);
            memset(arena_address(a, numbers[i]), 0x5a, PAGE);
        }
        /* Some alone, the rest together: some are kept, some punched. */
        for (i = 0; i < 100; i++)
            arena_give(a, &numbers[i * 2], 1);
        for (i = 0; i < 100; i++)
            numbers[i] = numbers[i * 2 + 1];
        memmove(numbers + 100, numbers + 200, (N - 200) * sizeof(numbers[0]));
        arena_give(a, numbers, N - 100);
        ck_assert_uint_eq(arena_count(a).used, 0);
        ck_assert_uint_le(arena_count(a).held, 1024);
    }
    free(numbers);
    arena_close(a);
}
END_TEST

START_TEST(test_arena_keeps_its_limit)
{
    struct arena *a = new_arena(128);
    uint32_t numbers[128];
    int i;

    arena_set_limit(a, 2);
    ck_assert_int_eq(arena_take(a, &numbers[0]), 0);
    ck_assert_int_eq(arena_take(a, &numbers[1]), 0);
    ck_assert_int_eq(arena_take(a, &numbers[2]), -ENOSPC);
    arena_set_limit(a, 3);
    ck_assert_int_eq(arena_take(a, &numbers[2]), 0);
    arena_set_limit(a, 1);
    arena_give(a, &numbers[1], 2);
    ck_assert_int_eq(arena_take(a, &numbers[1]), -ENOSPC);
    arena_set_limit(a, 1000000);
    for (i = 1; i < 128; i++)
        ck_assert_int_eq(arena_take(a, &numbers[i]), 0);
    ck_assert_int_eq(arena_take(a, &numbers[0]), -ENOSPC);
    arena_close(a);
}
END_TEST

START_TEST(test_arena_has_a_size)
{
    struct arena *a = NULL;

    ck_assert_int_eq(arena_open(&a, 0), -EINVAL);
    ck_assert_int_eq(arena_open(&a, ARENA_PAGES_MAX + 1), -EINVAL);
    ck_assert_ptr_null(a);
}
END_TEST

/* --- properties ----------------------------------------------------------- */

#define MODEL_BYTES (2 * CHUNK + 5 * PAGE)

static uint64_t seed;

static uint64_t
draw(uint64_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 33) % below;
}

/* Pages of the model that are not zero. */
static uint64_t
pages_needed(const uint8_t *model)
{
    static const uint8_t zeroes[PAGE];
    uint64_t n = 0;
    uint64_t i;

    for (i = 0; i < MODEL_BYTES; i += PAGE)
        n += memcmp(model + i, zeroes, PAGE) != 0;
    return n;
}

static void
random_request(uint8_t *model, uint8_t *bytes)
{
    uint64_t offset = draw(MODEL_BYTES);
    uint64_t length = draw(draw(4) ? 3 * PAGE : MODEL_BYTES) + 1;
    struct pages_span at;

    if (draw(2)) {
        offset -= offset % PAGE;
        length += PAGE - length % PAGE;
    }
    if (length > MODEL_BYTES - offset)
        length = MODEL_BYTES - offset;
    at = span(offset, length);
    switch (draw(4)) {
    case 0:
        pages_zero(pages, &at);
        memset(model + offset, 0, length);
        break;
    case 1:
        pages_read(pages, bytes, &at);
        ck_assert_mem_eq(bytes, model + offset, length);
        break;
    default:
        memset(bytes, draw(3) ? (int)draw(256) : 0, length);
        ck_assert_int_eq(pages_write(pages, bytes, &at), 0);
        memcpy(model + offset, bytes, length);
        break;
    }
}

START_TEST(test_random_requests_read_what_was_written)
{
    uint8_t *model = calloc(1, MODEL_BYTES);
    uint8_t *bytes = malloc(MODEL_BYTES);
    struct pages_span all = span(0, MODEL_BYTES);
    int i;

    ck_assert(model && bytes);
    seed = (uint64_t)_i;
    open_store(4096, MODEL_BYTES, 3000);
    for (i = 0; i < 300; i++)
        random_request(model, bytes);
    pages_read(pages, bytes, &all);
    ck_assert_mem_eq(bytes, model, MODEL_BYTES);
    ck_assert_uint_ge(stored(), pages_needed(model));
    ck_assert_uint_ge(arena_count(arena).used, stored());
    free(model);
    free(bytes);
    close_store();
}
END_TEST

/* --- threads -------------------------------------------------------------- */

enum {
    THREADS = 4,
    SHARED_PAGES = 2000,
    PASSES = 4000
};

/* Every page is written whole, of one byte: it never reads mixed. */
static void *
hammer(void *arg)
{
    uint64_t state = (uint64_t)(uintptr_t)arg * 7919 + 1;
    uint8_t bytes[PAGE];
    int i;

    for (i = 0; i < PASSES; i++) {
        struct pages_span at;

        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        at = span((state >> 33) % SHARED_PAGES * PAGE, PAGE);
        if (i % 4 == 0) {
            pages_zero(pages, &at);
        } else if (i % 2 == 0) {
            memset(bytes, (int)(state >> 20) & 0xff, PAGE);
            if (pages_write(pages, bytes, &at) < 0)
                return arg;
        } else {
            pages_read(pages, bytes, &at);
            if (memcmp(bytes, bytes + 1, PAGE - 1) != 0)
                return arg;
        }
    }
    return NULL;
}

START_TEST(test_threads_see_whole_pages)
{
    pthread_t threads[THREADS];
    struct pages_span all = span(0, SHARED_PAGES * (uint64_t)PAGE);
    void *failed;
    uintptr_t i;

    open_store(SHARED_PAGES + 8, SHARED_PAGES * (uint64_t)PAGE, SHARED_PAGES);
    for (i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, hammer,
                                        (void *)(i + 1)),
                         0);
    for (i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
    pages_zero(pages, &all);
    ck_assert_uint_eq(stored(), 0);
    close_store();
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_test(tests, test_arena_gives_all_pages_once);
    tcase_add_test(tests, test_arena_page_is_zero_again);
    tcase_add_test(tests, test_arena_keeps_its_limit);
    tcase_add_test(tests, test_arena_has_a_size);
    tcase_add_loop_test(tests, test_random_requests_read_what_was_written, 0,
                        20);
    tcase_add_test(tests, test_threads_see_whole_pages);
}

int
main(void)
{
    return unit_run("store_memory", add);
}
