/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Units for people: MiB in tables, xe's bytes in records. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "format.h"
#include "util/text.h"
#include "util/units.h"

#define UNKNOWN "<unknown>"

/* Below this a second is too coarse. */
#define FINE_MS 10000

const char *
format_kib(char text[FORMAT_SIZE], uint64_t kib)
{
    if (kib == UINT64_MAX)
        snprintf(text, FORMAT_SIZE, "%s", UNKNOWN);
    else if (kib % KIB_PER_MIB == 0)
        snprintf(text, FORMAT_SIZE, "%" PRIu64 " MiB", kib / KIB_PER_MIB);
    else if (kib < KIB_PER_MIB)
        snprintf(text, FORMAT_SIZE, "%" PRIu64 " KiB", kib);
    else
        snprintf(text, FORMAT_SIZE,
                 "%" PRIu64 " KiB (%" PRIu64 ".%" PRIu64 " MiB)", kib,
                 kib / KIB_PER_MIB, kib % KIB_PER_MIB * 10 / KIB_PER_MIB);
    return text;
}

const char *
format_mib(char text[FORMAT_SIZE], uint64_t kib)
{
    if (kib == UINT64_MAX)
        snprintf(text, FORMAT_SIZE, "-");
    else
        snprintf(text, FORMAT_SIZE, "%" PRIu64,
                 sat_add(kib, KIB_PER_MIB / 2) / KIB_PER_MIB);
    return text;
}

const char *
format_ms(char text[FORMAT_SIZE], uint64_t ms)
{
    if (ms == UINT64_MAX)
        snprintf(text, FORMAT_SIZE, "%s", UNKNOWN);
    else if (ms < FINE_MS)
        snprintf(text, FORMAT_SIZE, "%" PRIu64 ".%" PRIu64 " s", ms / MS_PER_S,
                 ms / 100 % 10);
    else
        snprintf(text, FORMAT_SIZE, "%" PRIu64 " s", ms / MS_PER_S);
    return text;
}

const char *
format_time(char text[FORMAT_SIZE], const char *time, size_t length)
{
    char *t;

    snprintf(text, length + 1, "%s", time);
    t = strchr(text, 'T');
    if (t)
        *t = ' ';
    return text;
}

static bool
ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t end_length = strlen(end);

    return length > end_length && strcmp(text + length - end_length, end) == 0;
}

const char *
format_field_name(char text[FORMAT_SIZE], const char *member)
{
    char *c;

    snprintf(text, FORMAT_SIZE, "%s", member);
    if (ends_with(text, "_kib"))
        text[strlen(text) - strlen("_kib")] = '\0';
    if (ends_with(text, "_ms"))
        text[strlen(text) - strlen("_ms")] = '\0';
    for (c = text; *c; c++)
        if (*c == '_')
            *c = '-';
    return text;
}

static uint64_t
number(struct json_object *value)
{
    int64_t n = json_object_get_int64(value);

    return value && n >= 0 ? (uint64_t)n : UINT64_MAX;
}

/* xe's "free: 1024; total: 2048". */
static void
format_map(char text[FORMAT_SIZE], struct json_object *map)
{
    const char *separator = "";
    char name[FORMAT_SIZE];
    char shown[FORMAT_SIZE];

    text[0] = '\0';
    json_object_object_foreach(map, member, value) {
        text_append(text, FORMAT_SIZE, "%s%s: %s", separator,
                    format_field_name(name, member),
                    format_field(shown, member, value));
        separator = "; ";
    }
}

const char *
format_field(char text[FORMAT_SIZE], const char *member,
             struct json_object *value)
{
    if (!value)
        return ends_with(member, "_kib") ? UNKNOWN : "";
    if (ends_with(member, "_kib"))
        snprintf(text, FORMAT_SIZE, "%" PRIu64,
                 mul_div(number(value), BYTES_PER_KIB, 1));
    else if (ends_with(member, "_ms"))
        format_ms(text, number(value));
    else if (json_object_is_type(value, json_type_object))
        format_map(text, value);
    else
        return json_object_get_string(value);
    return text;
}

const char *
format_detail(char text[FORMAT_SIZE], const char *member,
              struct json_object *value)
{
    if (value && ends_with(member, "_kib"))
        return format_kib(text, number(value));
    return format_field(text, member, value);
}

void
format_escaped(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (*text == ',' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
}
