/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What domain 0 sees of guests' swapping: the statistics of their block
 * devices, of those that are swap space. */
#ifndef HOST_XEN_VBD_H
#define HOST_XEN_VBD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host-view.h"
#include "host-xen-probe.h"

#define XEN_VBD_NAME_SIZE 32 /* "vbd-32751-2147483647" */

struct xen_vbd {
    char name[XEN_VBD_NAME_SIZE];
    uint32_t domid;
    bool is_seen; /* mark for the sweep */
    bool is_swap;
    /* of its statistics, and of those of the device behind it, once it is
     * known as swap; or -1 */
    int in_fd, out_fd, stat_fd;
    uint64_t before_in_kib,
        before_out_kib; /* what went on before does not count */
    struct host_swap swap;
    uint64_t probe_ms; /* it is looked at (again) then, ... */
    uint64_t probe_wait_ms;
    uint64_t probed_out_kib; /* ... if more was written to it by then */
};

/* All zero but root: nothing is known. */
struct xen_vbds {
    const char *root; /* where sys and dev are: "" */
    size_t n, capacity;
    struct xen_vbd *list;
    uint64_t scan_ms; /* the next look at who is there */
    struct xen_probe probe;
    char probed[XEN_VBD_NAME_SIZE]; /* whom that is about */
};

/* Fills in the swap of domains. */
void
xen_vbds_observe(struct xen_vbds *v, struct host_view *view, uint64_t now_ms);
void xen_vbds_done(struct xen_vbds *v);

#endif
