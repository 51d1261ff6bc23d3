/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plays a recording (record.h) again: are the decisions the same? */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stdio.h>

#include "conf.h"

#define REPLAY_SETS_MAX 16

/* How to play it. */
struct replay_how {
    bool is_verbose; /* all decisions are printed, not only other ones */
    /* "rest_ms=2000": a constant of tuning.h, not as it was recorded;
     * "engine=NAME": another default engine */
    size_t n_sets;
    const char *sets[REPLAY_SETS_MAX];
};

/* Prints what is not as it was, and a summary.  0; 1: there were other
 * decisions; -errno and a sentence: it cannot be played. */
int replay_stream(FILE *file, const struct replay_how *how, FILE *out,
                  char error[CONF_ERROR_SIZE]);
int replay_file(const char *path, const struct replay_how *how, FILE *out,
                char error[CONF_ERROR_SIZE]);

#endif
