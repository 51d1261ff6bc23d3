/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leases: what the pool promises, what a token opens, what is left of a lease
 * that has ended. */
#include <config.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "lease-use.h"
#include "lend.h"
#include "log.h"
#include "unit.h"

#define POOL_KIB 65536

static struct lend *lend;
static char token[LEND_TOKEN_SIZE];

static void
no_log(enum log_level level, const char *line)
{
    (void)level;
    (void)line;
}

static void
setup(void)
{
    struct lend_config config = {
        .memory_kib = POOL_KIB,
        .connections_max = 2,
    };

    log_set_sink(no_log);
    ck_assert_int_eq(lend_open(&lend, &config), 0);
}

static void
teardown(void)
{
    lend = lend_close(lend);
}

static int
create(uint64_t size_kib, uint64_t quota_kib)
{
    struct lend_wish wish = { size_kib, quota_kib, "test" };

    return lend_create(lend, &wish, token);
}

static uint64_t
promised_kib(void)
{
    struct lend_pool pool;

    lend_pool(lend, &pool);
    return pool.promised_kib;
}

static const struct {
    uint64_t size_kib, quota_kib;
    int r;
    uint64_t cost_kib;
} wishes[] = {
    { 4, 4, 0, 8 },
    { 1, 1, 0, 8 },
    { 4096, 4096, 0, 4096 + 8 },
    { 16384, 16384, 0, 16384 + 20 },
    { 65280, 65280, 0, 65280 + 64 },
    /* far apart, each page may need a page of the table */
    { LEND_SIZE_MAX_KIB, 4096, 0, 8192 },
    { 65536, 65536, -ENOSPC, 0 },
    { LEND_SIZE_MAX_KIB, LEND_SIZE_MAX_KIB, -ENOSPC, 0 },
    { LEND_SIZE_MAX_KIB + 1, 4, -EINVAL, 0 },
    { UINT64_MAX, UINT64_MAX, -EINVAL, 0 },
    { 0, 0, -EINVAL, 0 },
    { 4, 0, -EINVAL, 0 },
    { 4, 8, -EINVAL, 0 },
};

START_TEST(test_lease_is_promised)
{
    ck_assert_int_eq(create(wishes[_i].size_kib, wishes[_i].quota_kib),
                     wishes[_i].r);
    ck_assert_uint_eq(promised_kib(), wishes[_i].cost_kib);
    if (wishes[_i].r == 0)
        ck_assert_int_eq(lend_end(lend, token), 0);
    ck_assert_uint_eq(promised_kib(), 0);
}
END_TEST

START_TEST(test_promise_can_be_used_up)
{
    static uint8_t page[4096] = { 1 };
    struct lease *lease = NULL;
    uint64_t i;

    /* The dearest lease: one page in each chunk. */
    ck_assert_int_eq(create(LEND_SIZE_MAX_KIB, POOL_KIB / 2), 0);
    ck_assert_uint_eq(promised_kib(), POOL_KIB);
    ck_assert_int_eq(create(4, 4), -ENOSPC);
    ck_assert_int_eq(lease_attach(lend, token, &lease), 0);
    for (i = 0; i < POOL_KIB / 8; i++)
        ck_assert_int_eq(lease_write(lease, page, 4096, i << 22), 0);
    ck_assert_int_eq(lease_write(lease, page, 4096, 4096), -ENOSPC);
    ck_assert_int_eq(lease_write(lease, page, 4096, i << 22), -ENOSPC);
    lease_detach(lend, lease);
}
END_TEST

START_TEST(test_only_its_token_opens_a_lease)
{
    static const char *const others[] = {
        "",
        "x",
        "0123456789abcdef0123456789abcdef0",
        "0123456789abcdef0123456789abcdef",
    };
    struct lease *lease = NULL;
    size_t i;

    ck_assert_int_eq(create(4096, 4096), 0);
    for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        ck_assert_int_eq(lease_attach(lend, others[i], &lease), -ENOENT);
        ck_assert_int_eq(lend_end(lend, others[i]), -ENOENT);
    }
    token[LEND_TOKEN_SIZE - 2] ^= 1;
    ck_assert_int_eq(lease_attach(lend, token, &lease), -ENOENT);
    token[LEND_TOKEN_SIZE - 2] ^= 1;
    ck_assert_int_eq(lease_attach(lend, token, &lease), 0);
    lease_detach(lend, lease);
}
END_TEST

