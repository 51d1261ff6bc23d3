/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operations of a real host. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "host-xen-state.h"
#include "host-xen-store.h"
#include "host-xen-watch.h"
#include "host-xen.h"
#include "log.h"
#include "proto/keys.h"
#include "util/clock.h"
#include "util/units.h"

static struct xen_host *
xen_host(struct host *h)
{
    return (struct xen_host *)h;
}

static uint64_t
now_ms(struct host *h)
{
    (void)h;
    /* Not CLOCK_BOOTTIME: while the machine sleeps guests sleep too, and
     * neither get stuck nor use up what was promised to them. Starts anew
     * only with the host, as xenstore does. */
    return clock_monotonic_ms();
}

static int
check(struct host *h, char error[HOST_ERROR_SIZE])
{
    return xen_check(&xen_host(h)->handles, error);
}

static int
observe(struct host *h, struct host_view *view)
{
    return xen_observe(xen_host(h), view, now_ms(h));
}

/*
 * A8: an HVM or PVH domain that was started with less than its maximum holds
 * populate-on-demand entries until its balloon driver has given up the rest.
 * Xen keeps pages ready for the target of old only; a guest that is told to
 * grow meanwhile would take the new pages without asking and be killed for
 * want of them.  So Xen is told first, as libxl does and squeezed does not.
 * With no such entries, and for a smaller target, there is nothing to do: the
 * pages come back as the balloon driver gives the entries up.
 */
static int
feed_pod(struct xen_host *x, const struct xen_domain *d, uint64_t target_kib)
{
    uint64_t old_kib = d->values[XEN_KEY_TARGET];
    uint64_t pages = 0, cached_pages = 0, entries = 0;

    if (old_kib == HOST_UNSET || target_kib <= old_kib)
        return 0;
    if (xc_domain_get_pod_target(x->handles.xc, d->domid, &pages, &cached_pages,
                                 &entries) < 0)
        return errno == ESRCH ? -ESRCH : 0; /* PV, or no such thing here */
    if (entries == 0)
        return 0;
    /* What it holds beyond the old target it will hold beyond the new one. */
    pages += (target_kib - old_kib) / PAGE_KIB;
    if (xc_domain_set_pod_target(x->handles.xc, d->domid, pages, NULL, NULL,
                                 NULL) < 0)
        return -errno;
    return 0;
}

static int
set_target(struct host *h, uint32_t domid, uint64_t target_kib)
{
    struct xen_host *x = xen_host(h);
    struct xen_domain *d = xen_cache_find(&x->cache, domid);
    char path[KEYS_PATH_SIZE], value[24];
    int r;

    if (!d)
        return -ESRCH;
    r = feed_pod(x, d, target_kib);
    if (r < 0)
        return r;
    keys_domain(path, domid, KEY_TARGET);
    snprintf(value, sizeof(value), "%" PRIu64, target_kib);
    r = xen_store_write(x->handles.xs, path, value);
    if (r == 0) /* our own event will then bring nothing new */
        d->values[XEN_KEY_TARGET] = target_kib;
    return r;
}

static int
set_maxmem(struct host *h, uint32_t domid, uint64_t maxmem_kib)
{
    xc_interface *xc = xen_host(h)->handles.xc;

    return xc_domain_setmaxmem(xc, domid, maxmem_kib) < 0 ? -errno : 0;
}

#ifdef HAVE_XC_GET_PAGING_MEMPOOL_SIZE

static int
get_paging(struct host *h, uint32_t domid, uint64_t *ret_kib)
{
    uint64_t bytes;

    if (xc_get_paging_mempool_size(xen_host(h)->handles.xc, domid, &bytes) < 0)
        return -errno;
    *ret_kib = bytes / BYTES_PER_KIB;
    return 0;
}

static int
set_paging(struct host *h, uint32_t domid, uint64_t kib)
{
    xc_interface *xc = xen_host(h)->handles.xc;
    uint64_t bytes = kib * BYTES_PER_KIB;

    return xc_set_paging_mempool_size(xc, domid, bytes) < 0 ? -errno : 0;
}

#else /* Xen before 4.17 */

static int
get_paging(struct host *h, uint32_t domid, uint64_t *ret_kib)
{
    (void)h;
    (void)domid;
    (void)ret_kib;
    return -EOPNOTSUPP;
}

