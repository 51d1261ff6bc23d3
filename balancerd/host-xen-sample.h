/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest's agent wrote to xenstore, taken in with care. */
#ifndef HOST_XEN_SAMPLE_H
#define HOST_XEN_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

struct xen_domain;

/* NULL: there is nothing.  What is no sample changes nothing, and is
 * complained about once in the domain's life.  true if it cannot wait: the
 * guest swaps or stalls, or is about to. */
bool xen_sample_take(struct xen_domain *d, const char *untrusted_text,
                     size_t length);

#endif
