/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What no engine should do, wherever it is called; by name. */
#ifndef BAD_DEEDS_H
#define BAD_DEEDS_H

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So that no compiler sees what comes. */
static int *volatile nowhere;
static volatile bool for_ever = true;

/* A sanitizer's report takes longer than the crash that it is about. */
#define UNWATCHED __attribute__((no_sanitize("undefined", "address")))

/* Returns only if there is no deed of that name. */
static inline UNWATCHED void
do_bad_deed(const char *deed)
{
    signal(SIGSEGV, SIG_DFL);
    if (strcmp(deed, "crash") == 0)
        *nowhere = 1;
    else if (strcmp(deed, "abort") == 0)
        abort();
    else if (strcmp(deed, "exit") == 0)
        exit(3);
    else if (strcmp(deed, "kill") == 0)
        raise(SIGKILL);
    else if (strcmp(deed, "loop") == 0)
        while (for_ever)
            continue;
}

#endif
