/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* host-memory-plan and what-if: a line for each domain, then a sum. */
#include <config.h>

#include <inttypes.h>

#include <json-c/json.h>

#include "format.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "proto/request-json.h"
#include "show.h"
#include "table.h"
#include "util/units.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
/* format_ms has tenths of a second. */
#define SHOWN_LEAST_MS 100u

static const struct table_column plan_columns[] = {
    { { "", "domid" }, true, 5, 10 },      { { "", "name" }, false, 12, 16 },
    { { "", "holds" }, true, 6, 20 },      { { "target", "now" }, true, 6, 20 },
    { { "target", "next" }, true, 6, 20 }, { { "", "then" }, true, 6, 20 },
    { { "", "rule" }, false, 0, 44 },
};

static const struct table_column gift_columns[] = {
    { { "", "domid" }, true, 5, 10 },
    { { "", "name" }, false, 12, 16 },
    { { "holds", "MiB" }, true, 6, 20 },
    { { "gives", "MiB" }, true, 6, 20 },
    { { "keeps", "MiB" }, true, 6, 20 },
    { { "in", "s" }, true, 5, 20 },
    { { "could", "give" }, true, 6, 20 },
    { { "", "what keeps it from giving more" }, false, 0, 40 },
};

static void
add_domid(struct table *t, struct json_object *vm)
{
    char text[FORMAT_SIZE];

    snprintf(text, sizeof(text), "%" PRIu64, json_get_number(vm, FIELD_DOMID));
    table_add(t, text);
}

static void
add_mib(struct table *t, uint64_t kib)
{
    char text[FORMAT_SIZE];

    table_add(t, format_mib(text, kib));
}

/* Why the next target, or why there is no other. */
static const char *
rule_of(struct json_object *vm)
{
    const char *rule = json_text(vm, FIELD_NEXT_RULE);

    if (rule[0])
        return rule;
    if (json_get_number(vm, FIELD_WISH) == UINT64_MAX)
        return json_text(vm, FIELD_REASON);
    return json_text(vm, FIELD_RULE);
}

/* true: its target would change. */
static bool
add_plan(struct table *t, struct json_object *vm)
{
    uint64_t target_kib = json_get_number(vm, FIELD_TARGET);
    uint64_t next_kib = json_get_number(vm, FIELD_NEXT);
    uint64_t then_kib = json_get_number(vm, FIELD_WISH);

    add_domid(t, vm);
    table_add(t, json_text(vm, FIELD_NAME));
    add_mib(t, json_get_number(vm, FIELD_ACTUAL));
    add_mib(t, target_kib);
    add_mib(t, next_kib);
    add_mib(t, then_kib == UINT64_MAX ? next_kib : then_kib);
    table_add(t, rule_of(vm));
    return next_kib != target_kib;
}

static void
show_term(const char *sign, int64_t kib, const char *what, FILE *out)
{
    uint64_t amount_kib = kib < 0 ? (uint64_t)-kib : (uint64_t)kib;

    fprintf(out, "  %1s %11" PRId64 " KiB %7s%" PRIu64 ".%" PRIu64 " MiB  %s\n",
            sign, kib, kib < 0 ? "-" : "", amount_kib / KIB_PER_MIB,
            amount_kib % KIB_PER_MIB * 10 / KIB_PER_MIB, what);
}

static void
show_part(struct json_object *host, const char *member, const char *sign,
          const char *what, FILE *out)
{
    show_term(sign, json_get_delta(host, member), what, out);
}

/* The arithmetic of free memory, now and when domains have followed. */
static void
show_sum(struct json_object *host, FILE *out)
{
    bool is_short = json_get_bool(host, FIELD_IS_SQUEEZING);
    uint64_t waiting_kib = json_get_number(host, FIELD_WAITING_KIB);
    char text[FORMAT_SIZE];

    show_part(host, FIELD_HOST_FREE, "", "free now", out);
    show_part(host, FIELD_HOST_RESERVE, "-", "kept for the host", out);
    show_part(host, FIELD_PROMISED, "-", "reservations not taken up", out);
    show_part(host, FIELD_COMMITTED, "-", "what domains may take up", out);
    show_part(host, FIELD_SPARE_NOW, "=",
              is_short ? "spare: domains are squeezed" : "spare", out);
    show_part(host, FIELD_GIVEN, "+", "given by domains", out);
    show_part(host, FIELD_TAKEN, "-", "taken by domains", out);
    show_part(host, FIELD_SPARE_THEN, "=", "spare when they have followed",
              out);
    if (waiting_kib > 0)
        fprintf(out, "%s of growth wait until others have given.\n",
                format_kib(text, waiting_kib));
}

