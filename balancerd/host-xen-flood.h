/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is a guest writing its own keys so often that it is better not heard? */
#ifndef HOST_XEN_FLOOD_H
#define HOST_XEN_FLOOD_H

#include <stdbool.h>
#include <stdint.h>

/* A second's worth of events. The fastest well-meant writer known, Qubes'
 * meminfo-writer, reports ten times a second at most. */
#define XEN_FLOOD_EVENTS 20
/* A guest that had more is not heard for this long ... */
#define XEN_FLOOD_COOL_DOWN_MS 10000
/* ... and is complained about once, until it behaved for this long. */
#define XEN_FLOOD_EPISODE_MS 60000

/* Zeroed at first. */
struct xen_flood {
    uint64_t window_ms; /* when the second that is counted began */
    uint32_t events;    /* in it */
    bool was_flooded;
    uint64_t flooded_ms; /* the last time it was too much */
};

enum xen_flood_verdict {
    XEN_FLOOD_NONE,
    XEN_FLOOD_MUTE,     /* too much: stop listening */
    XEN_FLOOD_COMPLAIN, /* the same, and for the first time in a while */
};

/* One more event. */
enum xen_flood_verdict xen_flood_note(struct xen_flood *f, uint64_t now_ms);

#endif
