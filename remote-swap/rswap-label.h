/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The swap signature on a volume's mirror. */
#ifndef RSWAP_LABEL_H
#define RSWAP_LABEL_H

#include "rswap-failure.h"
#include "rswap-volume.h"

/* Writes it, in one piece.  0 or the failure. */
int rswap_label_make(const struct rswap_volume *v, struct rswap_failure *f);
/* Is it there, as it should be? */
bool rswap_label_is_there(const struct rswap_volume *v);

#endif