START_TEST(test_connections_are_limited)
{
    struct lease *one = NULL, *two = NULL, *three = NULL;

    ck_assert_int_eq(create(4096, 4096), 0);
    ck_assert_int_eq(lease_attach(lend, token, &one), 0);
    ck_assert_int_eq(lease_attach(lend, token, &two), 0);
    ck_assert_int_eq(lease_attach(lend, token, &three), -EUSERS);
    lease_detach(lend, two);
    ck_assert_int_eq(lease_attach(lend, token, &three), 0);
    lease_detach(lend, one);
    lease_detach(lend, three);
}
END_TEST

static const struct {
    uint64_t offset;
    uint32_t length;
    int r;
} places[] = {
    { 0, 4096, 0 },
    { 8191, 1, 0 },
    { 8192, 0, 0 },
    { 8191, 2, -EINVAL },
    { 8192, 1, -EINVAL },
    { 0, 8193, -EINVAL },
    { UINT64_MAX, 1, -EINVAL },
    { UINT64_MAX - 4095, 4096, -EINVAL },
};

START_TEST(test_nothing_beyond_the_size)
{
    static uint8_t bytes[8193];
    uint32_t length = places[_i].length;
    uint64_t offset = places[_i].offset;
    struct lease *lease = NULL;

    ck_assert_int_eq(create(8, 8), 0);
    ck_assert_int_eq(lease_attach(lend, token, &lease), 0);
    ck_assert_int_eq(lease_read(lease, bytes, length, offset), places[_i].r);
    ck_assert_int_eq(lease_write(lease, bytes, length, offset), places[_i].r);
    ck_assert_int_eq(lease_zero(lease, length, offset), places[_i].r);
    lease_detach(lend, lease);
}
END_TEST

START_TEST(test_ended_lease_is_gone)
{
    uint8_t byte = 1;
    struct lease *lease = NULL;
    struct lend_pool pool;

    ck_assert_int_eq(create(4096, 4096), 0);
    ck_assert_int_eq(lease_attach(lend, token, &lease), 0);
    ck_assert_int_eq(lease_write(lease, &byte, 1, 0), 0);
    ck_assert_int_eq(lend_end(lend, token), 0);
    ck_assert_int_eq(lend_end(lend, token), -ENOENT);
    lend_pool(lend, &pool);
    ck_assert_uint_eq(pool.stored_kib, 0);
    ck_assert_uint_eq(pool.promised_kib, 0);
    ck_assert_uint_eq(pool.n_leases, 0);
    ck_assert_uint_eq(pool.n_connections, 1);
    ck_assert_int_eq(lease_read(lease, &byte, 1, 0), -ESHUTDOWN);
    ck_assert_int_eq(lease_write(lease, &byte, 1, 0), -ESHUTDOWN);
    lease_detach(lend, lease);
    ck_assert_int_eq(lease_attach(lend, token, &lease), -ENOENT);
}
END_TEST

START_TEST(test_resize_within_the_pool)
{
    struct lend_wish wish = { POOL_KIB * 2, POOL_KIB, "" };
    struct lease *lease = NULL;
    uint8_t byte = 1;

    ck_assert_int_eq(create(4096, 4096), 0);
    ck_assert_int_eq(lease_attach(lend, token, &lease), 0);
    ck_assert_int_eq(lend_resize(lend, token, &wish), -ENOSPC);
    ck_assert_uint_eq(lease_size_bytes(lease), 4096 * 1024);
    wish.quota_kib = 8192;
    ck_assert_int_eq(lend_resize(lend, token, &wish), 0);
    ck_assert_uint_eq(lease_size_bytes(lease), POOL_KIB * 2048);
    ck_assert_int_eq(lease_write(lease, &byte, 1, POOL_KIB * 1024), 0);
    wish.size_kib = wish.quota_kib = 4;
    ck_assert_int_eq(lend_resize(lend, token, &wish), 0);
    ck_assert_uint_eq(promised_kib(), 8);
    ck_assert_int_eq(lease_write(lease, &byte, 1, 4096), -EINVAL);
    lease_detach(lend, lease);
}
END_TEST

