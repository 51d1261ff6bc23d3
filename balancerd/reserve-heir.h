/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who takes up what was freed for the next domain to come. */
#ifndef RESERVE_HEIR_H
#define RESERVE_HEIR_H

struct guest;
struct guest_table;
struct reservation;
struct reserve_table;

/* The first domain that appeared since r was granted and for which nothing is
 * reserved, if r is for such a one; else NULL. */
const struct guest *
reserve_heir(const struct reservation *r, const struct reserve_table *t,
             const struct guest_table *guests);

#endif
