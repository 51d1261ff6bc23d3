/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* host-memory-history: a line for each interval, or a picture. */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include <json-c/json.h>

#include "format.h"
#include "picture.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "show.h"
#include "table.h"
#include "util/units.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct table_column columns[] = {
    { { "", "time" }, false, 19, 19 },
    { { "", "total" }, true, 7, 20 },
    { { "", "free" }, true, 7, 20 },
    { { "", "reserved" }, true, 8, 20 },
    { { "", "dom0" }, true, 7, 20 },
    { { "domains", "hold" }, true, 7, 20 },
    { { "their", "targets" }, true, 7, 20 },
    { { "domains", "number" }, true, 7, 20 },
    { { "", "squeezing" }, false, 0, 9 },
};

static const char *const amounts[] = { FIELD_TOTAL,       FIELD_FREE,
                                       FIELD_RESERVED,    FIELD_DOM0,
                                       FIELD_DOMAINS_KIB, FIELD_TARGETS };

static void
add_row(struct table *t, struct json_object *row)
{
    char text[FORMAT_SIZE];

    table_add(t, format_time(text, json_text(row, FIELD_TIME), FORMAT_TO_S));
    for (size_t i = 0; i < LENGTH(amounts); i++)
        table_add(t, format_mib(text, json_get_number(row, amounts[i])));
    snprintf(text, sizeof(text), "%" PRIu64,
             json_get_number(row, FIELD_DOMAINS));
    table_add(t, text);
    table_add(t, json_get_bool(row, FIELD_IS_SQUEEZING) ? "yes" : "");
}

static void
show_rows(struct json_object *result, FILE *out)
{
    struct json_object *list = json_get_array(result, FIELD_HISTORY);
    struct table *t = table_new(columns, LENGTH(columns));

    for (size_t i = 0; t && list && i < json_object_array_length(list); i++)
        add_row(t, json_object_array_get_idx(list, i));
    if (t)
        table_print(t, out);
    table_free(t);
}

/* As RFC 4180 has it. */
static void
print_quoted(const char *name, const char *what, FILE *out)
{
    fputs(",\"", out);
    for (; *name; name++) {
        if (*name == '"')
            fputc('"', out);
        fputc(*name, out);
    }
    fprintf(out, " %s\"", what);
}

static void
print_cell(struct json_object *values, size_t i, FILE *out)
{
    struct json_object *value =
        values ? json_object_array_get_idx(values, i) : NULL;

    fputc(',', out);
    if (value)
        fprintf(out, "%" PRIu64,
                (uint64_t)json_object_get_int64(value) * BYTES_PER_KIB);
}

static void
print_row(struct json_object *row, FILE *out)
{
    fputs(json_text(row, FIELD_TIME), out);
    for (size_t j = 0; j < LENGTH(amounts); j++)
        fprintf(out, ",%" PRIu64,
                json_get_number(row, amounts[j]) * BYTES_PER_KIB);
    fprintf(out, ",%" PRIu64 ",%d", json_get_number(row, FIELD_DOMAINS),
            json_get_bool(row, FIELD_IS_SQUEEZING));
}

/* Two columns for each domain behind those of the host. */
static void
show_csv(struct json_object *result, FILE *out)
{
    struct json_object *list = json_get_array(result, FIELD_HISTORY);
    struct json_object *vms = json_get_array(result, FIELD_VMS);
    size_t n = vms ? json_object_array_length(vms) : 0;

    fputs("time,total,free,reserved,dom0,domains,targets,number,squeezing",
          out);
    for (size_t j = 0; j < n; j++) {
        const char *name =
            json_text(json_object_array_get_idx(vms, j), FIELD_NAME);

        print_quoted(name, "target", out);
        print_quoted(name, "actual", out);
    }
    fputc('\n', out);
    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        print_row(json_object_array_get_idx(list, i), out);
        for (size_t j = 0; j < n; j++) {
            struct json_object *vm = json_object_array_get_idx(vms, j);

            print_cell(json_get_array(vm, FIELD_TARGETS), i, out);
            print_cell(json_get_array(vm, FIELD_ACTUALS), i, out);
        }
        fputc('\n', out);
    }
}

void
show_memory_history(struct json_object *result, FILE *out)
{
    const char *format = json_text(result, FIELD_FORMAT);

    if (strcmp(format, "svg") == 0)
        picture_print(result, out);
    else if (strcmp(format, "csv") == 0)
        show_csv(result, out);
    else if (strcmp(format, "json") == 0)
        show_json(result, out);
    else
        show_rows(result, out);
}

/* One line per row, in bytes: what a spreadsheet or awk takes. */
void
show_memory_history_minimal(struct json_object *result, FILE *out)
{
    struct json_object *list = json_get_array(result, FIELD_HISTORY);

    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        print_row(json_object_array_get_idx(list, i), out);
        fputc('\n', out);
    }
}
