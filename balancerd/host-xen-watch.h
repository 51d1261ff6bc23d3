/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches on the keys of a cache, and on domains that come and go. */
#ifndef HOST_XEN_WATCH_H
#define HOST_XEN_WATCH_H

#include <stdint.h>

struct xen_cache;
struct xen_domain;

/* Watches for domains that come and go; 0 or -errno. */
int xen_watch_begin(struct xen_cache *c);
/* Sets the watch on the directory of c->changes if it is missing and due. */
void xen_watch_changes(struct xen_cache *c, uint64_t now_ms);
/* Sets those watches of d that are missing and due. */
void xen_watch_arm(struct xen_cache *c, struct xen_domain *d, uint64_t now_ms);
void xen_watch_disarm(struct xen_cache *c, struct xen_domain *d);
/* Takes in what fired: > 0 if a domain came or went, something of ours was
 * changed, or there is more; 0; -ENOTCONN if xenstored is gone.  Never
 * blocks. */
int xen_watch_drain(struct xen_cache *c, uint64_t now_ms);

#endif
