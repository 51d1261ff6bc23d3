/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What observations have in common, whatever the host: names and room. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>

#include "host-view.h"

#define CAPACITY_MIN 16

const char *
host_domain_type_name(enum host_domain_type type)
{
    switch (type) {
    case HOST_DOMAIN_PV:
        return "pv";
    case HOST_DOMAIN_PVH:
        return "pvh";
    case HOST_DOMAIN_HVM:
        return "hvm";
    }
    return "";
}

int
host_view_reserve(struct host_view *view, size_t n)
{
    size_t capacity = view->capacity > 0 ? view->capacity : CAPACITY_MIN;
    struct host_domain *grown;

    if (n <= view->capacity)
        return 0;
    while (capacity < n && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    if (capacity < n)
        return -ENOMEM;
    grown = reallocarray(view->domains, capacity, sizeof(grown[0]));
    if (!grown)
        return -ENOMEM;
    view->domains = grown;
    view->capacity = capacity;
    return 0;
}

void
host_view_done(struct host_view *view)
{
    free(view->domains);
    *view = (struct host_view){ 0 };
}
