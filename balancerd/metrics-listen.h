/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What [metrics] listen= means. */
#ifndef METRICS_LISTEN_H
#define METRICS_LISTEN_H

#include "peer-name.h"

/* The one after those of lendmem and of peers. */
#define METRICS_PORT 10811

#define METRICS_ADDRESS_SIZE PEER_ADDRESS_SIZE

/* As peer_address_format has it.  0 or -EINVAL. */
int metrics_address(const char *listen, char text[METRICS_ADDRESS_SIZE]);

#endif
