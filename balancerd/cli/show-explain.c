/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vm-memory-explain: the target as an addition, then what else is known. */
#include <config.h>

#include <inttypes.h>

#include <json-c/json.h>

#include "format.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "show.h"
#include "util/units.h"

/* A term of the addition: its sign, its amount, what it is. */
static void
show_term(const char *sign, uint64_t kib, FILE *out)
{
    fprintf(out, "  %1s %11" PRIu64 " KiB %7" PRIu64 ".%" PRIu64 " MiB  ", sign,
            kib, kib / KIB_PER_MIB, kib % KIB_PER_MIB * 10 / KIB_PER_MIB);
}

static void
show_head(struct json_object *vm, FILE *out)
{
    char target[FORMAT_SIZE];
    char actual[FORMAT_SIZE];

    fprintf(out, "Domain %" PRIu64 " (%s) is %s: target %s, holds %s.\n",
            json_get_number(vm, FIELD_DOMID), json_text(vm, FIELD_NAME),
            json_text(vm, FIELD_STATE),
            format_kib(target, json_get_number(vm, FIELD_TARGET)),
            format_kib(actual, json_get_number(vm, FIELD_ACTUAL)));
}

/* The rule that had the last word, unless nobody plans for the domain. */
static const char *
last_word(struct json_object *vm)
{
    if (!json_get_bool(vm, FIELD_IS_MOVABLE))
        return json_text(vm, FIELD_REASON);
    return json_text(vm, FIELD_RULE);
}

static void
show_addition(struct json_object *vm, FILE *out)
{
    uint64_t min_kib = json_get_number(vm, FIELD_DYNAMIC_MIN);
    uint64_t max_kib = json_get_number(vm, FIELD_DYNAMIC_MAX);
    uint64_t target_kib = json_get_number(vm, FIELD_TARGET);
    uint64_t share = json_get_number(vm, FIELD_SHARE);
    char text[FORMAT_SIZE];

    show_term("", min_kib, out);
    fputs("dynamic-min\n", out);
    if (target_kib < min_kib) {
        show_term("-", min_kib - target_kib, out);
        fputs("below its range\n", out);
    } else if (min_kib == max_kib) {
        show_term("+", target_kib - min_kib, out);
        fputs("its dynamic range is one value\n", out);
    } else {
        show_term("+", target_kib - min_kib, out);
        fprintf(out,
                "%" PRIu64 ".%" PRIu64 " %% of the way to dynamic-max %s\n",
                share / 100, share / 10 % 10, format_kib(text, max_kib));
    }
    show_term("=", target_kib, out);
    fprintf(out, "target: %s\n", last_word(vm));
}

/* "name: amount", if the amount is known. */
static void
show_amount(struct json_object *vm, const char *member, const char *name,
            FILE *out)
{
    uint64_t kib = json_get_number(vm, member);
    char text[FORMAT_SIZE];

    if (kib != UINT64_MAX)
        fprintf(out, "%s: %s\n", name, format_kib(text, kib));
}

static void
show_plan(struct json_object *vm, FILE *out)
{
    const char *sentence = json_text(vm, FIELD_SENTENCE);
    char text[FORMAT_SIZE];

    if (json_get_number(vm, FIELD_WISH) != UINT64_MAX)
        fprintf(out, "last plan (%s, engine %s): %s%s%s\n",
                json_text(vm, FIELD_ENGINE), json_text(vm, FIELD_INSTANCE),
                format_kib(text, json_get_number(vm, FIELD_WISH)),
                sentence[0] ? ": " : "", sentence);
    show_amount(vm, FIELD_PIN, "pinned at", out);
    show_amount(vm, FIELD_LOWER, "lowest target now", out);
    show_amount(vm, FIELD_UPPER, "highest target now", out);
    show_amount(vm, FIELD_STATIC_MIN, "static-min", out);
    show_amount(vm, FIELD_STATIC_MAX, "static-max", out);
    show_amount(vm, FIELD_MAXMEM, "maxmem", out);
}

static void
show_learned(struct json_object *vm, const char *member, const char *for_member,
             const char *name, FILE *out)
{
    char amount[FORMAT_SIZE];
    char time[FORMAT_SIZE];

    if (json_get_number(vm, member) == UINT64_MAX)
        return;
    fprintf(out, "%s: %s, believed for %s more\n", name,
            format_kib(amount, json_get_number(vm, member)),
            format_ms(time, json_get_number(vm, for_member)));
}

static void
show_overhead(struct json_object *vm, FILE *out)
{
    char text[FORMAT_SIZE];

    if (json_get_number(vm, FIELD_PREDICTED) == UINT64_MAX)
        return;
    fprintf(out, "overhead: predicted %s",
            format_kib(text, json_get_number(vm, FIELD_PREDICTED)));
    if (json_get_number(vm, FIELD_LESSON) > 0)
        fprintf(out, ", others took %s more",
                format_kib(text, json_get_number(vm, FIELD_LESSON)));
    if (json_get_number(vm, FIELD_MEASURED) != UINT64_MAX)
        fprintf(out, ", measured %s",
                format_kib(text, json_get_number(vm, FIELD_MEASURED)));
    fputc('\n', out);
}

