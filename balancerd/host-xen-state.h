/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state of a real host, and how it is observed. */
#ifndef HOST_XEN_STATE_H
#define HOST_XEN_STATE_H

#include "host-xen-cache.h"
#include "host-xen-check.h"
#include "host-xen-vbd.h"
#include "host.h"

/* Domains asked for in one call.  What fits into a page goes through a buffer
 * that libxenctrl keeps, more needs one that it maps anew for each call. */
#define XEN_INFO_PAGE  (4096 / sizeof(xc_domaininfo_t))
#define XEN_INFO_CHUNK 256

struct xen_host {
    struct host base;
    struct xen_handles handles;
    struct xen_cache cache;
    struct xen_vbds vbds;
    xentoollog_logger logger;
    xc_domaininfo_t infos[XEN_INFO_CHUNK];
};

/* As host_ops.observe. */
int xen_observe(struct xen_host *x, struct host_view *view, uint64_t now_ms);

#endif
