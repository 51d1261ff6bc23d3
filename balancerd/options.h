/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon's command line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

#include "conf.h"
#include "replay.h"

struct options {
    const char *conf_path; /* NULL: the default one, which may be absent */
    const char *host;      /* "xen" or "sim:FILE" */
    const char *socket;    /* NULL: what the configuration says ... */
    const char *log_level; /* ... here too */
    bool checks_only;      /* -n */
    bool is_verbose;       /* -v */
    const char *replay;    /* NULL: there is nothing to play again */
    struct replay_how replay_how;
    bool is_answered; /* --help, --version: there is nothing to do */
};

/* 0, or -EINVAL with a sentence on standard error. */
int options_parse(struct options *ret, int argc, char *argv[]);

/* The configuration as these options want it: file, then command line.
 * *ret_c is untouched on failure.  0 or -errno and a sentence. */
int options_read_conf(const struct options *o, struct conf *ret_c,
                      char error[CONF_ERROR_SIZE]);

#endif
