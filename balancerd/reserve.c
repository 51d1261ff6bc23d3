/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of reservations. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reserve.h"
#include "util/units.h"

void
reserve_table_done(struct reserve_table *t)
{
    free(t->list);
    *t = (struct reserve_table){ 0 };
}

struct reservation *
reserve_find(struct reserve_table *t, const char *id)
{
    for (size_t i = 0; i < t->n; i++) {
        if (strcmp(t->list[i].id, id) == 0)
            return &t->list[i];
    }
    return NULL;
}

struct reservation *
reserve_find_key(struct reserve_table *t, const char *key)
{
    for (size_t i = 0; i < t->n; i++) {
        if (key[0] != '\0' && strcmp(t->list[i].key, key) == 0)
            return &t->list[i];
    }
    return NULL;
}

static int
table_grow(struct reserve_table *t)
{
    size_t capacity = t->capacity ? t->capacity * 2 : 8;
    struct reservation *grown;

    if (t->n < t->capacity)
        return 0;
    grown = realloc(t->list, capacity * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    t->list = grown;
    t->capacity = capacity;
    return 0;
}

int
reserve_add(struct reserve_table *t, const struct reservation *r)
{
    size_t i;
    int error;

    if (reserve_find(t, r->id))
        return -EEXIST;
    if (t->n >= RESERVE_MAX)
        return -ENOSPC;
    error = table_grow(t);
    if (error < 0)
        return error;
    /* Those that come back from xenstore come in any order. */
    for (i = t->n; i > 0 && t->list[i - 1].asked_ms > r->asked_ms; i--)
        t->list[i] = t->list[i - 1];
    t->list[i] = *r;
    t->n++;
    return 0;
}

int
reserve_remove(struct reserve_table *t, const char *id)
{
    struct reservation *r = reserve_find(t, id);
    size_t i;

    if (!r)
        return -ENOENT;
    i = (size_t)(r - t->list);
    memmove(r, r + 1, (t->n - i - 1) * sizeof(*r));
    t->n--;
    return 0;
}

uint64_t
reserve_open_kib(const struct reservation *r, uint64_t holder_kib)
{
    /* Xen took the overhead when it made the domain, before its first
     * page. */
    if (holder_kib > 0)
        return sat_sub(sat_sub(r->kib, r->overhead_kib), holder_kib);
    return r->kib;
}

const char *
reserve_state_name(enum reserve_state state)
{
    switch (state) {
    case RESERVE_PENDING:
        return "pending";
    case RESERVE_GRANTED:
        return "granted";
    }
    return "unknown";
}
