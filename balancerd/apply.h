/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries steps out on the host: the only writer of targets and maxmem. */
#ifndef APPLY_H
#define APPLY_H

struct balancer;

/* Does the balancer's steps in order.  A domain that fails is skipped from
 * then on; the others go on (growth that counted on a failed shrink is caught
 * by the next tick's facts).  Each changed target is noted.  Number of
 * failures. */
int apply_steps(struct balancer *b);

#endif
