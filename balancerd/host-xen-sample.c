/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's sample: taken or refused, pressing or not. */
#include <config.h>

#include "host-xen-cache.h"
#include "host-xen-sample.h"
#include "log.h"
#include "proto/keys.h"
#include "util/units.h"

/* Since the last sample, which is a second old if a guest is in need: 128 KiB
 * swapped in may be thrashing, 2 % of the time is worth a look. */
#define PRESSING_PAGES (128 / PAGE_KIB)
#define PRESSING_US    20000
/* Below this share of its memory a guest is about to run out. */
#define PRESSING_SHARE 16

static bool
went(uint64_t before, uint64_t now, uint64_t least)
{
    return before != SAMPLE_UNKNOWN && now != SAMPLE_UNKNOWN &&
           sat_sub(now, before) >= least;
}

static bool
is_pressing(const struct sample *before, const struct sample *now)
{
    if (before->sequence == 0)
        return false;
    return went(before->swap_in_pages, now->swap_in_pages, PRESSING_PAGES) ||
           went(before->stall_full_us, now->stall_full_us, PRESSING_US) ||
           (now->available_kib < before->available_kib &&
            now->available_kib < now->total_kib / PRESSING_SHARE);
}

static void
complain(struct xen_domain *d, int error)
{
    if (d->is_sample_refused)
        return;
    d->is_sample_refused = true;
    log_warnx("dom %u: what it wrote to " KEY_SAMPLE " is %s; the balancer "
              "does without, and says so once",
              d->domid, sample_error(error));
}

bool
xen_sample_take(struct xen_domain *d, const char *untrusted_text, size_t length)
{
    struct sample s = { 0 };
    bool presses;
    int r = 0;

    if (untrusted_text)
        r = sample_parse(untrusted_text, length, &s);
    if (r < 0) {
        complain(d, r);
        return false;
    }
    presses = is_pressing(&d->sample, &s);
    d->sample = s;
    return presses;
}
