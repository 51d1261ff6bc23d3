/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The real host: libxenctrl for the hypervisor, libxenstore for the rest. */
#ifndef HOST_XEN_H
#define HOST_XEN_H

#include "host.h"

/* Opens what can be opened: host_ops.check says whether that will do, and has
 * to be asked first.  0, or -ENOMEM and a sentence. */
int host_xen_open(struct host **ret, char error[HOST_ERROR_SIZE]);

#endif