void
show_memory_plan(struct json_object *result, FILE *out)
{
    struct json_object *list = json_get_array(result, FIELD_VMS);
    struct table *t = table_new(plan_columns, LENGTH(plan_columns));
    struct json_object *host = NULL;
    size_t n_changes = 0;

    for (size_t i = 0; t && list && i < json_object_array_length(list); i++)
        n_changes += add_plan(t, json_object_array_get_idx(list, i));
    if (t)
        table_print(t, out);
    table_free(t);
    if (n_changes == 0)
        fputs("No target would change.\n", out);
    fputc('\n', out);
    if (json_object_object_get_ex(result, FIELD_HOST, &host))
        show_sum(host, out);
}

static uint64_t
in_bytes(uint64_t kib)
{
    return kib == UINT64_MAX ? 0 : kib * BYTES_PER_KIB;
}

/* Those that would change: domid, target, next target. */
void
show_memory_plan_minimal(struct json_object *result, FILE *out)
{
    struct json_object *list = json_get_array(result, FIELD_VMS);

    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        struct json_object *vm = json_object_array_get_idx(list, i);
        uint64_t target_kib = json_get_number(vm, FIELD_TARGET);
        uint64_t next_kib = json_get_number(vm, FIELD_NEXT);

        if (target_kib != next_kib)
            fprintf(out, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n",
                    json_get_number(vm, FIELD_DOMID), in_bytes(target_kib),
                    in_bytes(next_kib));
    }
}

static void
add_seconds(struct table *t, uint64_t ms)
{
    char text[FORMAT_SIZE];

    snprintf(text, sizeof(text), "%" PRIu64 ".%" PRIu64, ms / MS_PER_S,
             ms % MS_PER_S / 100);
    table_add(t, text);
}

static void
add_gift(struct table *t, struct json_object *vm)
{
    uint64_t gives_kib = json_get_number(vm, FIELD_GIVES);

    add_domid(t, vm);
    table_add(t, json_text(vm, FIELD_NAME));
    add_mib(t, json_get_number(vm, FIELD_HELD));
    add_mib(t, gives_kib);
    add_mib(t, json_get_number(vm, FIELD_KEEPS));
    if (gives_kib > 0)
        add_seconds(t, json_get_number(vm, FIELD_READY_IN));
    else
        table_add(t, "-");
    add_mib(t, json_get_number(vm, FIELD_GIVE));
    table_add(t, json_text(vm, FIELD_LIMIT));
}

static void
show_amount(struct json_object *result, const char *name, const char *member,
            FILE *out)
{
    char text[FORMAT_SIZE];

    fprintf(out, "%s: %s\n", name,
            format_kib(text, json_get_number(result, member)));
}

/* The numbers are those of a refusal. */
static void
show_promise(struct json_object *result, FILE *out)
{
    uint64_t ready_ms = json_get_number(result, FIELD_READY_IN);
    char text[FORMAT_SIZE];

    fprintf(out, "%s can be had, ",
            format_kib(text, json_get_number(result, FIELD_NEEDED)));
    if (ready_ms == 0)
        fputs("at once", out);
    else if (ready_ms < SHOWN_LEAST_MS)
        fputs("in less than 0.1 s", out);
    else
        fprintf(out, "in about %s", format_ms(text, ready_ms));
    fprintf(out, "%s.\n",
            json_get_bool(result, FIELD_IS_GUESS)
                ? "; not everyone who would give has ever been timed"
                : "");
    show_amount(result, "needed", FIELD_NEEDED, out);
    show_amount(result, "available", FIELD_AVAILABLE, out);
    show_amount(result, "free-now", FIELD_SPARE, out);
    fputc('\n', out);
}

void
show_what_if(struct json_object *result, FILE *out)
{
    struct json_object *list = json_get_array(result, FIELD_CONTRIBUTIONS);
    struct table *t = table_new(gift_columns, LENGTH(gift_columns));

    show_promise(result, out);
    for (size_t i = 0; t && list && i < json_object_array_length(list); i++)
        add_gift(t, json_object_array_get_idx(list, i));
    if (t)
        table_print(t, out);
    table_free(t);
}

/* In how many milliseconds it would be there. */
void
show_what_if_minimal(struct json_object *result, FILE *out)
{
    fprintf(out, "%" PRIu64 "\n", json_get_number(result, FIELD_READY_IN));
}
