/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's sample: taken or refused, pressing or not. */
#include <config.h>

#include "host-xen-cache.h"
#include "host-xen-sample.h"
#include "log.h"
#include "proto/keys.h"
#include "sample-press.h"

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
    presses = sample_presses(&d->sample, &s);
    d->sample = s;
    return presses;
}
