/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists in the shape of xe's: records for people, commas for scripts. */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include <json-c/json.h>

#include "format.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "show.h"

/* xe indents the second field by at least this much. */
#define INDENT 4

/* Fields that vm-param-set can change; and maps. */
static const char *
access_mark(const char *member, struct json_object *value)
{
    if (json_object_is_type(value, json_type_object))
        return " (MRO)";
    if (strcmp(member, FIELD_STATIC_MIN) == 0 ||
        strcmp(member, FIELD_DYNAMIC_MIN) == 0 ||
        strcmp(member, FIELD_DYNAMIC_MAX) == 0 ||
        strcmp(member, FIELD_STATIC_MAX) == 0)
        return " ( RW)";
    return " ( RO)";
}

static size_t
label(char text[2 * FORMAT_SIZE], const char *member, struct json_object *value)
{
    char name[FORMAT_SIZE];

    return (size_t)snprintf(text, 2 * FORMAT_SIZE, "%s%s",
                            format_field_name(name, member),
                            access_mark(member, value));
}

static size_t
label_width(struct json_object *record)
{
    char text[2 * FORMAT_SIZE];
    size_t width = 0;

    json_object_object_foreach(record, member, value) {
        size_t length = label(text, member, value);

        width = length > width ? length : width;
    }
    return width + INDENT;
}

/* The first label stands left, the others right. */
static void
show_record(struct json_object *record, FILE *out)
{
    int width = (int)label_width(record);
    int first_width = -width;
    char text[2 * FORMAT_SIZE];
    char shown[FORMAT_SIZE];

    json_object_object_foreach(record, member, value) {
        label(text, member, value);
        fprintf(out, "%*s: %s\n", first_width, text,
                format_field(shown, member, value));
        first_width = width;
    }
}

void
show_record_list(struct json_object *list, FILE *out)
{
    size_t i;

    for (i = 0; i < json_object_array_length(list); i++) {
        if (i > 0)
            fputc('\n', out);
        show_record(json_object_array_get_idx(list, i), out);
    }
}

/* The first field that was asked for. */
void
show_first_fields(struct json_object *list, FILE *out)
{
    char shown[FORMAT_SIZE];
    size_t i;

    for (i = 0; i < json_object_array_length(list); i++) {
        if (i > 0)
            fputc(',', out);
        json_object_object_foreach(json_object_array_get_idx(list, i), member,
                                   value) {
            format_escaped(format_field(shown, member, value), out);
            break;
        }
    }
    fputc('\n', out);
}

/* A result that is a list has one member. */
static struct json_object *
only_member(struct json_object *result)
{
    struct json_object *found = NULL;

    json_object_object_foreach(result, name, value) {
        (void)name;
        found = value;
    }
    return found;
}

void
show_list(struct json_object *result, FILE *out)
{
    show_record_list(only_member(result), out);
}

void
show_list_minimal(struct json_object *result, FILE *out)
{
    show_first_fields(only_member(result), out);
}

void
show_field(struct json_object *result, FILE *out)
{
    char shown[FORMAT_SIZE];

    json_object_object_foreach(result, member, value) {
        fprintf(out, "%s\n", format_field(shown, member, value));
    }
}

void
show_field_minimal(struct json_object *result, FILE *out)
{
    char shown[FORMAT_SIZE];

    json_object_object_foreach(result, member, value) {
        format_escaped(format_field(shown, member, value), out);
        fputc('\n', out);
    }
}

void
show_reservation_id(struct json_object *result, FILE *out)
{
    const char *id = json_get_text(result, FIELD_ID);

    fprintf(out, "%s\n", id ? id : "");
}

void
show_freed(struct json_object *result, FILE *out)
{
    char memory[FORMAT_SIZE];
    char time[FORMAT_SIZE];

    fprintf(out,
            "%s are free and kept for the next domain, for %s (reservation "
            "%s).\n",
            format_kib(memory, json_get_number(result, FIELD_MEMORY)),
            format_ms(time, json_get_number(result, FIELD_EXPIRES_IN)),
            json_text(result, FIELD_ID));
}

void
show_status(struct json_object *result, FILE *out)
{
    char name[FORMAT_SIZE];
    char shown[FORMAT_SIZE];

    json_object_object_foreach(result, member, value) {
        fprintf(out, "%-16s: %s\n", format_field_name(name, member),
                format_field(shown, member, value));
    }
}

void
show_status_minimal(struct json_object *result, FILE *out)
{
    const char *version = json_get_text(result, FIELD_VERSION);

    fprintf(out, "%s\n", version ? version : "");
}

void
show_start(struct json_object *result, FILE *out)
{
    const char *name = json_get_text(result, FIELD_NAME);
    char text[FORMAT_SIZE];

    fprintf(out, "Domain %" PRIu64 " (%s) is started; it needed %s.\n",
            json_get_number(result, FIELD_DOMID), name ? name : "",
            format_kib(text, json_get_number(result, FIELD_MEMORY)));
}

void
show_start_minimal(struct json_object *result, FILE *out)
{
    fprintf(out, "%" PRIu64 "\n", json_get_number(result, FIELD_DOMID));
}
