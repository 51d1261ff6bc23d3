/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts a guest's events by the second. */
#include <config.h>

#include "host-xen-flood.h"
#include "util/units.h"

enum xen_flood_verdict
xen_flood_note(struct xen_flood *f, uint64_t now_ms)
{
    bool is_news;

    if (now_ms - f->window_ms >= MS_PER_S) {
        f->window_ms = now_ms;
        f->events = 0;
    }
    if (++f->events <= XEN_FLOOD_EVENTS)
        return XEN_FLOOD_NONE;
    is_news = !f->was_flooded || now_ms - f->flooded_ms > XEN_FLOOD_EPISODE_MS;
    f->was_flooded = true;
    f->flooded_ms = now_ms;
    f->events = 0;
    return is_news ? XEN_FLOOD_COMPLAIN : XEN_FLOOD_MUTE;
}
