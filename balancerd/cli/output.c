/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results go to standard output; errors to standard error, but with --json
 * they are the output. */
#include <config.h>

#include <stdio.h>

#include <json-c/json.h>

#include "output.h"
#include "proto/params.h"
#include "show.h"

static void
text_result(const char *verb, struct json_object *result)
{
    show_find(verb)->text(result, stdout);
}

static void
minimal_result(const char *verb, struct json_object *result)
{
    show_find(verb)->minimal(result, stdout);
}

static void
text_error(struct json_object *error)
{
    show_error(error, stderr);
}

static void
json_result(const char *verb, struct json_object *result)
{
    (void)verb;
    show_json(result, stdout);
}

static void
json_error(struct json_object *error)
{
    struct json_object *root = json_object_new_object();

    json_object_object_add(root, FIELD_ERROR, json_object_get(error));
    show_json(root, stdout);
    json_object_put(root);
}

static const struct output text_output = { text_result, text_error };
static const struct output minimal_output = { minimal_result, text_error };
static const struct output json_output = { json_result, json_error };

const struct output *
output_find(enum args_output output)
{
    switch (output) {
    case ARGS_TEXT:
        return &text_output;
    case ARGS_MINIMAL:
        return &minimal_output;
    case ARGS_JSON:
        return &json_output;
    }
    return &text_output;
}