static int
set_paging(struct host *h, uint32_t domid, uint64_t kib)
{
    (void)h;
    (void)domid;
    (void)kib;
    return -EOPNOTSUPP;
}

#endif

static int
store_write(struct host *h, const char *path, const char *value)
{
    struct xen_host *x = xen_host(h);
    int r = xen_store_write(x->handles.xs, path, value);

    if (r == 0)
        xen_cache_touch(&x->cache, path);
    return r;
}

static int
store_remove(struct host *h, const char *path)
{
    return xen_store_remove(xen_host(h)->handles.xs, path);
}

static int
store_list(struct host *h, const char *dir, host_store_fn *fn, void *arg)
{
    return xen_store_list(xen_host(h)->handles.xs, dir, fn, arg);
}

static int
store_read(struct host *h, const char *path, char *ret_value, size_t size)
{
    return xen_store_read(xen_host(h)->handles.xs, path, ret_value, size);
}

static int
store_answer(struct host *h, const char *node, const char *expected,
             const struct host_pair *pairs, size_t n)
{
    return xen_store_answer(xen_host(h)->handles.xs, node, expected, pairs, n);
}

/* The watch itself is set by the next observation. */
static void
store_watch(struct host *h, const char *dir)
{
    host_changes_begin(&xen_host(h)->cache.changes, dir);
}

static bool
store_next_change(struct host *h, char ret_change[HOST_CHANGE_SIZE])
{
    return host_changes_next(&xen_host(h)->cache.changes, ret_change);
}

static int
get_fd(struct host *h)
{
    struct xs_handle *xs = xen_host(h)->handles.xs;

    return xs ? xs_fileno(xs) : -1;
}

static int
dispatch(struct host *h)
{
    struct xen_host *x = xen_host(h);
    uint64_t now = now_ms(h);
    int r = xen_watch_drain(&x->cache, now);

    if (r < 0)
        return r;
    return xen_cache_read_due(&x->cache, now) || r > 0;
}

/* Closing the connection takes all watches along. */
static void
free_host(struct host *h)
{
    struct xen_host *x = xen_host(h);

    if (!h)
        return;
    xen_cache_done(&x->cache);
    xen_vbds_done(&x->vbds);
    xs_close(x->handles.xs);
    if (x->handles.xc)
        xc_interface_close(x->handles.xc);
    free(x);
}

static const struct host_ops xen_ops = {
    .name = "xen",
    .check = check,
    .observe = observe,
    .set_target = set_target,
    .set_maxmem = set_maxmem,
    .get_paging = get_paging,
    .set_paging = set_paging,
    .store_write = store_write,
    .store_remove = store_remove,
    .store_list = store_list,
    .store_read = store_read,
    .store_answer = store_answer,
    .store_watch = store_watch,
    .store_next_change = store_next_change,
    .fd = get_fd,
    .dispatch = dispatch,
    .now_ms = now_ms,
    .free = free_host,
};

/* libxenctrl's words are for those who debug; failures are told by callers. */
static void __attribute__((format(printf, 5, 0)))
log_libxc(xentoollog_logger *logger, xentoollog_level level, int error,
          const char *context, const char *format, va_list args)
{
    char text[HOST_ERROR_SIZE];

    (void)logger;
    (void)error;
    if (level < XTL_WARN)
        return;
    vsnprintf(text, sizeof(text), format, args);
    log_debug("%s: %s", context ? context : "libxenctrl", text);
}

int
host_xen_open(struct host **ret, char error[HOST_ERROR_SIZE])
{
    struct xen_host *x = calloc(1, sizeof(*x));

    if (!x) {
        snprintf(error, HOST_ERROR_SIZE, "out of memory");
        return -ENOMEM;
    }
    x->base.ops = &xen_ops;
    x->logger.vmessage = log_libxc;
    x->handles.xc =
        xc_interface_open(&x->logger, &x->logger, XC_OPENFLAG_NON_REENTRANT);
    x->handles.xc_errno = x->handles.xc ? 0 : errno;
    x->handles.xs = xs_open(0);
    x->handles.xs_errno = x->handles.xs ? 0 : errno;
    x->vbds.root = "";
    x->cache.xs = x->handles.xs;
    *ret = &x->base;
    return 0;
}
