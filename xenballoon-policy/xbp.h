/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The policy engine ABI of Xen Balancer.
 *
 * An engine is a function from facts to wishes: it is shown a snapshot of the
 * host and writes one wished target per guest.  It needs no symbol of the
 * daemon.  Whatever it wishes is checked by the daemon's guard afterwards, so
 * an engine may be wrong; it cannot be dangerous.
 *
 * ABI guarantee: members are only ever added at the end of a struct, and each
 * side reads no more of a struct than the other one filled.  All memory is in
 * KiB, all time in milliseconds of a monotonic clock.
 */
#ifndef XBP_H
#define XBP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XBP_API_VERSION 1
#define XBP_UNKNOWN     UINT64_MAX /* a number that nobody reported */

#define XBP_GUEST_THRASHING   (1u << 0) /* short of memory right now */
#define XBP_GUEST_RESERVATION (1u << 1) /* not a domain: memory asked for */

/* A guest, or a reservation, that takes part in the sharing.  A snapshot with a
 * reservation in it only asks: nothing of that plan is carried out. */
struct xbp_guest {
    uint64_t _struct_size; /* bytes that the daemon filled */
    const char *uuid;      /* valid during the call; "" for a reservation */
    const char *name;
    uint32_t domid;
    uint32_t flags;           /* XBP_GUEST_ */
    uint64_t dynamic_min_kib; /* the range that the administrator set */
    uint64_t dynamic_max_kib;
    uint64_t lower_kib;     /* bounds the guard will hold the target in now: */
    uint64_t upper_kib;     /* dynamic_min <= lower <= upper <= dynamic_max */
    uint64_t target_kib;    /* balloon target in force */
    uint64_t actual_kib;    /* memory held, in the measure of a target */
    uint64_t available_kib; /* what the guest could do without, or
                             * XBP_UNKNOWN; its own word, untrusted */
    uint32_t weight;        /* 1..65535, 256 is neutral */
    uint32_t _reserved;     /* 0 */
    /* What the guest's agent told last; each XBP_UNKNOWN if nobody did. Read
     * them only if _struct_size covers them: XBP_GUEST_HAS(). */
    uint64_t sample_age_ms;      /* how long ago */
    uint64_t cache_kib;          /* file pages that could be read again */
    uint64_t swap_used_kib;      /* swapped out */
    uint64_t swap_in_kib_per_s;  /* the rates of the time between its last */
    uint64_t swap_out_kib_per_s; /* two samples */
    uint64_t refault_anon_kib_per_s; /* pages that were needed again soon */
    uint64_t refault_file_kib_per_s;
    uint64_t stall_some_permyriad; /* part of the time in which some task ... */
    uint64_t stall_full_permyriad; /* ... or all waited for memory (PSI) */
    /* Of the same sample as cache_kib. */
    uint64_t used_kib; /* all that it has, but what it said was available */
    uint64_t anon_kib; /* memory of programs, as far as it is not swapped */
    uint64_t swap_total_kib; /* room for what is swapped out, used or not */
    /* Of its swap disk, by the host; wait: part of the time, for reads. */
    uint64_t seen_in_kib_per_s, seen_out_kib_per_s, seen_wait_permyriad;
};

/* Did the daemon fill this member? */
#define XBP_GUEST_HAS(guest, member)                            \
 ((guest)->_struct_size >= offsetof(struct xbp_guest, member) + \
                               sizeof(((struct xbp_guest *)0)->member))

struct xbp_snapshot {
    uint64_t _struct_size; /* bytes that the daemon filled */
    uint64_t now_ms;
    uint64_t total_kib; /* memory of the host */
    uint64_t free_kib;  /* free now, reservations not taken off */
    /* Free memory that must exist once the plan is carried out: the host's
     * reserve, all reservations and what is being asked for. */
    uint64_t wanted_free_kib;
    /* What the targets of all guests below may sum up to. */
    uint64_t budget_kib;
    uint64_t n_guests;
    const struct xbp_guest *const *guests; /* n_guests pointers */
};

struct xbp_policy {
    uint64_t _struct_size; /* filled by XBP_REGISTER_POLICY */
    int _api_version;      /* filled by XBP_REGISTER_POLICY */

    const char *name;        /* required: [a-z0-9-]+ */
    const char *version;     /* optional */
    const char *description; /* optional: one line */

    /* All that an engine remembers lives behind ctx; two instances may
     * live side by side.  create may return NULL for "out of memory";
     * without a create ctx is NULL. */
    void *(*create)(void);
    void (*destroy)(void *ctx);

    /* One option "key = value".  0, or -1 with a sentence in error. */
    int (*config)(void *ctx, const char *key, const char *value, char *error,
                  size_t error_size);
    int (*config_complete)(void *ctx, char *error, size_t error_size);

    /* Required.  Write n_guests wishes; target_kib comes in holding the
     * targets in force.  0, or -1: no wishes this time, targets stay. */
    int (*plan)(void *ctx, const struct xbp_snapshot *snapshot,
                uint64_t *target_kib);

    /* One sentence on the last wish for guests[i] of that plan. */
    void (*explain)(void *ctx, uint64_t i, char *text, size_t text_size);
};

#ifdef __cplusplus
}
#endif

#include "xbp-register.h" /* XBP_REGISTER_POLICY() */

#endif
