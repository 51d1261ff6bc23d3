/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* host-memory-history: a line for each interval. */
#include <config.h>

#include <inttypes.h>

#include <json-c/json.h>

#include "format.h"
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

void
show_memory_history(struct json_object *result, FILE *out)
{
    struct json_object *list = json_get_array(result, FIELD_HISTORY);
    struct table *t = table_new(columns, LENGTH(columns));

    for (size_t i = 0; t && list && i < json_object_array_length(list); i++)
        add_row(t, json_object_array_get_idx(list, i));
    if (t)
        table_print(t, out);
    table_free(t);
}

/* One line per row, in bytes: what a spreadsheet or awk takes. */
void
show_memory_history_minimal(struct json_object *result, FILE *out)
{
    struct json_object *list = json_get_array(result, FIELD_HISTORY);

    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        struct json_object *row = json_object_array_get_idx(list, i);

        fputs(json_text(row, FIELD_TIME), out);
        for (size_t j = 0; j < LENGTH(amounts); j++)
            fprintf(out, ",%" PRIu64,
                    json_get_number(row, amounts[j]) * BYTES_PER_KIB);
        fprintf(out, ",%" PRIu64 ",%d\n", json_get_number(row, FIELD_DOMAINS),
                json_get_bool(row, FIELD_IS_SQUEEZING));
    }
}
