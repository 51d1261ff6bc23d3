/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one look at a host shows.  All amounts are KiB. */
#ifndef HOST_VIEW_H
#define HOST_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/sample.h"

#define HOST_UNSET UINT64_MAX /* a key that is absent or unreadable */
/* Nothing that a 52-bit physical address can name is larger. */
#define HOST_AMOUNT_MAX_KIB (UINT64_C(1) << 42)

#define HOST_UUID_SIZE 37 /* 36 characters and a NUL */
#define HOST_NAME_SIZE 64 /* longer names are cut */

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

/* What went through a domain's swap space, as the host sees it. */
struct host_swap {
    bool is_seen; /* it has one that can be seen */
    uint64_t in_kib, out_kib;
    /* Sum of the times that all reads took; HOST_UNSET: not told. By how far it
     * goes on in a ms that many reads are being waited for (Little's law). */
    uint64_t wait_ms;
    uint64_t at_ms; /* when that was read */
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
    struct host_swap swap;
    struct sample sample; /* its agent's last word; untrusted, too */
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
    bool has_news; /* it took in what dispatch would have told of */
};

/* Room for n domains in view; 0 or -ENOMEM. */
int host_view_reserve(struct host_view *view, size_t n);
void host_view_done(struct host_view *view);

#endif
