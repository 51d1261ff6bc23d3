/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes a domain's limits to xenstore. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "book.h"
#include "proto/keys.h"

static int
write_limit(struct balancer *b, uint32_t domid, const char *key, uint64_t kib)
{
    char path[KEYS_PATH_SIZE], text[24];

    snprintf(text, sizeof(text), "%" PRIu64, kib);
    return b->host->ops->store_write(b->host, keys_domain(path, domid, key),
                                     text);
}

/* The order in which no instant between two writes breaks the chain. */
static int
write_dynamic(struct balancer *b, const struct guest *g,
              const struct range *range)
{
    uint32_t domid = g->facts.domid;
    bool max_first =
        !g->has_range || range->dynamic_min_kib > g->range.dynamic_max_kib;
    int r = 0;

    if (max_first)
        r = write_limit(b, domid, KEY_DYNAMIC_MAX, range->dynamic_max_kib);
    if (r == 0)
        r = write_limit(b, domid, KEY_DYNAMIC_MIN, range->dynamic_min_kib);
    if (r == 0 && !max_first)
        r = write_limit(b, domid, KEY_DYNAMIC_MAX, range->dynamic_max_kib);
    return r;
}

int
book_write_range(struct balancer *b, const struct guest *g,
                 const struct range *range, char error[BOOK_ERROR_SIZE])
{
    uint32_t domid = g->facts.domid;
    uint64_t static_min_kib = g->facts.static_min_kib;
    int r = 0;

    if (range->static_min_kib !=
        (static_min_kib == HOST_UNSET ? 0 : static_min_kib))
        r = write_limit(b, domid, KEY_STATIC_MIN, range->static_min_kib);
    if (r == 0 && range->dynamic_min_kib != HOST_UNSET)
        r = write_dynamic(b, g, range);
    if (r == -ESRCH) {
        snprintf(error, BOOK_ERROR_SIZE, "domain %u is gone", domid);
        return r;
    }
    return r < 0 ? book_fail_store(error) : 0;
}

static int
restore_limit(struct balancer *b, uint32_t domid, const char *key, uint64_t kib)
{
    char path[KEYS_PATH_SIZE];

    if (kib != HOST_UNSET)
        return write_limit(b, domid, key, kib);
    return b->host->ops->store_remove(b->host, keys_domain(path, domid, key));
}

int
book_restore_range(struct balancer *b, uint32_t domid,
                   const struct range *range)
{
    int r = restore_limit(b, domid, KEY_STATIC_MIN, range->static_min_kib);

    if (r == 0)
        r = restore_limit(b, domid, KEY_DYNAMIC_MIN, range->dynamic_min_kib);
    if (r == 0)
        r = restore_limit(b, domid, KEY_DYNAMIC_MAX, range->dynamic_max_kib);
    return r;
}

int
book_set_range(struct balancer *b, uint32_t domid, const struct range *range,
               char error[BOOK_ERROR_SIZE])
{
    const struct guest *g;
    int r;

    if (balancer_refresh(b) < 0 || !(g = guest_find(&b->guests, domid))) {
        snprintf(error, BOOK_ERROR_SIZE, "there is no domain %u", domid);
        return -ESRCH;
    }
    if (!range_check(range, error, BOOK_ERROR_SIZE))
        return -ERANGE;
    r = book_write_range(b, g, range, error);
    if (r < 0)
        return r;
    b->is_asked = true;
    return 0;
}
