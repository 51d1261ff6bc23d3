/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Measures what Xen takes for a domain: the memory that nobody else holds,
 * before the domain appeared and when it has first come to rest, whatever
 * balloons did meanwhile.
 */
#ifndef OVERHEAD_WATCH_H
#define OVERHEAD_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guest;
struct snapshot;
struct guest_table;

/* Zeroed at first. */
struct overhead_watch {
    size_t n_guests; /* at the last look */
    /* Xen's memory when all that is there now, but for the newcomer, was there
     * and nothing moved. */
    bool has_base;
    uint64_t base_kib;
    bool has_newcomer;
    uint32_t newcomer; /* the domain that is being measured */
};

/* Another look.  The domain whose overhead_kib has just been measured, or
 * NULL. */
struct guest *
overhead_watch_look(struct overhead_watch *w, struct guest_table *guests,
                    const struct snapshot *s);

#endif
