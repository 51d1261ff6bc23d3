/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where answers go: text, --minimal or --json. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "args.h"

struct json_object;

struct output {
    void (*result)(const char *verb, struct json_object *result);
    void (*error)(struct json_object *error);
};

const struct output *output_find(enum args_output output);

#endif
