/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What could be had: an engine for the judge only, that looks into simulated
 * guests, and on request into their future.  Balancer, guard and balloons are
 * the real ones, so that it is bound by what binds all engines.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include "sim-world.h"

/* The world that it looks into from now on; NULL: none. */
void oracle_watch(const struct sim_world *world);

#endif
