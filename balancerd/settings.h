/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an administrator has set for a domain and wants to last: by uuid, for
 * domains that run and for those that do not.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host.h"
#include "range.h"

#define SETTINGS_MAX         4096 /* domains */
#define SETTINGS_ENGINE_SIZE 64

#define WEIGHT_NEUTRAL 256u
#define WEIGHT_MAX     65535u

enum settings_swap {
    SETTINGS_SWAP_UNSET,
    SETTINGS_SWAP_AUTO,   /* attached when the domain thrashes */
    SETTINGS_SWAP_MANUAL, /* only when asked for */
    SETTINGS_SWAP_NEVER,
};

struct settings {
    char uuid[HOST_UUID_SIZE];
    char name[HOST_NAME_SIZE]; /* as last seen; escaped (text.h) */
    /* Written by a newer balancerd, and left alone. */
    bool is_foreign;
    struct range limits; /* each HOST_UNSET if not set */
    uint32_t weight;     /* 1..WEIGHT_MAX; 0: not set */
    uint64_t pin_kib;    /* its target stays this; HOST_UNSET: not pinned */
    char engine[SETTINGS_ENGINE_SIZE]; /* "": the default one */
    enum settings_swap swap;
    uint64_t swap_max_kib; /* HOST_UNSET: not set */
};

struct settings_table {
    size_t n;
    size_t capacity;
    struct settings *list; /* by uuid */
};

/* Nothing is set. */
void settings_init(struct settings *s, const char *uuid);
bool settings_are_empty(const struct settings *s);

/* NULL if nothing was ever set; valid until the table changes. */
struct settings *
settings_find(const struct settings_table *t, const char *uuid);
/* A copy takes the place of what is there for the uuid. 0, -ENOMEM, -ENOSPC
 * (SETTINGS_MAX). */
int settings_put(struct settings_table *t, const struct settings *s);
void settings_remove(struct settings_table *t, const char *uuid);
void settings_table_done(struct settings_table *t);

#endif
