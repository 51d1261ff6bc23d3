/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a domain that appears is given: its settings, or the default range. */
#ifndef SETTINGS_ADOPT_H
#define SETTINGS_ADOPT_H

#include "host.h"
#include "settings.h"

/* One limit of a domain that nobody configured. */
struct default_limit {
    uint64_t kib; /* HOST_UNSET: none */
    uint32_t pct; /* if not 0: so much of its static-max instead */
};

struct default_range {
    struct default_limit min; /* none: domains are left alone */
    struct default_limit max;
};

enum adoption {
    ADOPTION_LATER,   /* it is being built */
    ADOPTION_NONE,    /* it has a range already, or none is due */
    ADOPTION_RANGE,   /* *ret_range is to be written */
    ADOPTION_REFUSED, /* what is kept for it does not fit it: error */
};

/* What is to be written for d.  s may be NULL. */
enum adoption
settings_adopt(const struct settings *s, const struct default_range *defaults,
               const struct host_domain *d, struct range *ret_range,
               char error[HOST_ERROR_SIZE]);

#endif
