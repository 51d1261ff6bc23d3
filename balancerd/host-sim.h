/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host that is a scenario file (sim-scenario.h).  Two clocks: the real one
 * for a daemon, and one that stands still until a test advances it.
 *
 * Domains come and go by the events of the scenario and, on the real clock, by
 * the files of its spool directory, if it names one: NAME.dom with a [domain]
 * section creates a domain (rename it into place), its removal destroys it.
 * The answer is a file NAME.domid (the number) or NAME.failed (a sentence).
 * Numbers are given out upwards from the highest so far.
 *
 * An order that would bring a real host into danger raises an alarm:
 *  - a target above maxmem, a maxmem below the target;
 *  - growth granted that free memory does not cover;
 *  - a target for a domain that is being built or says it has no balloon;
 *  - a domain takes memory that the host does not have.
 * Unless a test listens, the sentence is logged and the process aborts.
 */
#ifndef HOST_SIM_H
#define HOST_SIM_H

#include "host.h"
#include "sim-world.h"

/* On the real clock.  0, or -errno and a sentence. */
int
host_sim_open(struct host **ret, const char *path, char error[HOST_ERROR_SIZE]);
/* On a clock of its own, which begins at HOST_SIM_EPOCH_MS.  Takes ownership
 * of what is in *s.  0 or -ENOMEM. */
int host_sim_create(struct host **ret, struct sim_scenario *s);
#define HOST_SIM_EPOCH_MS 1000000 /* not 0: nobody shall count on it */

/* The world behind it, for tests to advance, change and look at. */
struct sim_world *host_sim_world(struct host *h);

#endif
