/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is a guest so short of memory that taking more would hurt it? */
#ifndef THRASH_H
#define THRASH_H

#include <stdbool.h>
#include <stdint.h>

#define THRASH_UNKNOWN UINT64_MAX /* the guest said nothing */

/* Judges by what the guest says it could do without: thrashing begins below
 * 1/32 of what it holds and ends above 1/16, so that it does not flicker. A
 * guest that says nothing is believed to be well.  The word is untrusted: a
 * liar gains no more than not to be shrunk for others' convenience. */
bool
thrash_judge(bool was_thrashing, uint64_t available_kib, uint64_t actual_kib);

#endif
