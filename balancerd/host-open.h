/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host that the command line names: "xen" or "sim:FILE". */
#ifndef HOST_OPEN_H
#define HOST_OPEN_H

#include "host.h"

/* Opened and checked.  0, or -errno and a sentence. */
int host_open(const char *name, struct host **ret, char error[HOST_ERROR_SIZE]);

bool host_is_simulated(const char *name);

#endif
