/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* host-memory-show: where the memory is, and who should have how much. */
#include <config.h>

#include <inttypes.h>

#include <json-c/json.h>

#include "format.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "show.h"
#include "table.h"
#include "util/units.h"

#define N_COLUMNS(columns) (sizeof(columns) / sizeof((columns)[0]))

/* The sum and its parts, in the order in which they are added up. */
static const char *const parts[] = { FIELD_TOTAL,    FIELD_XEN,
                                     FIELD_DOM0,     FIELD_DOMAINS_KIB,
                                     FIELD_RESERVED, FIELD_FREE };

static const struct table_column account_columns[] = {
    { { "", "host" }, false, 4, 20 },
    { { "", "total =" }, true, 10, 20 },
    { { "", "Xen +" }, true, 10, 20 },
    { { "", "dom0 +" }, true, 10, 20 },
    { { "", "domains +" }, true, 10, 20 },
    { { "", "reserved +" }, true, 10, 20 },
    { { "", "free" }, true, 10, 20 },
};

static const struct table_column vm_columns[] = {
    { { "", "domid" }, true, 5, 10 },
    { { "", "name" }, false, 12, 16 },
    { { "", "state" }, false, 10, 10 },
    { { "static", "min" }, true, 6, 20 },
    { { "dynamic", "min" }, true, 7, 20 },
    { { "", "target" }, true, 6, 20 },
    { { "", "actual" }, true, 6, 20 },
    { { "dynamic", "max" }, true, 7, 20 },
    { { "static", "max" }, true, 6, 20 },
    { { "", "reason" }, false, 0, 20 },
};

static const char *const vm_numbers[] = { FIELD_STATIC_MIN,  FIELD_DYNAMIC_MIN,
                                          FIELD_TARGET,      FIELD_ACTUAL,
                                          FIELD_DYNAMIC_MAX, FIELD_STATIC_MAX };

static const struct table_column reservation_columns[] = {
    { { "", "reservation" }, false, 36, 36 },
    { { "", "state" }, false, 8, 10 },
    { { "", "owner" }, false, 12, 20 },
    { { "", "MiB" }, true, 6, 20 },
    { { "not yet", "taken up" }, true, 8, 20 },
    { { "", "domid" }, true, 5, 10 },
    { { "", "expires" }, true, 7, 20 },
};

static void
add_text(struct table *t, struct json_object *record, const char *member)
{
    const char *text = json_get_text(record, member);

    table_add(t, text ? text : "");
}

static void
add_kib(struct table *t, uint64_t kib)
{
    char text[FORMAT_SIZE];

    snprintf(text, sizeof(text), "%" PRIu64, kib);
    table_add(t, text);
}

static void
add_mib(struct table *t, struct json_object *record, const char *member)
{
    char text[FORMAT_SIZE];

    table_add(t, format_mib(text, json_get_number(record, member)));
}

static void
add_domid(struct table *t, struct json_object *record)
{
    uint64_t domid = json_get_number(record, FIELD_DOMID);

    if (domid == UINT64_MAX)
        table_add(t, "-");
    else
        add_kib(t, domid);
}

static void
finish(struct table *t, FILE *out)
{
    table_print(t, out);
    table_free(t);
}

/* KiB, because there the sum is exact, and MiB. */
static void
show_account(struct json_object *host, FILE *out)
{
    struct table *t = table_new(account_columns, N_COLUMNS(account_columns));
    size_t i;

    if (!t)
        return;
    table_add(t, "KiB");
    for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        add_kib(t, json_get_number(host, parts[i]));
    table_add(t, "MiB");
    for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        add_mib(t, host, parts[i]);
    finish(t, out);
    if (json_get_number(host, FIELD_SUM) != json_get_number(host, FIELD_TOTAL))
        fprintf(out, "The parts add up to %" PRIu64 " KiB: please report.\n",
                json_get_number(host, FIELD_SUM));
}

/* What reserved is made of, and whether all of it is there. */
static void
show_promises(struct json_object *host, FILE *out)
{
    uint64_t promised_kib = json_get_number(host, FIELD_PROMISED);
    uint64_t reserve_kib = json_get_number(host, FIELD_HOST_RESERVE);
    uint64_t missing_kib = sat_sub(sat_add(promised_kib, reserve_kib),
                                   json_get_number(host, FIELD_RESERVED));
    char a[FORMAT_SIZE];
    char b[FORMAT_SIZE];

    fprintf(out,
            "To be kept free: %s MiB for the host, %s MiB for "
            "reservations",
            format_mib(a, reserve_kib), format_mib(b, promised_kib));
    if (missing_kib > 0)
        fprintf(out, "; %s MiB of it missing", format_mib(a, missing_kib));
    fputs(".\n", out);
}

static void
show_vm_table(struct json_object *list, FILE *out)
{
    struct table *t = table_new(vm_columns, N_COLUMNS(vm_columns));
    size_t i, j;

    for (i = 0; t && list && i < json_object_array_length(list); i++) {
        struct json_object *vm = json_object_array_get_idx(list, i);

        add_domid(t, vm);
        add_text(t, vm, FIELD_NAME);
        add_text(t, vm, FIELD_STATE);
        for (j = 0; j < sizeof(vm_numbers) / sizeof(vm_numbers[0]); j++)
            add_mib(t, vm, vm_numbers[j]);
        add_text(t, vm, FIELD_REASON);
    }
    if (t)
        finish(t, out);
}

static void
show_reservation_table(struct json_object *list, FILE *out)
{
    struct table *t =
        table_new(reservation_columns, N_COLUMNS(reservation_columns));
    char text[FORMAT_SIZE];
    size_t i;

    for (i = 0; t && i < json_object_array_length(list); i++) {
        struct json_object *r = json_object_array_get_idx(list, i);

        add_text(t, r, FIELD_ID);
        add_text(t, r, FIELD_STATE);
        add_text(t, r, FIELD_OWNER);
        add_mib(t, r, FIELD_MEMORY);
        add_mib(t, r, FIELD_LEFT);
        add_domid(t, r);
        table_add(t, format_ms(text, json_get_number(r, FIELD_EXPIRES_IN)));
    }
    if (t)
        finish(t, out);
}

void
show_host(struct json_object *result, FILE *out)
{
    struct json_object *list = json_get_array(result, FIELD_RESERVATIONS);
    struct json_object *host = NULL;

    json_object_object_get_ex(result, FIELD_HOST, &host);
    show_account(host, out);
    show_promises(host, out);
    fputc('\n', out);
    show_vm_table(json_get_array(result, FIELD_VMS), out);
    if (list && json_object_array_length(list) > 0) {
        fputc('\n', out);
        show_reservation_table(list, out);
    }
}

void
show_host_minimal(struct json_object *result, FILE *out)
{
    struct json_object *host = NULL;

    json_object_object_get_ex(result, FIELD_HOST, &host);
    fprintf(out, "%" PRIu64 "\n",
            json_get_number(host, FIELD_FREE) * BYTES_PER_KIB);
}