static void
show_history(struct json_object *vm, FILE *out)
{
    int64_t offset_kib = json_get_delta(vm, FIELD_OFFSET);
    char text[FORMAT_SIZE];

    if (json_get_bool(vm, FIELD_IS_CALIBRATED))
        fprintf(out, "offset: holds %" PRIu64 " KiB %s than its target\n",
                (uint64_t)(offset_kib < 0 ? -offset_kib : offset_kib),
                offset_kib < 0 ? "less" : "more");
    show_learned(vm, FIELD_LEARNED_FLOOR, FIELD_LEARNED_FLOOR_FOR,
                 "learned floor", out);
    show_learned(vm, FIELD_REGRET_FLOOR, FIELD_REGRET_FLOOR_FOR,
                 "floor, having thrashed with less", out);
    show_learned(vm, FIELD_LEARNED_CEILING, FIELD_LEARNED_CEILING_FOR,
                 "learned ceiling", out);
    fprintf(out, "target unchanged for: %s\n",
            format_ms(text, json_get_number(vm, FIELD_TARGET_SINCE)));
    fprintf(out, "memory unchanged for: %s\n",
            format_ms(text, json_get_number(vm, FIELD_LAST_MOVE)));
}

/* "name 1.5 %", if it is known. */
static void
show_part(struct json_object *vm, const char *member, const char *name,
          FILE *out)
{
    uint64_t part = json_get_number(vm, member);

    if (part != UINT64_MAX)
        fprintf(out, "; %s %" PRIu64 ".%" PRIu64 " %%", name, part / 100,
                part / 10 % 10);
}

/* What the host sees of its swap. */
static void
show_seen(struct json_object *vm, FILE *out)
{
    if (json_get_number(vm, FIELD_SEEN_IN) == UINT64_MAX)
        return;
    fprintf(out,
            "swap, seen from here: in %" PRIu64 " KiB/s, out %" PRIu64 " KiB/s",
            json_get_number(vm, FIELD_SEEN_IN),
            json_get_number(vm, FIELD_SEEN_OUT));
    show_part(vm, FIELD_SEEN_WAIT, "reads of it waited for", out);
    fputc('\n', out);
}

/* How it fares, and what the guest says itself. */
static void
show_agent(struct json_object *vm, FILE *out)
{
    struct json_object *memory = NULL;
    uint64_t swap_in = json_get_number(vm, FIELD_SWAP_IN);
    const char *agent = json_text(vm, FIELD_AGENT);
    char text[FORMAT_SIZE];
    uint64_t age_ms;

    json_object_object_get_ex(vm, FIELD_GUEST_MEMORY, &memory);
    age_ms = json_get_number(memory, FIELD_GUEST_AGE);
    fprintf(out, "state of its memory: %s\n", json_text(vm, FIELD_THRASH));
    fprintf(out, "agent in the guest: %s", agent);
    if (age_ms != UINT64_MAX)
        fprintf(out, ", heard %s ago", format_ms(text, age_ms));
    if (swap_in != UINT64_MAX)
        fprintf(out, "; swaps in %" PRIu64 " KiB/s", swap_in);
    show_part(vm, FIELD_STALL_SOME, "some of it stalled", out);
    show_part(vm, FIELD_STALL_FULL, "all of it", out);
    fputc('\n', out);
    show_seen(vm, out);
    show_amount(memory, FIELD_GUEST_FREE, "available, it says", out);
    show_amount(memory, FIELD_GUEST_SWAP_USED, "swapped out, it says", out);
}

/* The swap that balancerd has given it. */
static void
show_swap(struct json_object *vm, FILE *out)
{
    struct json_object *v = NULL;
    char text[FORMAT_SIZE];

    if (!json_object_object_get_ex(vm, FIELD_SWAP, &v))
        return;
    fprintf(out, "remote swap: %s, %s", json_text(v, FIELD_STATE),
            format_kib(text, json_get_number(v, FIELD_SWAP_SIZE)));
    if (json_get_number(v, FIELD_SWAP_USED) != UINT64_MAX)
        fprintf(out, ", used %s",
                format_kib(text, json_get_number(v, FIELD_SWAP_USED)));
    fprintf(out, "; %s\n", json_text(v, FIELD_SWAP_LEGS));
}

void
show_explanation(struct json_object *result, FILE *out)
{
    const char *range_error = json_text(result, FIELD_RANGE_ERROR);

    show_head(result, out);
    if (range_error[0])
        fprintf(out, "The range in xenstore is refused: %s.\n", range_error);
    if (json_get_bool(result, FIELD_HAS_RANGE))
        show_addition(result, out);
    else
        fputs("It has no dynamic range: nobody moves it.\n", out);
    show_plan(result, out);
    show_overhead(result, out);
    show_agent(result, out);
    show_swap(result, out);
    show_history(result, out);
}

void
show_explanation_minimal(struct json_object *result, FILE *out)
{
    fprintf(out, "%" PRIu64 "\n",
            json_get_number(result, FIELD_TARGET) * BYTES_PER_KIB);
}
