/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The world as the balancer meets it.  Two implementations: Xen (host-xen.c)
 * and a simulated host (host-sim.c).  All amounts are KiB.  Every call that
 * names a domain may return -ESRCH: it may vanish between any two calls (A4).
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/sample.h"

#define HOST_UNSET UINT64_MAX /* a key that is absent or unreadable */
/* Nothing that a 52-bit physical address can name is larger. */
#define HOST_AMOUNT_MAX_KIB (UINT64_C(1) << 42)

#define HOST_UUID_SIZE  37 /* 36 characters and a NUL */
#define HOST_NAME_SIZE  64 /* longer names are cut */
#define HOST_ERROR_SIZE 256

enum host_domain_type {
    HOST_DOMAIN_PV,
    HOST_DOMAIN_PVH,
    HOST_DOMAIN_HVM,
};
#define HOST_DOMAIN_TYPES 3

/* "pv", "pvh", "hvm". */
const char *host_domain_type_name(enum host_domain_type type);

/* What the guest's side said of its balloon driver, by value (A6). */
enum host_balloon {
    HOST_BALLOON_UNSAID,
    HOST_BALLOON_NO,
    HOST_BALLOON_YES,
};

/* A domain's limits, as bits. */
enum host_limit {
    HOST_STATIC_MIN = 1,
    HOST_DYNAMIC_MIN = 2,
    HOST_DYNAMIC_MAX = 4,
    HOST_STATIC_MAX = 8,
};

struct host_domain {
    uint32_t domid;
    char uuid[HOST_UUID_SIZE];
    char name[HOST_NAME_SIZE];
    enum host_domain_type type;
    bool has_hap;   /* its page tables are the hardware's to walk */
    uint32_t vcpus; /* those that it can have, online or not */
    bool is_paused;
    bool is_shutdown;
    bool is_dying;
    enum host_balloon balloon;
    uint64_t actual_kib;  /* pages that the domain holds */
    uint64_t maxmem_kib;  /* pages that Xen lets it hold at most */
    uint64_t claimed_kib; /* outstanding claim: promised by Xen, not held */
    /* xenstore's word, HOST_UNSET where absent or not a number */
    uint64_t target_kib;
    uint64_t static_min_kib;
    uint64_t dynamic_min_kib;
    uint64_t dynamic_max_kib;
    uint64_t static_max_kib;
    uint64_t videoram_kib;   /* part of its memory, but not of its target */
    unsigned garbled_limits; /* those that are there, but no amounts */
    uint64_t available_kib;  /* the guest's own word, untrusted */
    struct sample sample;    /* its agent's last word; untrusted, too */
    /* Off its target by no more than this the domain counts as on it. */
    uint64_t inaccuracy_kib;
};

struct host_memory {
    uint64_t total_kib;
    uint64_t free_kib;    /* free and scrubbing, claims not taken off */
    uint64_t claimed_kib; /* sum of all outstanding claims */
};

/* One observation.  The caller owns it, zeroed at first; observe grows
 * domains as needed; host_view_done frees. Domains come by rising domid. */
struct host_view {
    struct host_memory memory;
    size_t n_domains;
    size_t capacity;
    struct host_domain *domains;
};

struct host;

/* One call per name below dir; return non-zero to stop. */
typedef int host_store_fn(void *arg, const char *name, const char *value);

struct host_ops {
    const char *name;
    /* Can this host be balanced at all?  0, or -errno and a sentence. */
    int (*check)(struct host *h, char error[HOST_ERROR_SIZE]);
    int (*observe)(struct host *h, struct host_view *view);
    int (*set_target)(struct host *h, uint32_t domid, uint64_t target_kib);
    int (*set_maxmem)(struct host *h, uint32_t domid, uint64_t maxmem_kib);
    /* Memory for page tables. -EOPNOTSUPP: none, or unknown; -ENOMEM. */
    int (*get_paging)(struct host *h, uint32_t domid, uint64_t *ret_kib);
    int (*set_paging)(struct host *h, uint32_t domid, uint64_t kib);
    /* xenstore, with paths of proto/keys.h. store_list of an absent
     * directory succeeds with no call. */
    int (*store_write)(struct host *h, const char *path, const char *value);
    int (*store_remove)(struct host *h, const char *path);
    int (*store_list)(struct host *h, const char *dir, host_store_fn *fn,
                      void *arg);
    /* Readable when something happened that observe would show; -1: none. */
    int (*fd)(struct host *h);
    /* Takes in what happened: > 0 something that matters, 0 nothing,
     * -errno. Never blocks. */
    int (*dispatch)(struct host *h);
    uint64_t (*now_ms)(struct host *h); /* monotonic */
    void (*free)(struct host *h);
};

/* Every implementation's struct begins with this. */
struct host {
    const struct host_ops *ops;
};

/* Room for n domains in view; 0 or -ENOMEM. */
int host_view_reserve(struct host_view *view, size_t n);
void host_view_done(struct host_view *view);

#endif
