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

#include "host-view.h"

#define HOST_ERROR_SIZE  256
#define HOST_CHANGE_SIZE 128 /* a path below a watched directory */

struct host;
struct swap_lend;
struct swap_run;

/* One call per name below dir; return non-zero to stop. */
typedef int host_store_fn(void *arg, const char *name, const char *value);

/* A key below a node; value NULL: it is to go. */
struct host_pair {
    const char *key;
    const char *value;
};

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
    /* -ENOENT; -E2BIG: it does not fit into size bytes. */
    int (*store_read)(struct host *h, const char *path, char *ret_value,
                      size_t size);
    /* All n keys below node at once, if its value still is expected (NULL:
     * any); -ESRCH if it is another one, or gone: nobody brings it back. */
    int (*store_answer)(struct host *h, const char *node, const char *expected,
                        const struct host_pair *pairs, size_t n);
    /* From now on what others change below dir (static text, one of our own
     * directories) is news, and told by store_next_change: a path below dir,
     * or "" if anything may have changed, as at first.  false: no more. */
    void (*store_watch)(struct host *h, const char *dir);
    bool (*store_next_change)(struct host *h,
                              char ret_change[HOST_CHANGE_SIZE]);
    /* Readable when something happened that observe would show; -1: none. */
    int (*fd)(struct host *h);
    /* Takes in what happened: > 0 something that matters, 0 nothing,
     * -errno. Never blocks. */
    int (*dispatch)(struct host *h);
    uint64_t (*now_ms)(struct host *h); /* monotonic */
    /* Who carries out what is to be done with volumes, valid as long as h;
     * NULL: rswap-attach does. */
    struct swap_run *(*swap)(struct host *h);
    /* Who lends memory to them, likewise; NULL, or without any: peers do. */
    struct swap_lend *(*lend)(struct host *h);
    void (*free)(struct host *h);
};

/* Every implementation's struct begins with this. */
struct host {
    const struct host_ops *ops;
};

#endif
