/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a domain's target is what it is, in few words. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "guest.h"
#include "plan.h"

#define EXPLAIN_SIZE 32 /* fits a table's column: 20 characters */

/* The last plan's wish for the domain; NULL if it made none. */
const struct wish *explain_wish(const struct plan *plan, uint32_t domid);

/* Where in its dynamic range the target lies, in 1/100 of a per cent. */
uint64_t explain_share_permyriad(const struct guest *g);

/* "62.3 % of range", "at dynamic-min", "paused", ... wish may be NULL. */
void explain_reason(const struct guest *g, const struct wish *wish,
                    const struct tuning *tuning, char text[EXPLAIN_SIZE]);

#endif
