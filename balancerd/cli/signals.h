/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Signals that ask to end, and those of children that did: both only ever
 * arrive while the program waits, so none is missed.
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <signal.h>

/* From now on signals wait for a ppoll. */
void signals_hold(void);
/* The mask of a ppoll that lets them in, all but SIGCHLD. */
const sigset_t *signals_mask(void);
/* The first of SIGINT, SIGTERM, SIGHUP that came; 0 for none. */
int signals_caught(void);
/* Later ones do not interrupt any more: there is something to give back. */
void signals_ignore(void);

#endif
