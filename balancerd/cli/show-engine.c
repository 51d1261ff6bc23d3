/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* engine-list, engine-load: engines in force, and those that could be. */
#include <config.h>

#include <inttypes.h>

#include <json-c/json.h>

#include "format.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "show.h"
#include "table.h"
#include "util/text.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define OPTIONS_SIZE  512

static const struct table_column columns[] = {
    { { "", "name" }, false, 12, 24 },      { { "", "engine" }, false, 12, 24 },
    { { "", "version" }, false, 7, 12 },    { { "", "domains" }, true, 7, 7 },
    { { "", "failures" }, true, 8, 20 },    { { "", "options" }, false, 7, 60 },
    { { "", "file" }, false, 0, SIZE_MAX },
};

static const struct table_column built_in_columns[] = {
    { { "", "built in" }, false, 12, 24 },
    { { "", "version" }, false, 7, 12 },
    { { "", "description" }, false, 0, SIZE_MAX },
};

static void
add_number(struct table *t, struct json_object *record, const char *member)
{
    char text[FORMAT_SIZE];

    snprintf(text, sizeof(text), "%" PRIu64, json_get_number(record, member));
    table_add(t, text);
}

static void
add_options(struct table *t, struct json_object *record)
{
    char text[OPTIONS_SIZE] = "";
    struct json_object *options;

    if (json_object_object_get_ex(record, FIELD_OPTIONS, &options)) {
        json_object_object_foreach(options, key, value) {
            text_append(text, sizeof(text), "%s%s=%s", text[0] ? "," : "", key,
                        json_object_get_string(value));
        }
    }
    table_add(t, text);
}

static void
show_instances(struct json_object *list, FILE *out)
{
    struct table *t = table_new(columns, LENGTH(columns));

    for (size_t i = 0; t && list && i < json_object_array_length(list); i++) {
        struct json_object *e = json_object_array_get_idx(list, i);

        table_add(t, json_text(e, FIELD_INSTANCE));
        table_add(t, json_text(e, FIELD_ENGINE));
        table_add(t, json_text(e, FIELD_VERSION));
        add_number(t, e, FIELD_DOMAINS);
        add_number(t, e, FIELD_FAILURES);
        add_options(t, e);
        table_add(t, json_text(e, FIELD_FILE));
    }
    if (t)
        table_print(t, out);
    table_free(t);
}

static void
show_set_aside(struct json_object *list, FILE *out)
{
    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        struct json_object *e = json_object_array_get_idx(list, i);

        if (json_get_bool(e, FIELD_SET_ASIDE))
            fprintf(out, "%s is set aside: %s\n", json_text(e, FIELD_INSTANCE),
                    json_text(e, FIELD_TROUBLE));
    }
}

static void
show_built_in(struct json_object *list, FILE *out)
{
    struct table *t = table_new(built_in_columns, LENGTH(built_in_columns));

    for (size_t i = 0; t && list && i < json_object_array_length(list); i++) {
        struct json_object *e = json_object_array_get_idx(list, i);

        table_add(t, json_text(e, FIELD_ENGINE));
        table_add(t, json_text(e, FIELD_VERSION));
        table_add(t, json_text(e, FIELD_DESCRIPTION));
    }
    if (t)
        table_print(t, out);
    table_free(t);
}

void
show_engines(struct json_object *result, FILE *out)
{
    show_instances(json_get_array(result, FIELD_ENGINES), out);
    show_set_aside(json_get_array(result, FIELD_ENGINES), out);
    fputc('\n', out);
    show_built_in(json_get_array(result, FIELD_BUILT_IN), out);
}

void
show_engines_minimal(struct json_object *result, FILE *out)
{
    show_first_fields(json_get_array(result, FIELD_ENGINES), out);
}

void
show_engine(struct json_object *engine, FILE *out)
{
    const char *version = json_text(engine, FIELD_VERSION);

    fprintf(out, "Engine %s is %s%s%s.\n", json_text(engine, FIELD_INSTANCE),
            json_text(engine, FIELD_ENGINE), version[0] ? " " : "", version);
}

void
show_engine_minimal(struct json_object *engine, FILE *out)
{
    fprintf(out, "%s\n", json_text(engine, FIELD_INSTANCE));
}
