/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pool's side of leases: makes, resizes and ends them, and keeps what they
 * promise within what there is. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lease-private.h"
#include "log.h"
#include "store-arena.h"
#include "util/units.h"

#define TOKEN_BYTES ((LEND_TOKEN_SIZE - 1) / 2)

static uint64_t
pages_up(uint64_t kib)
{
    return kib / PAGE_KIB + (kib % PAGE_KIB != 0);
}

int
lend_open(struct lend **ret, const struct lend_config *config)
{
    struct lend *lend;
    int r;

    if (config->memory_kib / PAGE_KIB > ARENA_PAGES_MAX)
        return -EINVAL;
    lend = calloc(1, sizeof(*lend));
    if (!lend)
        return -ENOMEM;
    pthread_mutex_init(&lend->lock, NULL);
    TAILQ_INIT(&lend->leases);
    lend->config = *config;
    lend->memory_kib = config->memory_kib;
    r = arena_open(&lend->arena, (uint32_t)(config->memory_kib / PAGE_KIB));
    if (r == 0)
        r = lend_lock_memory(lend);
    if (r < 0) {
        lend_close(lend);
        return r;
    }
    *ret = lend;
    return 0;
}

int
lend_lock_memory(struct lend *lend)
{
    return lend->config.is_locked ? arena_lock(lend->arena) : 0;
}

struct lend *
lend_close(struct lend *lend)
{
    struct lease *lease;

    if (!lend)
        return NULL;
    while ((lease = TAILQ_FIRST(&lend->leases))) {
        TAILQ_REMOVE(&lend->leases, lease, link);
        pages_free(lease->pages);
        lease_free(lease);
    }
    arena_close(lend->arena);
    pthread_mutex_destroy(&lend->lock);
    free(lend);
    return NULL;
}

/* A page of the table holds the places of 4 MiB; with pages far apart there
 * may be one of them for each page. */
uint64_t
lend_cost_kib(uint64_t size_kib, uint64_t quota_kib)
{
    uint64_t quota = pages_up(quota_kib);
    uint64_t chunks = pages_up(size_kib) / 1024 + 1;

    return (quota + min_u64(chunks, quota)) * PAGE_KIB;
}

static int
make_token(char ret[LEND_TOKEN_SIZE])
{
    unsigned char random[TOKEN_BYTES];
    size_t i;

    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return -EIO;
    for (i = 0; i < sizeof(random); i++)
        snprintf(ret + 2 * i, 3, "%02x", (unsigned int)random[i]);
    return 0;
}

/* Whether so much can be promised when so much no longer is. */
static int
check_room(const struct lend *lend, uint64_t cost_kib, uint64_t without_kib)
{
    uint64_t others_kib = sat_sub(lend->promised_kib, without_kib);

    /* A lease that shrinks is always welcome. */
    if (cost_kib <= without_kib)
        return 0;
    return sat_add(others_kib, cost_kib) > lend->memory_kib ? -ENOSPC : 0;
}

static int
check_wish(const struct lend_wish *wish)
{
    if (wish->size_kib == 0 || wish->size_kib > LEND_SIZE_MAX_KIB ||
        wish->quota_kib == 0 || wish->quota_kib > wish->size_kib)
        return -EINVAL;
    return 0;
}

static int
fill_lease(struct lend *lend, struct lease *lease, const struct lend_wish *wish)
{
    struct pages_config config = {
        .size_bytes = pages_up(wish->size_kib) * ARENA_PAGE_BYTES,
        .quota_pages = pages_up(wish->quota_kib),
        .keeps_zeroes = lend->config.keeps_zeroes,
    };
    int r = make_token(lease->token);

    if (r < 0)
        return r;
    lease->size_bytes = config.size_bytes;
    lease->cost_kib = lend_cost_kib(wish->size_kib, wish->quota_kib);
    snprintf(lease->label, sizeof(lease->label), "%s", wish->label);
    return pages_new(&lease->pages, lend->arena, &config);
}

static int
enter_lease(struct lend *lend, struct lease *lease)
{
    int r = check_room(lend, lease->cost_kib, 0);

    if (r == 0 && lend->n_leases >= LEND_LEASES_MAX)
        r = -EMFILE;
    if (r < 0)
        return r;
    lease->number = ++lend->last_number;
    lend->promised_kib += lease->cost_kib;
    lend->n_leases++;
    TAILQ_INSERT_TAIL(&lend->leases, lease, link);
    return 0;
}

