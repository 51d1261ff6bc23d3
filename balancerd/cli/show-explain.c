/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vm-memory-explain: the target as an addition, then what else is known. */
#include <config.h>

#include <inttypes.h>

#include <json-c/json.h>

#include "format.h"
#include "proto/fields.h"
#include "proto/params.h"
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

/* A line of it; what is nothing is left out. */
static void
show_change(uint64_t from_kib, uint64_t to_kib, const char *what, FILE *out)
{
    if (from_kib == to_kib)
        return;
    show_term(from_kib < to_kib ? "+" : "-", distance_u64(from_kib, to_kib),
              out);
    fprintf(out, "%s\n", what);
}

/* What rules made of its engine's wish, one after the other. */
static void
show_clips(struct json_object *vm, FILE *out)
{
    struct json_object *list = json_get_array(vm, FIELD_CLIPS);
    uint64_t kib = json_get_number(vm, FIELD_ENGINE_WISH);
    size_t n = list ? json_object_array_length(list) : 0;

    if (n == 0)
        return;
    show_term("=", kib, out);
    fputs("what its engine wishes\n", out);
    for (size_t i = 0; i < n; i++) {
        struct json_object *clip = json_object_array_get_idx(list, i);
        uint64_t then_kib = json_get_number(clip, FIELD_WISH);

        show_change(kib, then_kib, json_text(clip, FIELD_RULE), out);
        kib = then_kib;
    }
}

static void
show_share(struct json_object *vm, FILE *out)
{
    uint64_t min_kib = json_get_number(vm, FIELD_DYNAMIC_MIN);
    uint64_t lower_kib = json_get_number(vm, FIELD_LOWER);
    uint64_t wish_kib = json_get_number(vm, FIELD_ENGINE_WISH);
    const char *sentence = json_text(vm, FIELD_SENTENCE);

    show_term("", min_kib, out);
    fputs("dynamic-min\n", out);
    show_change(min_kib, lower_kib, json_text(vm, FIELD_LIMIT), out);
    show_term(wish_kib < lower_kib ? "-" : "+",
              distance_u64(wish_kib, lower_kib), out);
    fprintf(out, "share%s%s\n", sentence[0] ? ": " : "", sentence);
}

/* The target in force may be another one than what is planned now. */
static void
show_next(struct json_object *vm, FILE *out)
{
    uint64_t planned_kib = json_get_number(vm, FIELD_WISH);
    uint64_t next_kib = json_get_number(vm, FIELD_NEXT);
    uint64_t target_kib = json_get_number(vm, FIELD_TARGET);
    char text[FORMAT_SIZE];

    if (next_kib != planned_kib)
        fprintf(out, "To begin with %s is told: %s.\n",
                format_kib(text, next_kib),
                next_kib == target_kib ? "no change is made yet"
                                       : json_text(vm, FIELD_NEXT_RULE));
    if (next_kib != target_kib)
        fputs("The next look at the host changes the target.\n", out);
}

static void
show_addition(struct json_object *vm, FILE *out)
{
    uint64_t planned_kib = json_get_number(vm, FIELD_WISH);
    bool is_in_force = planned_kib == json_get_number(vm, FIELD_TARGET);
    uint64_t for_ms = json_get_number(vm, FIELD_RULE_FOR);
    char text[FORMAT_SIZE];

    show_share(vm, out);
    show_clips(vm, out);
    show_term("=", planned_kib, out);
    fprintf(out, "%s: %s", is_in_force ? "target" : "planned",
            json_text(vm, FIELD_RULE));
    if (for_ms != UINT64_MAX)
        fprintf(out, ", so for: %s", format_ms(text, for_ms));
    fputc('\n', out);
    show_next(vm, out);
}

/* Whose the target in force is, and since when. */
static void
show_decision(struct json_object *vm, FILE *out)
{
    struct json_object *event = NULL;
    char time[FORMAT_SIZE];

    if (json_get_number(vm, FIELD_TARGET) == UINT64_MAX)
        return;
    if (!json_object_object_get_ex(vm, FIELD_DECISION, &event)) {
        fputs("target set by: somebody else, or before balancerd began\n", out);
        return;
    }
    fprintf(out, "target set by: event %" PRIu64 " of %s: %s\n",
            json_get_number(event, FIELD_ID),
            format_time(time, json_text(event, FIELD_TIME), FORMAT_TO_S),
            json_text(event, FIELD_SENTENCE));
}

static void
show_shortage(struct json_object *vm, FILE *out)
{
    int64_t spare_kib = json_get_delta(vm, FIELD_SPARE_NOW);
    char text[FORMAT_SIZE];

    if (spare_kib < 0)
        fprintf(out, "memory is short by: %s; domains are squeezed\n",
                format_kib(text, (uint64_t)-spare_kib));
}

static void
show_changes(struct json_object *vm, FILE *out)
{
    struct json_object *list = json_get_array(vm, FIELD_CHANGES);
    size_t n = list ? json_object_array_length(list) : 0;

    for (size_t i = 0; i < n; i++)
        fprintf(out, "it changes when: %s\n",
                json_object_get_string(json_object_array_get_idx(list, i)));
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
    char text[FORMAT_SIZE];

    if (json_get_number(vm, FIELD_WISH) != UINT64_MAX)
        fprintf(out, "wish (%s, engine %s): %s\n", json_text(vm, FIELD_ENGINE),
                json_text(vm, FIELD_INSTANCE),
                format_kib(text, json_get_number(vm, FIELD_ENGINE_WISH)));
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
    if (!json_get_bool(result, FIELD_HAS_RANGE))
        fputs("It has no dynamic range: nobody moves it.\n", out);
    else if (json_get_number(result, FIELD_WISH) == UINT64_MAX)
        fprintf(out, "Nobody moves it: %s.\n", json_text(result, FIELD_REASON));
    else
        show_addition(result, out);
    show_decision(result, out);
    show_shortage(result, out);
    show_changes(result, out);
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
