/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The overhead of domains that are there. */
#ifndef OVERHEAD_GUEST_H
#define OVERHEAD_GUEST_H

#include "host.h"
#include "overhead-lesson.h"
#include "overhead.h"

struct guest;

/* By enum host_domain_type. */
struct overhead_lessons {
    struct overhead_lesson of_type[HOST_DOMAIN_TYPES];
};

/* How the models see it; lessons NULL: as if nothing was learned. */
struct overhead_config
overhead_guest_config(const struct guest *g, const struct overhead_lessons *l);
/* What it costs: as computed or as measured, whichever is more.  Nothing for
 * domain 0, which is part of the host. */
uint64_t
overhead_guest_kib(const struct guest *g, const struct overhead_lessons *l);
/* That part of Xen's memory which certainly is there for it. */
uint64_t overhead_guest_known_kib(const struct guest *g);

/* A type's name, or "pv-in-pvh".  0 or -EINVAL. */
int overhead_kind_parse(const char *text, enum overhead_kind *ret);
/* The type that a domain of that kind shows, and its lessons are kept under. */
enum host_domain_type overhead_kind_type(enum overhead_kind kind);

#endif
