/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arithmetic on amounts and times that cannot wrap. */
#ifndef UTIL_UNITS_H
#define UTIL_UNITS_H

#include <stdint.h>

#define KIB_PER_MIB   1024u
#define BYTES_PER_KIB 1024u
#define PAGE_KIB      4u
#define MS_PER_S      1000u
#define US_PER_MS     1000u
#define NS_PER_MS     1000000u
#define US_PER_MS     1000u
#define PERMYRIAD     10000u

static inline uint64_t
sat_add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static inline uint64_t
sat_sub(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

/* a + delta, held inside 0..UINT64_MAX. */
static inline uint64_t
sat_add_delta(uint64_t a, int64_t delta)
{
    return delta >= 0 ? sat_add(a, (uint64_t)delta)
                      : sat_sub(a, (uint64_t) - (delta + 1) + 1);
}

/* a * b / c without losing the high half; c must not be 0. */
static inline uint64_t
mul_div(uint64_t a, uint64_t b, uint64_t c)
{
    unsigned __int128 wide;
    uint64_t product;

    /* Amounts hardly ever need more; dividing more is a call. */
    if (!__builtin_mul_overflow(a, b, &product))
        return product / c;
    wide = (unsigned __int128)a * b / c;
    return wide > UINT64_MAX ? UINT64_MAX : (uint64_t)wide;
}

static inline uint64_t
min_u64(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline uint64_t
max_u64(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* The value nearest to x inside [lo, hi]; hi wins where lo > hi. */
static inline uint64_t
clamp_u64(uint64_t x, uint64_t lo, uint64_t hi)
{
    return min_u64(max_u64(x, lo), hi);
}

static inline uint64_t
distance_u64(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* a - b as a signed number, held inside int64_t. */
static inline int64_t
delta_u64(uint64_t a, uint64_t b)
{
    uint64_t apart = a > b ? a - b : b - a;

    if (apart > INT64_MAX)
        apart = INT64_MAX;
    return a >= b ? (int64_t)apart : -(int64_t)apart;
}

/* Whole pages only: Xen counts in 4 KiB. */
static inline uint64_t
page_floor_kib(uint64_t kib)
{
    return kib - kib % PAGE_KIB;
}

#endif
