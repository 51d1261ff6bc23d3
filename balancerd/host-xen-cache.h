/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What xenstore says of each domain, kept by watches: a key is read when it
 * changed, never on a schedule.  Values come from toolstack and guests and
 * are not to be trusted.
 */
#ifndef HOST_XEN_CACHE_H
#define HOST_XEN_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xenstore.h>

#include "host-changes.h"
#include "host-xen-flood.h"
#include "host.h"

enum xen_key {
    XEN_KEY_NAME,
    XEN_KEY_TARGET,
    XEN_KEY_STATIC_MIN,
    XEN_KEY_DYNAMIC_MIN,
    XEN_KEY_DYNAMIC_MAX,
    XEN_KEY_STATIC_MAX,
    XEN_KEY_VIDEORAM,
    XEN_KEY_FEATURE_BALLOON, /* from here on the guest may write */
    XEN_KEY_MEMINFO_FREE,
    XEN_KEY_MEMINFO,
    XEN_KEY_SAMPLE,
    XEN_KEY_N
};
#define XEN_KEY_GUESTS XEN_KEY_FEATURE_BALLOON
#define XEN_KEYS_ALL   ((1u << XEN_KEY_N) - 1)

/* The keys below the domain's directory. */
extern const char *const xen_key_names[XEN_KEY_N];

struct xen_domain {
    uint32_t domid;
    char uuid[HOST_UUID_SIZE];
    bool is_seen;   /* mark for the sweep */
    bool is_proven; /* an earlier daemon saw it balloon */

    char name[HOST_NAME_SIZE];
    uint64_t values[XEN_KEY_N]; /* HOST_UNSET: absent or not a number */
    uint32_t garbled;           /* bit of each that is there, but no number */
    uint32_t watched;           /* bit of each key that has a watch */
    uint32_t fresh;             /* bit of each watch that has not fired yet */
    uint32_t dirty;             /* bit of each key to be read */
    uint64_t rearm_ms;          /* missing watches are set then */
    uint64_t guest_read_ms[XEN_KEY_N - XEN_KEY_GUESTS];
    struct xen_flood flood;
    struct sample sample; /* sequence 0: none */
    bool is_sample_refused;
};

/* Zeroed but for xs at first. */
struct xen_cache {
    struct xs_handle *xs; /* not owned */
    bool is_watching;     /* for domains that come and go */
    bool has_dirty;
    struct host_changes changes; /* below a directory of ours */
    bool is_watching_changes;
    uint64_t rewatch_ms; /* if that watch failed */
    size_t n;
    size_t capacity;
    struct xen_domain *domains; /* by rising domid */
};

void xen_cache_done(struct xen_cache *c);
/* NULL if absent; valid until the next see or sweep. */
struct xen_domain *xen_cache_find(struct xen_cache *c, uint32_t domid);

/* This domain is there.  A new one, or one that took over the domid, gets its
 * watches; its keys are read by the next xen_cache_read_due. 0 or -ENOMEM. */
int xen_cache_see(struct xen_cache *c, uint32_t domid, const char *uuid,
                  uint64_t now_ms);
/* Forgets all that were not seen since the last sweep. */
void xen_cache_sweep(struct xen_cache *c);

/* We wrote to path ourselves: read it without waiting for the event. */
void xen_cache_touch(struct xen_cache *c, const char *path);
/* Reads what is dirty, a guest's keys not too often; true if something
 * changed that cannot wait for the next observation. */
bool xen_cache_read_due(struct xen_cache *c, uint64_t now_ms);

#endif