int
lend_create(struct lend *lend, const struct lend_wish *wish,
            char ret_token[LEND_TOKEN_SIZE])
{
    char token[LEND_TOKEN_SIZE];
    struct lease *lease;
    uint64_t number;
    int r = check_wish(wish);

    if (r < 0)
        return r;
    lease = lease_new();
    if (!lease)
        return -ENOMEM;
    r = fill_lease(lend, lease, wish);
    /* Once it is in the list somebody else may end it. */
    memcpy(token, lease->token, sizeof(token));
    pthread_mutex_lock(&lend->lock);
    if (r == 0)
        r = enter_lease(lend, lease);
    number = lend->last_number;
    pthread_mutex_unlock(&lend->lock);
    if (r < 0) {
        pages_free(lease->pages);
        lease_free(lease);
        return r;
    }
    log_info("lease %llu (%s): %llu KiB, at most %llu of them in memory",
             (unsigned long long)number, wish->label,
             (unsigned long long)wish->size_kib,
             (unsigned long long)wish->quota_kib);
    memcpy(ret_token, token, sizeof(token));
    return 0;
}

static int
resize_locked(struct lend *lend, struct lease *lease,
              const struct lend_wish *wish)
{
    uint64_t cost_kib = lend_cost_kib(wish->size_kib, wish->quota_kib);
    uint64_t size_bytes = pages_up(wish->size_kib) * ARENA_PAGE_BYTES;
    int r = check_room(lend, cost_kib, lease->cost_kib);

    if (r < 0)
        return r;
    pthread_rwlock_wrlock(&lease->gate);
    r = pages_resize(lease->pages, size_bytes, pages_up(wish->quota_kib));
    if (r == 0)
        lease->size_bytes = size_bytes;
    pthread_rwlock_unlock(&lease->gate);
    if (r < 0)
        return r;
    lend->promised_kib += cost_kib - lease->cost_kib;
    lease->cost_kib = cost_kib;
    log_info("lease %llu (%s): now %llu KiB, at most %llu of them in memory",
             (unsigned long long)lease->number, lease->label,
             (unsigned long long)wish->size_kib,
             (unsigned long long)wish->quota_kib);
    return 0;
}

int
lend_resize(struct lend *lend, const char *token, const struct lend_wish *wish)
{
    struct lease *lease;
    int r = check_wish(wish);

    if (r < 0)
        return r;
    pthread_mutex_lock(&lend->lock);
    lease = lease_find(lend, token);
    r = lease ? resize_locked(lend, lease, wish) : -ENOENT;
    pthread_mutex_unlock(&lend->lock);
    return r;
}

/* From now on nobody finds it; NULL: nobody could. */
static struct lease *
unlink_lease(struct lend *lend, const char *token)
{
    struct lease *lease;

    pthread_mutex_lock(&lend->lock);
    lease = lease_find(lend, token);
    if (lease) {
        TAILQ_REMOVE(&lend->leases, lease, link);
        lend->n_leases--;
    }
    pthread_mutex_unlock(&lend->lock);
    return lease;
}

int
lend_end(struct lend *lend, const char *token)
{
    struct lease *lease = unlink_lease(lend, token);
    struct pages *pages;
    unsigned int n_left;

    if (!lease)
        return -ENOENT;
    pthread_rwlock_wrlock(&lease->gate);
    pages = lease->pages;
    lease->pages = NULL;
    pthread_rwlock_unlock(&lease->gate);
    /* May take a while; nobody else has to wait for it. */
    pages_free(pages);
    pthread_mutex_lock(&lend->lock);
    n_left = lease->n_connections;
    log_info("lease %llu (%s): ended, with %u connections",
             (unsigned long long)lease->number, lease->label, n_left);
    lend->promised_kib -= lease->cost_kib;
    lease->cost_kib = 0;
    pthread_mutex_unlock(&lend->lock);
    if (n_left == 0)
        lease_free(lease);
    return 0;
}

int
lend_set_pool(struct lend *lend, uint64_t memory_kib)
{
    int r = memory_kib > lend->config.memory_kib ? -ERANGE : 0;

    if (r < 0)
        return r;
    pthread_mutex_lock(&lend->lock);
    lend->memory_kib = memory_kib;
    arena_set_limit(lend->arena, (uint32_t)(memory_kib / PAGE_KIB));
    pthread_mutex_unlock(&lend->lock);
    log_info("the pool: at most %llu KiB from now on",
             (unsigned long long)memory_kib);
    return 0;
}

void
lend_pool(struct lend *lend, struct lend_pool *ret)
{
    struct arena_count count = arena_count(lend->arena);

    pthread_mutex_lock(&lend->lock);
    *ret = (struct lend_pool){
        .memory_kib = lend->memory_kib,
        .memory_max_kib = lend->config.memory_kib,
        .promised_kib = lend->promised_kib,
        .stored_kib = (uint64_t)count.used * PAGE_KIB,
        .held_kib = (uint64_t)count.held * PAGE_KIB,
        .n_leases = lend->n_leases,
        .n_connections = lend->n_connections,
    };
    pthread_mutex_unlock(&lend->lock);
}

void
lend_list(struct lend *lend, lend_tell_fn *tell, void *arg)
{
    struct lease_record record;
    struct lease *lease;

    pthread_mutex_lock(&lend->lock);
    TAILQ_FOREACH(lease, &lend->leases, link) {
        lease_describe(lease, &record);
        tell(arg, &record);
    }
    pthread_mutex_unlock(&lend->lock);
}