START_TEST(test_squeezed_pool_takes_nothing_away)
{
    struct lend_wish wish = { 4096, 4096, "" };
    struct lease *lease = NULL;
    uint8_t byte = 7;

    ck_assert_int_eq(create(8192, 8192), 0);
    ck_assert_int_eq(lease_attach(lend, token, &lease), 0);
    ck_assert_int_eq(lease_write(lease, &byte, 1, 0), 0);
    ck_assert_int_eq(lend_set_pool(lend, POOL_KIB + 1), -ERANGE);
    ck_assert_int_eq(lend_set_pool(lend, 0), 0);
    ck_assert_int_eq(lease_write(lease, &byte, 1, 4096), -ENOSPC);
    ck_assert_int_eq(lease_write(lease, &byte, 1, 1), 0);
    ck_assert_int_eq(create(4, 4), -ENOSPC);
    /* To give some back is possible even now. */
    ck_assert_int_eq(lend_resize(lend, token, &wish), 0);
    ck_assert_int_eq(lend_set_pool(lend, POOL_KIB), 0);
    ck_assert_int_eq(lease_write(lease, &byte, 1, 4096), 0);
    ck_assert_int_eq(lease_read(lease, &byte, 1, 0), 0);
    ck_assert_int_eq(byte, 7);
    lease_detach(lend, lease);
}
END_TEST

START_TEST(test_leases_are_limited)
{
    char first[LEND_TOKEN_SIZE];
    int i;

    ck_assert_int_eq(create(4, 4), 0);
    memcpy(first, token, sizeof(first));
    for (i = 1; i < LEND_LEASES_MAX; i++)
        ck_assert_int_eq(create(4, 4), 0);
    ck_assert_int_eq(create(4, 4), -EMFILE);
    ck_assert_int_eq(lend_end(lend, first), 0);
    ck_assert_int_eq(create(4, 4), 0);
}
END_TEST

/* --- threads -------------------------------------------------------------- */

static atomic_bool is_over;

static void *
use(void *arg)
{
    uint8_t page[4096];
    uint64_t i;

    memset(page, 1, sizeof(page));
    for (i = 0; !atomic_load(&is_over); i++) {
        int r = lease_write(arg, page, 4096, i % 512 * 4096);

        /* While it is small, or over. */
        if (r != 0 && r != -EINVAL && r != -ESHUTDOWN && r != -ENOSPC)
            return arg;
        r = lease_read(arg, page, 4096, i % 512 * 4096);
        if (r != 0 && r != -EINVAL && r != -ESHUTDOWN)
            return arg;
    }
    return NULL;
}

START_TEST(test_lease_changes_while_it_is_used)
{
    struct lend_wish wish = { 0, 0, "" };
    struct lease *lease[2] = { NULL, NULL };
    pthread_t threads[2];
    void *failed;
    int i;

    ck_assert_int_eq(create(4096, 4096), 0);
    for (i = 0; i < 2; i++) {
        ck_assert_int_eq(lease_attach(lend, token, &lease[i]), 0);
        ck_assert_int_eq(pthread_create(&threads[i], NULL, use, lease[i]), 0);
    }
    for (i = 1; i < 100; i++) {
        wish.size_kib = wish.quota_kib = 4 + (uint64_t)(i * 1237 % 8192);
        ck_assert_int_eq(lend_resize(lend, token, &wish), 0);
    }
    ck_assert_int_eq(lend_end(lend, token), 0);
    atomic_store(&is_over, true);
    for (i = 0; i < 2; i++) {
        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
        lease_detach(lend, lease[i]);
    }
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    UNIT_ADD_ROWS(tests, test_lease_is_promised, wishes);
    tcase_add_test(tests, test_promise_can_be_used_up);
    tcase_add_test(tests, test_only_its_token_opens_a_lease);
    tcase_add_test(tests, test_connections_are_limited);
    UNIT_ADD_ROWS(tests, test_nothing_beyond_the_size, places);
    tcase_add_test(tests, test_ended_lease_is_gone);
    tcase_add_test(tests, test_resize_within_the_pool);
    tcase_add_test(tests, test_squeezed_pool_takes_nothing_away);
    tcase_add_test(tests, test_leases_are_limited);
    tcase_add_test(tests, test_lease_changes_while_it_is_used);
}

int
main(void)
{
    return unit_run("lend", add);
}
