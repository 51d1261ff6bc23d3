/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* balancerctl's command line: VERB KEY=VALUE... and options anywhere. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>

#include "proto/synopsis.h"

#define ARGS_ERROR_SIZE 320

struct json_object;

enum args_output {
    ARGS_TEXT,
    ARGS_MINIMAL,
    ARGS_JSON,
};

struct args {
    const struct synopsis *verb;
    struct json_object *params; /* an object of texts */
    enum args_output output;
    const char *socket;
    /* instead of a verb: */
    bool wants_help;
    bool wants_version;
    const struct synopsis *help_on; /* NULL: on everything */
};

/* 0, or -EINVAL and a sentence.  args_done either way. */
int args_parse(struct args *ret, int argc, char **argv,
               char error[ARGS_ERROR_SIZE]);
void args_done(struct args *args);

#endif
