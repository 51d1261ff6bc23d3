/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is stored under a lease: tables of places that are written, zeroed,
 * read. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store-arena.h"
#include "store-pages.h"
#include "unit.h"

#define PAGE  ARENA_PAGE_BYTES
#define MIB   (UINT64_C(1) << 20)
#define CHUNK (4 * MIB) /* what one page of the table is about */

static struct arena *arena;
static struct pages *pages;

static void
open_store(uint32_t arena_pages, uint64_t size_bytes, uint64_t quota_pages)
{
    struct pages_config config = {
        .size_bytes = size_bytes,
        .quota_pages = quota_pages,
    };

    ck_assert_int_eq(arena_open(&arena, arena_pages), 0);
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

static int
write_bytes(uint64_t offset, const void *from, uint64_t length)
{
    struct pages_span at = span(offset, length);

    return pages_write(pages, from, &at);
}

static int
write_byte(uint64_t offset, uint8_t value)
{
    return write_bytes(offset, &value, 1);
}

static uint8_t
read_byte(uint64_t offset)
{
    struct pages_span at = span(offset, 1);
    uint8_t value = 0xaa;

    pages_read(pages, &value, &at);
    return value;
}

static uint64_t
stored(void)
{
    struct pages_count count;

    pages_count(pages, 0, &count);
    return count.stored;
}

/* --- pages, one by one ---------------------------------------------------- */

static const struct {
    uint64_t offset, length;
    uint64_t pages; /* that take memory afterwards */
} writes[] = {
    { 0, 1, 1 },
    { 0, PAGE, 1 },
    { PAGE - 1, 1, 1 },
    { PAGE - 1, 2, 2 },
    { 1, PAGE, 2 },
    { 0, 3 * PAGE, 3 },
    { 5, 3 * PAGE, 4 },
    { CHUNK - PAGE, 2 * PAGE, 2 },
    { CHUNK - 1, 2, 2 },
    { 3 * CHUNK - 1, 1, 1 },
    { 0, 2 * CHUNK + 1, 2049 },
    { CHUNK, 0, 0 },
};

START_TEST(test_pages_take_memory_when_written)
{
    uint64_t offset = writes[_i].offset;
    uint64_t length = writes[_i].length;
    uint8_t *bytes = malloc(3 * CHUNK);
    struct pages_span all = span(0, 3 * CHUNK);
    uint64_t i;

    ck_assert_ptr_nonnull(bytes);
    open_store(4096, 3 * CHUNK, 3072);
    ck_assert_uint_eq(arena_count(arena).used, 0);
    memset(bytes, 0x5a, length);
    ck_assert_int_eq(write_bytes(offset, bytes, length), 0);
    ck_assert_uint_eq(stored(), writes[_i].pages);
    pages_read(pages, bytes, &all);
    for (i = 0; i < 3 * CHUNK; i++)
        if (bytes[i] != (i >= offset && i < offset + length ? 0x5a : 0))
            ck_abort_msg("byte %llu is wrong", (unsigned long long)i);
    free(bytes);
    close_store();
}
END_TEST

START_TEST(test_pages_of_zeroes_take_none)
{
    static const uint8_t zeroes[2 * PAGE];
    struct pages_config config = {
        .size_bytes = CHUNK,
        .quota_pages = 2,
        .keeps_zeroes = true,
    };

    open_store(16, CHUNK, 8);
    ck_assert_int_eq(write_bytes(0, zeroes, 2 * PAGE), 0);
    ck_assert_int_eq(write_bytes(3 * PAGE + 1, zeroes, 100), 0);
    ck_assert_uint_eq(arena_count(arena).used, 0);
    ck_assert_int_eq(write_byte(PAGE, 7), 0);
    ck_assert_int_eq(write_byte(PAGE + 1, 8), 0);
    ck_assert_int_eq(write_bytes(PAGE, zeroes, 1), 0);
    ck_assert_int_eq(read_byte(PAGE), 0);
    ck_assert_int_eq(read_byte(PAGE + 1), 8);
    ck_assert_uint_eq(stored(), 1);
    ck_assert_int_eq(write_bytes(PAGE, zeroes, PAGE), 0);
    ck_assert_int_eq(read_byte(PAGE + 1), 0);
    ck_assert_uint_eq(stored(), 0);
    pages_free(pages);
    ck_assert_int_eq(pages_new(&pages, arena, &config), 0);
    ck_assert_int_eq(write_bytes(0, zeroes, 2 * PAGE), 0);
    ck_assert_uint_eq(stored(), 2);
    close_store();
}
END_TEST

static const struct {
    uint64_t offset, length;
    uint64_t pages; /* of 2 chunks that are left */
} zeroings[] = {
    { 0, 1, 2048 },
    { 0, PAGE, 2047 },
    { 1, PAGE, 2048 },
    { 1, 2 * PAGE, 2047 },
    { PAGE, CHUNK, 1024 },
    { CHUNK - PAGE, 2 * PAGE, 2046 },
    { 0, 3 * CHUNK, 0 },
    { 2 * CHUNK - 1, 1, 2048 },
    { 2 * CHUNK + 5, 5 * PAGE, 2048 },
    { 0, 0, 2048 },
};

START_TEST(test_pages_zeroed_are_given_back)
{
    struct pages_span hole = span(zeroings[_i].offset, zeroings[_i].length);
    struct pages_span all = span(0, 2 * CHUNK);
    uint8_t *bytes = malloc(2 * CHUNK);
    uint64_t i;

    ck_assert_ptr_nonnull(bytes);
    open_store(4096, 3 * CHUNK, 3072);
    memset(bytes, 0x5a, 2 * CHUNK);
    ck_assert_int_eq(write_bytes(0, bytes, 2 * CHUNK), 0);
    pages_zero(pages, &hole);
    ck_assert_uint_eq(stored(), zeroings[_i].pages);
    /* and the table's two */
    ck_assert_uint_eq(arena_count(arena).used, zeroings[_i].pages + 2);
    pages_read(pages, bytes, &all);
    for (i = 0; i < 2 * CHUNK; i++) {
        bool is_hole = i >= hole.offset && i < hole.offset + hole.length;

        if (bytes[i] != (is_hole ? 0 : 0x5a))
            ck_abort_msg("byte %llu is wrong", (unsigned long long)i);
    }
    free(bytes);
    close_store();
}
END_TEST

START_TEST(test_pages_keep_their_quota)
{
    uint8_t bytes[3 * PAGE];
    struct pages_span first = span(0, PAGE);

    memset(bytes, 1, sizeof(bytes));
    open_store(100, CHUNK, 2);
    ck_assert_int_eq(write_bytes(0, bytes, 3 * PAGE), -ENOSPC);
    ck_assert_uint_eq(stored(), 2);
    /* What is there can be written over, ... */
    ck_assert_int_eq(write_byte(PAGE, 9), 0);
    ck_assert_int_eq(write_byte(2 * PAGE, 9), -ENOSPC);
    ck_assert_int_eq(read_byte(2 * PAGE), 0);
    /* ... and what is given back can be used elsewhere. */
    pages_zero(pages, &first);
    ck_assert_int_eq(write_byte(2 * PAGE, 9), 0);
    ck_assert_int_eq(read_byte(2 * PAGE), 9);
    close_store();
}
END_TEST

START_TEST(test_pages_see_the_pools_limit)
{
    open_store(100, 2 * CHUNK, 100);
    arena_set_limit(arena, 3);
    ck_assert_int_eq(write_byte(0, 1), 0); /* with a page of the table */
    ck_assert_int_eq(write_byte(PAGE, 1), 0);
    ck_assert_int_eq(write_byte(2 * PAGE, 1), -ENOSPC);
    ck_assert_int_eq(write_byte(CHUNK, 1), -ENOSPC);
    ck_assert_uint_eq(stored(), 2);
    close_store();
}
END_TEST

START_TEST(test_pages_resize)
{
    open_store(100, 2 * CHUNK, 100);
    ck_assert_int_eq(write_byte(5, 1), 0);
    ck_assert_int_eq(write_byte(CHUNK + 5, 2), 0);
    ck_assert_int_eq(pages_resize(pages, 3 * CHUNK, 100), 0);
    ck_assert_int_eq(write_byte(3 * CHUNK - 1, 3), 0);
    ck_assert_int_eq(read_byte(CHUNK + 5), 2);
    ck_assert_uint_eq(arena_count(arena).used, 6);
    ck_assert_int_eq(pages_resize(pages, CHUNK, 1), 0);
    ck_assert_uint_eq(arena_count(arena).used, 2);
    ck_assert_int_eq(read_byte(5), 1);
    ck_assert_int_eq(write_byte(PAGE, 1), -ENOSPC);
    /* What was cut off does not come back. */
    ck_assert_int_eq(pages_resize(pages, 2 * CHUNK, 100), 0);
    ck_assert_int_eq(read_byte(CHUNK + 5), 0);
    close_store();
}
END_TEST

START_TEST(test_pages_run_tells_holes)
{
    static const struct {
        uint64_t offset, length, run;
        bool is_stored;
    } runs[] = {
        { 0, 3 * CHUNK, PAGE, false },
        { PAGE, 3 * CHUNK - PAGE, 2 * PAGE, true },
        { PAGE + 7, 10, 10, true },
        { 3 * PAGE, 3 * CHUNK - 3 * PAGE, CHUNK - 4 * PAGE, false },
        { CHUNK - PAGE, 2 * CHUNK, 2 * PAGE, true },
        { CHUNK + PAGE, 2 * CHUNK - PAGE, 2 * CHUNK - PAGE, false },
    };
    uint8_t bytes[2 * PAGE];
    size_t i;

    memset(bytes, 1, sizeof(bytes));
    open_store(4096, 3 * CHUNK, 3072);
    ck_assert_int_eq(write_bytes(PAGE, bytes, 2 * PAGE), 0);
    ck_assert_int_eq(write_bytes(CHUNK - PAGE, bytes, 2 * PAGE), 0);
    for (i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        struct pages_span at = span(runs[i].offset, runs[i].length);
        bool is_stored;

        ck_assert_uint_eq(pages_run(pages, &at, &is_stored), runs[i].run);
        ck_assert_int_eq(is_stored, runs[i].is_stored);
    }
    close_store();
}
END_TEST

START_TEST(test_pages_count_ages_and_hits)
{
    static const struct {
        uint32_t now_s;
        unsigned int age;
    } ages[] = {
        { 100, 0 }, { 101, 0 },  { 102, 1 },  { 110, 1 },
        { 111, 2 }, { 160, 2 },  { 161, 3 },  { 700, 3 },
        { 701, 4 }, { 3700, 4 }, { 3701, 5 }, { 99, 0 },
    };
    struct pages_span at = { .offset = 0, .length = 1, .now_s = 100 };
    struct pages_count count;
    uint8_t byte = 1;
    size_t i;

    open_store(100, CHUNK, 100);
    ck_assert_int_eq(pages_write(pages, &byte, &at), 0);
    pages_read(pages, &byte, &at);
    at.offset = PAGE;
    pages_read(pages, &byte, &at);
    pages_read(pages, &byte, &at);
    for (i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
        pages_count(pages, ages[i].now_s, &count);
        ck_assert_uint_eq(count.ages[ages[i].age], 1);
    }
    ck_assert_uint_eq(count.hits, 1);
    ck_assert_uint_eq(count.misses, 2);
    ck_assert_uint_eq(count.tables, 1);
    close_store();
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_pages_take_memory_when_written, writes);
    tcase_add_test(tests, test_pages_of_zeroes_take_none);
    UNIT_ADD_ROWS(tests, test_pages_zeroed_are_given_back, zeroings);
    tcase_add_test(tests, test_pages_keep_their_quota);
    tcase_add_test(tests, test_pages_see_the_pools_limit);
    tcase_add_test(tests, test_pages_resize);
    tcase_add_test(tests, test_pages_run_tells_holes);
    tcase_add_test(tests, test_pages_count_ages_and_hits);
}

int
main(void)
{
    return unit_run("store", add);
}
