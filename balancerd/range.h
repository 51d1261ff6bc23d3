/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chain static-min <= dynamic-min <= dynamic-max <= static-max. */
#ifndef RANGE_H
#define RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RANGE_UNLIMITED UINT64_MAX /* a static_max_kib nobody set */

struct range {
    uint64_t static_min_kib;
    uint64_t dynamic_min_kib;
    uint64_t dynamic_max_kib;
    uint64_t static_max_kib;
};

/* Does the chain hold?  If not, a sentence with the numbers goes into
 * error (may be NULL). */
bool range_check(const struct range *r, char *error, size_t error_size);

/* Is there anything to balance, or do both dynamic limits agree? */
bool range_is_fixed(const struct range *r);

#endif
