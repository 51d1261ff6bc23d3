/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Programs of the system that are run to their end, with a deadline. */
#ifndef RSWAP_CHILD_H
#define RSWAP_CHILD_H

#include "rswap-failure.h"

/* Longer than the kernel takes to give a lender up. */
#define RSWAP_CHILD_MS 20000

/* Runs argv, found in PATH.  0 if it succeeds; else what it said is in the
 * failure. */
int rswap_child_run(const char *const *argv, struct rswap_failure *f);

#endif
