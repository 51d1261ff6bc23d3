/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is a block device swap space?  One whose other end is dead blocks whoever
 * reads it, perhaps for ever: so a child does, and is given up in time. */
#ifndef HOST_XEN_PROBE_H
#define HOST_XEN_PROBE_H

#include <stdint.h>
#include <sys/types.h>

/* All zero: none is under way. */
struct xen_probe {
    pid_t pid; /* of the child */
    uint64_t give_up_ms;
};

enum xen_probe_word {
    XEN_PROBE_BUSY, /* not known so far */
    XEN_PROBE_SWAP,
    XEN_PROBE_OTHER, /* not swap, or not readable within the time */
};

/* Begins to look at the device at path.  0 or -errno. */
int xen_probe_begin(struct xen_probe *p, const char *path, uint64_t now_ms);
/* Never blocks.  A child that cannot even be killed stays under way: as long
 * as it does no other device is looked at. */
enum xen_probe_word xen_probe_look(struct xen_probe *p, uint64_t now_ms);
/* Ends one that is under way. */
void xen_probe_done(struct xen_probe *p);

#endif
