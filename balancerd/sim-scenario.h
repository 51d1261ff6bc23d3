/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A simulated host as a file describes it.  INI, with the sections [host],
 * [domain N] (or [domain N-M]: many of a kind), [lenders] and [events]; other
 * sections are the caller's.  tests/sim/README.md lists every key.
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include <stddef.h>

#include "sim-event.h"
#include "sim-guest.h"

#define SIM_SPOOL_SIZE 256

#define SIM_LENDERS     4
#define SIM_LENDER_SIZE 48

/* A peer and what it could lend; name "": none. */
struct sim_lender {
    char name[SIM_LENDER_SIZE];
    uint64_t size_kib;
};

struct sim_scenario {
    uint64_t seed;
    uint64_t total_kib; /* one of total and free follows from the other */
    uint64_t free_kib;
    uint64_t xen_kib;
    uint64_t swap_room_kib; /* of the disk, for volumes */
    uint64_t slice_ms;      /* domains on the move are looked at this often */
    uint64_t speed;         /* of guests and events, on the real clock */
    char spool[SIM_SPOOL_SIZE]; /* "" for none */
    struct sim_lender lenders[SIM_LENDERS];
    size_t n_guests;
    struct sim_guest *guests; /* by rising domid */
    size_t n_events;
    struct sim_event *events; /* by rising time */
};

/* Takes the lines of the sections that are the caller's.  0, or -EINVAL and a
 * sentence. */
struct sim_lines {
    int (*take)(void *arg, const char *section, const char *key,
                const char *value, char error[HOST_ERROR_SIZE]);
    void *arg;
};

/* lines may be NULL: nobody looks at those sections.  0 or -errno and a
 * sentence; *ret is untouched on failure. */
int
sim_scenario_read(struct sim_scenario *ret, const char *path,
                  const struct sim_lines *lines, char error[HOST_ERROR_SIZE]);
int
sim_scenario_parse(struct sim_scenario *ret, const char *text,
                   const struct sim_lines *lines, char error[HOST_ERROR_SIZE]);
void sim_scenario_done(struct sim_scenario *s);

#endif
