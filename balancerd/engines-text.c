/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Engines to JSON and back: paths and values are longer than a line of the
 * configuration may be. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "engines-text.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "util/text.h"

static struct json_object *
format_engine(const struct engine_kept *e)
{
    struct json_object *object = json_object_new_object();
    struct json_object *options;

    json_set_text(object, FIELD_INSTANCE, e->name);
    json_set_text(object, FIELD_ENGINE, e->spec.engine);
    options = json_set(object, FIELD_OPTIONS, json_object_new_object());
    for (size_t i = 0; i < e->spec.n_options; i++)
        json_set_text(options, e->spec.options[i].key,
                      e->spec.options[i].value);
    return object;
}

char *
engines_text_format(const struct engines_kept *kept)
{
    cleanup_json struct json_object *object = json_object_new_object();
    struct json_object *list;
    size_t length;

    json_set_number(object, FIELD_VERSION, ENGINES_TEXT_VERSION);
    list = json_set(object, FIELD_ENGINES, json_object_new_array());
    for (size_t i = 0; i < kept->n; i++)
        json_object_array_add(list, format_engine(&kept->list[i]));
    return json_line(object, &length);
}

static int
parse_options(struct json_object *object, struct conf_policy *spec,
              char error[CONF_ERROR_SIZE])
{
    struct json_object *options;

    if (!json_object_object_get_ex(object, FIELD_OPTIONS, &options) ||
        !json_object_is_type(options, json_type_object)) {
        snprintf(error, CONF_ERROR_SIZE, "an engine has no options");
        return -EINVAL;
    }
    json_object_object_foreach(options, key, value) {
        if (!json_object_is_type(value, json_type_string)) {
            snprintf(error, CONF_ERROR_SIZE, "an option is no text");
            return -EINVAL;
        }
        if (conf_policy_set(spec, key, json_object_get_string(value), error) <
            0)
            return -EINVAL;
    }
    return 0;
}

static bool
has_name(const struct engines_kept *kept, const char *name)
{
    for (size_t i = 0; i < kept->n; i++)
        if (strcmp(kept->list[i].name, name) == 0)
            return true;
    return false;
}

static int
parse_engine(struct json_object *object, struct engines_kept *ret,
             char error[CONF_ERROR_SIZE])
{
    struct engine_kept *e = &ret->list[ret->n];
    const char *name;

    if (!json_object_is_type(object, json_type_object)) {
        snprintf(error, CONF_ERROR_SIZE, "an engine is no object");
        return -EINVAL;
    }
    name = json_text(object, FIELD_INSTANCE);
    if (engine_check_name(name, error) < 0)
        return -EINVAL;
    if (has_name(ret, name)) {
        snprintf(error, CONF_ERROR_SIZE, "engine %s is there twice", name);
        return -EINVAL;
    }
    if (conf_policy_init(&e->spec, json_text(object, FIELD_ENGINE), error) <
            0 ||
        parse_options(object, &e->spec, error) < 0)
        return -EINVAL;
    snprintf(e->name, sizeof(e->name), "%s", name);
    ret->n++;
    return 0;
}

int
engines_text_parse(const char *text, size_t length, struct engines_kept *ret,
                   char error[CONF_ERROR_SIZE])
{
    cleanup_json struct json_object *object = json_parse(text, length);
    struct json_object *list;
    int r;

    ret->n = 0;
    snprintf(error, CONF_ERROR_SIZE, "it is cut short or damaged");
    if (!object || !json_object_is_type(object, json_type_object))
        return -EINVAL;
    r = json_check_version(object, ENGINES_TEXT_VERSION, error,
                           CONF_ERROR_SIZE);
    list = json_get_array(object, FIELD_ENGINES);
    if (r < 0)
        return r;
    if (!list || json_object_array_length(list) > ENGINES_MAX)
        return -EINVAL;
    for (size_t i = 0; r == 0 && i < json_object_array_length(list); i++)
        r = parse_engine(json_object_array_get_idx(list, i), ret, error);
    return r;
}
