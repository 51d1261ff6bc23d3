/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Judges whether what was opened is a Xen host that can be balanced. */
#ifndef HOST_XEN_CHECK_H
#define HOST_XEN_CHECK_H

#include <xenctrl.h>
#include <xenstore.h>

#include "host.h"

/* A handle that could not be opened is NULL, with the errno why. */
struct xen_handles {
    xc_interface *xc;
    int xc_errno;
    struct xs_handle *xs;
    int xs_errno;
};

/* 0, or -errno and a sentence. */
int xen_check(const struct xen_handles *handles, char error[HOST_ERROR_SIZE]);

#endif
