/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an engine remembers of each guest from plan to plan: an entry by uuid,
 * of a size that the engine chooses, zero when the guest is new.  A guest that
 * is missing for an hour is forgotten.
 */
#ifndef XBP_MEMORY_H
#define XBP_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "xbp.h"

#define XBP_MEMORY_FORGET_MS (60u * 60 * 1000)

struct xbp_memory;

/* NULL if there is no memory. */
struct xbp_memory *xbp_memory_new(size_t entry_size);
struct xbp_memory *xbp_memory_free(struct xbp_memory *m);

/* Finds or makes the entries of the guests of s, in time about linear in
 * their number.  A reservation has an entry for this plan only.  0, or -1 if
 * there is no memory. */
int xbp_memory_begin(struct xbp_memory *m, const struct xbp_snapshot *s);

/* Of guests[i] of the snapshot that was begun last; good until the next is.
 * NULL if that found no memory. */
void *xbp_memory_of(const struct xbp_memory *m, uint64_t i);
/* When it was first seen with the domid that it has; in that first plan that
 * is now_ms. */
uint64_t xbp_memory_boot_ms(const struct xbp_memory *m, uint64_t i);

#endif
