/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The keys that describe a simulated domain, in a scenario's [domain N] and in
 * a file of a spool directory.  tests/sim/README.md lists them all.
 */
#ifndef SIM_DOMAIN_H
#define SIM_DOMAIN_H

#include "sim-guest.h"

/* One key; 0 or -EINVAL. */
int sim_domain_set(struct sim_guest *g, const char *key, const char *value);
/* A file with one [domain] section on top of what *g is.  0 or -errno and a
 * sentence. */
int sim_domain_read(struct sim_guest *g, const char *path,
                    char error[HOST_ERROR_SIZE]);

#endif
