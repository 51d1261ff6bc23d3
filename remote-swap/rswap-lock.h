/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One at a time on a volume. */
#ifndef RSWAP_LOCK_H
#define RSWAP_LOCK_H

#include "rswap-failure.h"

/* Programs that we start have the lock, too: whoever finds it free knows that
 * those of one who was killed are done.  0, or the failure after a while. */
int rswap_lock_take(const char *volume, struct rswap_failure *f);
/* There is nothing left that it could protect. */
void rswap_lock_remove(const char *volume);

#endif
