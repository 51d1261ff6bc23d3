/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What daemon and agent ask of the kernel for themselves. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>

/* Is standard error the journal's? */
bool process_logs_to_journal(void);

/* Who finds memory, or tells that it is short, must not wait for memory: its
 * pages stay resident, and the kernel ends others first.  Failures are
 * logged. */
void process_protect(void);

#endif
