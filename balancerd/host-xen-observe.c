/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts hypervisor and xenstore together into one observation. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host-xen-state.h"
#include "host-xen-watch.h"
#include "util/units.h"

/* Before its offset is known a PVH domain holds its target and 16 pages more
 * (64 KiB), a PV domain its target within a page; the rest is room for the
 * pages that a guest's balloon driver lends to its grant mappings. */
#define INACCURACY_KIB 256

static uint64_t
kib_of_pages(uint64_t pages)
{
    return pages > UINT64_MAX / PAGE_KIB ? UINT64_MAX : pages * PAGE_KIB;
}

static int
observe_memory(struct xen_host *x, struct host_memory *ret)
{
    xc_physinfo_t info = { 0 };

    if (xc_physinfo(x->handles.xc, &info) < 0)
        return -errno;
    ret->total_kib = kib_of_pages(info.total_pages);
    ret->free_kib = kib_of_pages(info.free_pages + info.scrub_pages);
    ret->claimed_kib = kib_of_pages(info.outstanding_pages);
    return 0;
}

static void
format_uuid(char ret_uuid[HOST_UUID_SIZE], const xen_domain_handle_t handle)
{
    char *to = ret_uuid;

    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *to++ = '-';
        to += snprintf(to, 3, "%02x", handle[i]);
    }
}

static enum host_domain_type
type_of(const xc_domaininfo_t *info)
{
    if (!(info->flags & XEN_DOMINF_hvm_guest))
        return HOST_DOMAIN_PV;
#if defined(__i386__) || defined(__x86_64__)
    /* Xen emulates a PC's timer and interrupt controller for all HVM domains
     * and for no PVH domain, domain 0 included. */
    if (info->arch_config.emulation_flags & (XEN_X86_EMU_PIT | XEN_X86_EMU_PIC))
        return HOST_DOMAIN_HVM;
#endif
    return HOST_DOMAIN_PVH;
}

/* Before the first is made, the highest number is XEN_INVALID_MAX_VCPU_ID. */
static uint32_t
vcpus_of(const xc_domaininfo_t *info)
{
    return info->max_vcpu_id == XEN_INVALID_MAX_VCPU_ID ? 0
                                                        : info->max_vcpu_id + 1;
}

static void
fill_from_hypervisor(struct host_domain *ret, const xc_domaininfo_t *info,
                     uint64_t total_kib)
{
    *ret = (struct host_domain){
        .domid = info->domain,
        .type = type_of(info),
        .has_hap = (info->flags & XEN_DOMINF_hap) != 0,
        .vcpus = vcpus_of(info),
        .is_paused = (info->flags & XEN_DOMINF_paused) != 0,
        .is_shutdown = (info->flags & XEN_DOMINF_shutdown) != 0,
        .is_dying = (info->flags & XEN_DOMINF_dying) != 0,
        .actual_kib = kib_of_pages(info->tot_pages),
        /* Unlimited while it is being built, and for domain 0. */
        .maxmem_kib = min_u64(kib_of_pages(info->max_pages), total_kib),
        .claimed_kib = kib_of_pages(info->outstanding_pages),
        .inaccuracy_kib = INACCURACY_KIB,
    };
    format_uuid(ret->uuid, info->handle);
}

static int
take_infos(struct xen_host *x, struct host_view *view, size_t n,
           uint64_t now_ms)
{
    int r = host_view_reserve(view, view->n_domains + n);

    for (size_t i = 0; i < n && r == 0; i++) {
        struct host_domain *d = &view->domains[view->n_domains++];

        fill_from_hypervisor(d, &x->infos[i], view->memory.total_kib);
        r = xen_cache_see(&x->cache, d->domid, d->uuid, now_ms);
    }
    return r;
}

