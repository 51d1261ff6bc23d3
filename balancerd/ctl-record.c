/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Field filters and params= of the verbs that list. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-record.h"
#include "ctl-verbs.h"
#include "proto/params.h"
#include "util/parse.h"
#include "util/text.h"
#include "util/units.h"

#define KIB_SUFFIX "_kib"
#define MS_SUFFIX  "_ms"

static bool
ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t end_length = strlen(end);

    return length > end_length && strcmp(text + length - end_length, end) == 0;
}

static bool
is_same_name(const char *member, const char *field, size_t length)
{
    size_t n = strlen(member);
    size_t i;

    if (ends_with(member, KIB_SUFFIX))
        n -= strlen(KIB_SUFFIX);
    else if (ends_with(member, MS_SUFFIX))
        n -= strlen(MS_SUFFIX);
    if (n != length)
        return false;
    for (i = 0; i < n; i++)
        if (field[i] != (member[i] == '_' ? '-' : member[i]))
            return false;
    return true;
}

static const char *
find_member(struct json_object *record, const char *field, size_t length)
{
    json_object_object_foreach(record, name, value) {
        (void)value;
        if (is_same_name(name, field, length))
            return name;
    }
    return NULL;
}

const char *
record_member(struct json_object *record, const char *field)
{
    return find_member(record, field, strlen(field));
}

static int
unknown_field(struct verb_call *call, const char *field, size_t length)
{
    char word[REQUEST_WORD_SIZE];
    char shown[2 * REQUEST_WORD_SIZE];

    snprintf(word, sizeof(word), "%.*s", (int)min_u64(length, sizeof(word) - 1),
             field);
    text_escape(shown, sizeof(shown), word);
    return verb_fail(call, REQUEST_INVALID_PARAMS, "Unknown field '%s'", shown);
}

static int
size_matches(struct verb_call *call, struct json_object *value,
             const char *field, const char *text, bool *ret_matches)
{
    char error[PARSE_ERROR_SIZE];
    uint64_t kib;

    if (parse_size_kib(text, &kib) < 0) {
        parse_size_error(error, field, text);
        return verb_fail(call, REQUEST_INVALID_PARAMS, "%s", error);
    }
    *ret_matches = value && (uint64_t)json_object_get_int64(value) == kib;
    return 0;
}

int
record_matches(struct verb_call *call, struct json_object *record,
               const char *field, const char *text, bool *ret_matches)
{
    const char *member = record_member(record, field);
    struct json_object *value;

    if (!member)
        return unknown_field(call, field, strlen(field));
    json_object_object_get_ex(record, member, &value);
    if (ends_with(member, KIB_SUFFIX))
        return size_matches(call, value, field, text, ret_matches);
    *ret_matches = value && strcmp(json_object_get_string(value), text) == 0;
    return 0;
}

int
record_is_wanted(struct verb_call *call, struct json_object *record, bool *ret)
{
    int r;

    *ret = true;
    json_object_object_foreach(call->params, key, value) {
        if (strcmp(key, PARAM_PARAMS) == 0 || !*ret)
            continue;
        r = record_matches(call, record, key, json_object_get_string(value),
                           ret);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Is member among the comma-separated fields? */
static bool
is_listed(const char *member, const char *fields)
{
    size_t length;

    for (; *fields; fields += length + (fields[length] == ',')) {
        length = strcspn(fields, ",");
        if (is_same_name(member, fields, length))
            return true;
    }
    return false;
}

static int
check_fields(struct verb_call *call, struct json_object *record,
             const char *fields)
{
    size_t length;

    for (; *fields; fields += length + (fields[length] == ',')) {
        length = strcspn(fields, ",");
        if (!find_member(record, fields, length))
            return unknown_field(call, fields, length);
    }
    return 0;
}

/* json-c forbids removing while iterating: a new object takes its place. */
static struct json_object *
cut(struct json_object *record, const char *fields)
{
    struct json_object *kept = json_object_new_object();

    json_object_object_foreach(record, name, value) {
        if (is_listed(name, fields))
            json_set(kept, name, json_object_get(value));
    }
    return kept;
}

int
records_cut(struct verb_call *call, struct json_object *list,
            const char *defaults)
{
    const char *fields = verb_param(call, PARAM_PARAMS);
    size_t n = json_object_array_length(list);
    size_t i;
    int r;

    if (!fields)
        fields = defaults;
    if (!fields || strcmp(fields, "all") == 0 || n == 0)
        return 0;
    r = check_fields(call, json_object_array_get_idx(list, 0), fields);
    if (r < 0)
        return r;
    for (i = 0; i < n; i++)
        json_object_array_put_idx(list, i,
                                  cut(json_object_array_get_idx(list, i),
                                      fields));
    return 0;
}

/* Does every field that the client named have the value it named? */
static int
is_wanted(struct verb_call *call, struct json_object *record, bool *ret)
{
    int r;

    *ret = true;
    json_object_object_foreach(call->params, key, value) {
        if (strcmp(key, PARAM_PARAMS) == 0 || !*ret)
            continue;
        r = record_matches(call, record, key, json_object_get_string(value),
                           ret);
        if (r < 0)
            return r;
    }
    return 0;
}

int
records_select(struct verb_call *call, struct json_object *all,
               struct json_object *list)
{
    size_t i;

    for (i = 0; i < json_object_array_length(all); i++) {
        struct json_object *record = json_object_array_get_idx(all, i);
        bool is_one = false;
        int r = is_wanted(call, record, &is_one);

        if (r < 0)
            return r;
        if (is_one)
            json_object_array_add(list, json_object_get(record));
    }
    return records_cut(call, list, NULL);
}

int
record_refuse_uuid(struct verb_call *call, const char *class)
{
    verb_fail(call, REQUEST_UUID_INVALID, "The uuid you supplied was invalid.");
    verb_detail_text(call, "type", class);
    verb_detail_text(call, PARAM_UUID, verb_param(call, PARAM_UUID));
    return -EINVAL;
}

int
record_refuse_field(struct verb_call *call, const char *field)
{
    return verb_fail(call, REQUEST_INVALID_PARAMS, "Field '%s' is read-only.",
                     field);
}
