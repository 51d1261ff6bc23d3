/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of settings, in order of uuids. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "settings.h"

#define CAPACITY_MIN 16

void
settings_init(struct settings *s, const char *uuid)
{
    *s = (struct settings){
        .limits = { HOST_UNSET, HOST_UNSET, HOST_UNSET, HOST_UNSET },
        .pin_kib = HOST_UNSET,
        .swap_max_kib = HOST_UNSET,
    };
    memcpy(s->uuid, uuid, strnlen(uuid, HOST_UUID_SIZE - 1));
}

bool
settings_are_empty(const struct settings *s)
{
    const struct range *limits = &s->limits;

    return !s->is_foreign && limits->static_min_kib == HOST_UNSET &&
           limits->dynamic_min_kib == HOST_UNSET &&
           limits->dynamic_max_kib == HOST_UNSET &&
           limits->static_max_kib == HOST_UNSET && s->weight == 0 &&
           s->pin_kib == HOST_UNSET && s->engine[0] == '\0' &&
           s->swap == SETTINGS_SWAP_UNSET && s->swap_max_kib == HOST_UNSET;
}

/* Where uuid is, or would be. */
static size_t
lower_bound(const struct settings_table *t, const char *uuid)
{
    size_t lo = 0, hi = t->n;

    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;

        if (strcmp(t->list[middle].uuid, uuid) < 0)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

static bool
is_at(const struct settings_table *t, size_t i, const char *uuid)
{
    return i < t->n && strcmp(t->list[i].uuid, uuid) == 0;
}

struct settings *
settings_find(const struct settings_table *t, const char *uuid)
{
    size_t at = lower_bound(t, uuid);

    return is_at(t, at, uuid) ? &t->list[at] : NULL;
}

static int
grow(struct settings_table *t)
{
    size_t capacity = t->capacity > 0 ? t->capacity * 2 : CAPACITY_MIN;
    struct settings *grown;

    if (t->n < t->capacity)
        return 0;
    if (t->n >= SETTINGS_MAX)
        return -ENOSPC;
    grown = reallocarray(t->list, capacity, sizeof(grown[0]));
    if (!grown)
        return -ENOMEM;
    t->list = grown;
    t->capacity = capacity;
    return 0;
}

int
settings_put(struct settings_table *t, const struct settings *s)
{
    size_t at = lower_bound(t, s->uuid);
    int r;

    if (is_at(t, at, s->uuid)) {
        t->list[at] = *s;
        return 0;
    }
    r = grow(t);
    if (r < 0)
        return r;
    memmove(&t->list[at + 1], &t->list[at], (t->n - at) * sizeof(t->list[0]));
    t->list[at] = *s;
    t->n++;
    return 0;
}

void
settings_remove(struct settings_table *t, const char *uuid)
{
    size_t at = lower_bound(t, uuid);

    if (!is_at(t, at, uuid))
        return;
    t->n--;
    memmove(&t->list[at], &t->list[at + 1], (t->n - at) * sizeof(t->list[0]));
}

void
settings_table_done(struct settings_table *t)
{
    free(t->list);
    *t = (struct settings_table){ 0 };
}