static int
observe_domains(struct xen_host *x, struct host_view *view, uint64_t now_ms)
{
    unsigned wanted =
        x->cache.n < XEN_INFO_PAGE ? XEN_INFO_PAGE : XEN_INFO_CHUNK;
    uint32_t next = 0;
    int n;

    view->n_domains = 0;
    do {
        int r;

        n = xc_domain_getinfolist(x->handles.xc, next, wanted, x->infos);
        if (n < 0)
            return -errno;
        r = take_infos(x, view, (size_t)n, now_ms);
        if (r < 0)
            return r;
        if (n > 0)
            next = x->infos[n - 1].domain + 1u;
    } while ((unsigned)n == wanted);
    return 0;
}

/* Its own word outweighs what an earlier daemon saw it do. */
static enum host_balloon
balloon_of(const struct xen_domain *d)
{
    if (d->values[XEN_KEY_FEATURE_BALLOON] == 0)
        return HOST_BALLOON_NO;
    if (d->values[XEN_KEY_FEATURE_BALLOON] == 1 || d->is_proven)
        return HOST_BALLOON_YES;
    return HOST_BALLOON_UNSAID;
}

/* Qubes' guests say what they use. */
static uint64_t
available_of(const struct xen_domain *d, uint64_t actual_kib)
{
    if (d->values[XEN_KEY_MEMINFO_FREE] != HOST_UNSET ||
        d->values[XEN_KEY_MEMINFO] == HOST_UNSET)
        return d->values[XEN_KEY_MEMINFO_FREE];
    return sat_sub(actual_kib, d->values[XEN_KEY_MEMINFO]);
}

static unsigned
garbled_limits_of(const struct xen_domain *d)
{
    static const struct {
        enum xen_key key;
        enum host_limit limit;
    } limits[] = {
        { XEN_KEY_STATIC_MIN, HOST_STATIC_MIN },
        { XEN_KEY_DYNAMIC_MIN, HOST_DYNAMIC_MIN },
        { XEN_KEY_DYNAMIC_MAX, HOST_DYNAMIC_MAX },
        { XEN_KEY_STATIC_MAX, HOST_STATIC_MAX },
    };
    unsigned garbled = 0;

    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
        if (d->garbled & 1u << limits[i].key)
            garbled |= limits[i].limit;
    return garbled;
}

static void
fill_from_store(struct host_domain *ret, const struct xen_domain *d)
{
    memcpy(ret->name, d->name, sizeof(ret->name));
    ret->balloon = balloon_of(d);
    ret->target_kib = d->values[XEN_KEY_TARGET];
    ret->static_min_kib = d->values[XEN_KEY_STATIC_MIN];
    ret->dynamic_min_kib = d->values[XEN_KEY_DYNAMIC_MIN];
    ret->dynamic_max_kib = d->values[XEN_KEY_DYNAMIC_MAX];
    ret->static_max_kib = d->values[XEN_KEY_STATIC_MAX];
    ret->videoram_kib = d->values[XEN_KEY_VIDEORAM];
    ret->garbled_limits = garbled_limits_of(d);
    ret->available_kib = available_of(d, ret->actual_kib);
    ret->sample = d->sample;
}

static void
fill_view(struct xen_host *x, struct host_view *view)
{
    for (size_t i = 0; i < view->n_domains; i++) {
        struct host_domain *d = &view->domains[i];

        fill_from_store(d, xen_cache_find(&x->cache, d->domid));
    }
}

int
xen_observe(struct xen_host *x, struct host_view *view, uint64_t now_ms)
{
    int r = xen_watch_begin(&x->cache);

    if (r == 0)
        r = xen_watch_drain(&x->cache, now_ms);
    view->has_news = r > 0;
    if (r >= 0)
        r = observe_memory(x, &view->memory);
    if (r == 0)
        r = observe_domains(x, view, now_ms);
    if (r < 0)
        return r;
    xen_cache_sweep(&x->cache);
    for (size_t i = 0; i < x->cache.n; i++)
        xen_watch_arm(&x->cache, &x->cache.domains[i], now_ms);
    xen_watch_changes(&x->cache, now_ms);
    view->has_news |= xen_cache_read_due(&x->cache, now_ms);
    fill_view(x, view);
    xen_vbds_observe(&x->vbds, view, now_ms);
    return 0;
}
