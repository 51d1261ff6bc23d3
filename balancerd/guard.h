/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules every plan must pass, whatever engine made it.  Numbers are those
 * of HACKING.md and of tests/unit/check_guard.c.  Idempotent.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stddef.h>

#include "plan.h"
#include "snapshot.h"

/* Makes the wishes of p safe. is_asked: someone asked for this balance (a
 * verb): no dead band, no rest. */
void guard_apply(struct plan *p, const struct snapshot *s, bool is_asked);

/* The number of the first rule that p breaks, 0 if none; a sentence into
 * error (may be NULL).  For tests and for a daemon that doubts itself. */
int guard_check(const struct plan *p, const struct snapshot *s, char *error,
                size_t error_size);

#endif
