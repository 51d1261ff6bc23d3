/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The models of a domain's overhead, with their authors' numbers. */
#include <config.h>

#include "overhead.h"
#include "util/units.h"

#define PAGES_PER_MIB (KIB_PER_MIB / PAGE_KIB)

/* xapi: what Xen lets a domain that is not PV hold beyond its target, and what
 * it takes for every domain. */
#define XAPI_INTERNAL_MIB 1
#define XAPI_EXTERNAL_MIB 1
/* xapi: pages for page tables by processor; and a processor's own pages that
 * are not among them (294 were measured in all). */
#define XAPI_VCPU_PAGING_PAGES 256
#define XAPI_VCPU_PAGES        38
/* xapi: the shim of a PV guest in a PVH domain. */
#define XAPI_SHIM_MIB   23
#define XAPI_SHIM_SHARE 90

/* libxl: pages for page tables by processor; what it adds for each kind; and
 * what it rounds up to. */
#define LIBXL_VCPU_PAGES 256
#define LIBXL_PV_KIB     1024
#define LIBXL_HVM_KIB    2048
#define LIBXL_ROUND_KIB  2048

/* No model was ever known to be off by more than its own prediction; but one
 * of a few MiB says little about what else may be. */
#define LESSON_MAX_MIN_KIB (16 * KIB_PER_MIB)

static uint64_t
ceil_div(uint64_t a, uint64_t b)
{
    return a / b + (a % b > 0);
}

static uint64_t
mib_to_kib(uint64_t mib)
{
    return mul_div(mib, KIB_PER_MIB, 1);
}

static uint64_t
round_up(uint64_t kib, uint64_t step_kib)
{
    return mul_div(ceil_div(kib, step_kib), step_kib, 1);
}

/* A page for each MiB of it in the table of its pages, and one more in the
 * page tables that are resident. */
uint64_t
overhead_paging_kib(const struct overhead_config *c)
{
    uint64_t max_mib = ceil_div(c->static_max_kib, KIB_PER_MIB);
    uint64_t pages = sat_add((uint64_t)c->vcpus * XAPI_VCPU_PAGING_PAGES,
                             sat_add(max_mib, max_mib));
    uint64_t mib = mul_div(ceil_div(pages, PAGES_PER_MIB),
                           c->multiplier_permille, OVERHEAD_MULTIPLIER_ONE);

    return mib_to_kib(max_u64(mib, 1));
}

static uint64_t
shim_kib(const struct overhead_config *c)
{
    uint64_t max_mib = ceil_div(c->static_max_kib, KIB_PER_MIB);

    if (c->kind != OVERHEAD_PV_IN_PVH)
        return 0;
    return mib_to_kib(XAPI_SHIM_MIB + max_mib / XAPI_SHIM_SHARE);
}

uint64_t
overhead_xapi_kib(const struct overhead_config *c)
{
    uint64_t internal_mib = c->kind == OVERHEAD_PV ? 0 : XAPI_INTERNAL_MIB;
    uint64_t vcpus_mib =
        ceil_div((uint64_t)c->vcpus * XAPI_VCPU_PAGES, PAGES_PER_MIB);
    uint64_t paging_kib = max_u64(overhead_paging_kib(c), c->paging_kib);

    return sat_add(mib_to_kib(internal_mib + XAPI_EXTERNAL_MIB + vcpus_mib),
                   sat_add(paging_kib, shim_kib(c)));
}

/* A page for each MiB in the table of its pages, unless it is PV; and one more
 * in shadow page tables, unless the hardware does without. */
static uint64_t
libxl_paging_kib(const struct overhead_config *c)
{
    uint64_t pages_per_mib =
        (uint64_t)(c->kind != OVERHEAD_PV) + (uint64_t)!c->has_hap;
    uint64_t pages = sat_add((uint64_t)c->vcpus * LIBXL_VCPU_PAGES,
                             pages_per_mib * (c->static_max_kib / KIB_PER_MIB));

    return max_u64(mul_div(pages, PAGE_KIB, 1), c->paging_kib);
}

uint64_t
overhead_libxl_need_kib(const struct overhead_config *c, uint64_t target_kib)
{
    uint64_t need_kib = sat_add(target_kib, libxl_paging_kib(c));

    if (c->kind == OVERHEAD_PV)
        return round_up(sat_add(need_kib, LIBXL_PV_KIB), LIBXL_ROUND_KIB);
    need_kib = sat_add(need_kib, LIBXL_HVM_KIB);
    if (c->stubdom_kib > 0)
        need_kib = sat_add(need_kib, sat_add(c->stubdom_kib, c->videoram_kib));
    return round_up(need_kib, LIBXL_ROUND_KIB);
}

uint64_t
overhead_predicted_kib(const struct overhead_config *c, uint64_t target_kib)
{
    uint64_t libxl_kib =
        sat_sub(overhead_libxl_need_kib(c, target_kib), target_kib);

    return max_u64(overhead_xapi_kib(c), libxl_kib);
}

uint64_t
overhead_lesson_max_kib(uint64_t predicted_kib)
{
    return max_u64(predicted_kib, LESSON_MAX_MIN_KIB);
}

uint64_t
overhead_kib(const struct overhead_config *c, uint64_t target_kib)
{
    uint64_t predicted_kib = overhead_predicted_kib(c, target_kib);

    return sat_add(predicted_kib,
                   min_u64(c->lesson_kib,
                           overhead_lesson_max_kib(predicted_kib)));
}

static bool
fits(const struct overhead_config *c, uint64_t static_max_kib,
     uint64_t total_kib)
{
    struct overhead_config tried = *c;

    tried.static_max_kib = static_max_kib;
    return sat_add(static_max_kib, overhead_kib(&tried, static_max_kib)) <=
           total_kib;
}

uint64_t
overhead_largest_kib(const struct overhead_config *c, uint64_t total_kib)
{
    uint64_t lo_mib = 0, hi_mib = total_kib / KIB_PER_MIB;

    while (lo_mib < hi_mib) {
        uint64_t middle_mib = hi_mib - (hi_mib - lo_mib) / 2;

        if (fits(c, mib_to_kib(middle_mib), total_kib))
            lo_mib = middle_mib;
        else
            hi_mib = middle_mib - 1;
    }
    return mib_to_kib(lo_mib);
}
