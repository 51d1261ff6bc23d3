/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A thin layer over json-c: strict in, harmless out. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "proto/fields.h"
#include "proto/request-json.h"
#include "util/cleanup.h"
#include "util/text.h"

/* A request is params in an object; an answer has lists of records. */
#define DEPTH_MAX 16
/* Longer texts are cut; the longest that is sent is an error message. */
#define TEXT_SIZE 4096

void
json_unref(struct json_object **object)
{
    json_object_put(*object);
}

static bool has_nul(struct json_object *value);

static bool
object_has_nul(struct json_object *object)
{
    struct json_object_iterator i = json_object_iter_begin(object);
    struct json_object_iterator end = json_object_iter_end(object);

    for (; !json_object_iter_equal(&i, &end); json_object_iter_next(&i))
        if (has_nul(json_object_iter_peek_value(&i)))
            return true;
    return false;
}

/* A string that C would see shorter than its sender. */
static bool
has_nul(struct json_object *value)
{
    size_t i;

    if (json_object_is_type(value, json_type_object))
        return object_has_nul(value);
    if (json_object_is_type(value, json_type_string))
        return strlen(json_object_get_string(value)) !=
               (size_t)json_object_get_string_len(value);
    if (json_object_is_type(value, json_type_array))
        for (i = 0; i < (size_t)json_object_array_length(value); i++)
            if (has_nul(json_object_array_get_idx(value, i)))
                return true;
    return false;
}

/* Is there nothing but white space behind the value? */
static bool
is_at_end(const char *text, size_t length, size_t i)
{
    while (i < length && strchr(" \t\r\n", text[i]) && text[i])
        i++;
    return i == length;
}

struct json_object *
json_parse(const char *text, size_t length)
{
    struct json_tokener *tokener;
    struct json_object *value;
    bool is_whole;

    if (length > INT_MAX)
        return NULL;
    tokener = json_tokener_new_ex(DEPTH_MAX);
    if (!tokener)
        return NULL;
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    value = json_tokener_parse_ex(tokener, text, (int)length);
    /* A bare number at the very end might go on, for all json-c knows: such
     * a value is none of ours. */
    is_whole = json_tokener_get_error(tokener) == json_tokener_success &&
               is_at_end(text, length, (size_t)tokener->char_offset);
    json_tokener_free(tokener);
    if (!is_whole || has_nul(value)) {
        json_object_put(value);
        return NULL;
    }
    return value;
}

char *
json_line(struct json_object *object, size_t *ret_length)
{
    const char *text =
        json_object_to_json_string_ext(object,
                                       JSON_C_TO_STRING_PLAIN |
                                           JSON_C_TO_STRING_NOSLASHESCAPE);
    size_t length = text ? strlen(text) : 0;
    char *line = text ? malloc(length + 2) : NULL;

    if (!line)
        return NULL;
    memcpy(line, text, length);
    memcpy(line + length, "\n", 2);
    *ret_length = length + 1;
    return line;
}

struct json_object *
json_set(struct json_object *object, const char *key, struct json_object *value)
{
    json_object_object_add(object, key, value);
    return value;
}

void
json_set_number(struct json_object *object, const char *key, uint64_t value)
{
    json_set(object, key,
             value > INT64_MAX ? NULL : json_object_new_int64((int64_t)value));
}

void
json_set_delta(struct json_object *object, const char *key, int64_t value)
{
    json_set(object, key, json_object_new_int64(value));
}

void
json_set_text(struct json_object *object, const char *key, const char *text)
{
    char printable[TEXT_SIZE];

    if (text)
        text_escape(printable, sizeof(printable), text);
    json_set(object, key, text ? json_object_new_string(printable) : NULL);
}

void
json_set_bool(struct json_object *object, const char *key, bool value)
{
    json_set(object, key, json_object_new_boolean(value));
}

static struct json_object *
member(struct json_object *object, const char *key, enum json_type type)
{
    struct json_object *value;

    if (!json_object_is_type(object, json_type_object) ||
        !json_object_object_get_ex(object, key, &value) ||
        !json_object_is_type(value, type))
        return NULL;
    return value;
}

const char *
json_get_text(struct json_object *object, const char *key)
{
    struct json_object *value = member(object, key, json_type_string);

    return value ? json_object_get_string(value) : NULL;
}

const char *
json_text(struct json_object *object, const char *key)
{
    const char *text = json_get_text(object, key);

    return text ? text : "";
}

struct json_object *
json_get_array(struct json_object *object, const char *key)
{
    return member(object, key, json_type_array);
}

int64_t
json_get_delta(struct json_object *object, const char *key)
{
    struct json_object *value = member(object, key, json_type_int);

    return value ? json_object_get_int64(value) : 0;
}

uint64_t
json_get_number(struct json_object *object, const char *key)
{
    struct json_object *value = member(object, key, json_type_int);
    int64_t number = value ? json_object_get_int64(value) : -1;

    return number < 0 ? UINT64_MAX : (uint64_t)number;
}

bool
json_get_bool(struct json_object *object, const char *key)
{
    struct json_object *value = member(object, key, json_type_boolean);

    return value && json_object_get_boolean(value);
}

int
json_check_version(struct json_object *object, uint64_t known, char *error,
                   size_t size)
{
    uint64_t version = json_get_number(object, FIELD_VERSION);

    if (version == known)
        return 0;
    if (version == 0 || version == UINT64_MAX)
        return -EINVAL;
    snprintf(error, size,
             "it has version %" PRIu64 ", and this balancerd knows version "
             "%" PRIu64 " only",
             version, known);
    return -ENOTSUP;
}
