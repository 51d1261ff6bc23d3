/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a line of JSON to facts.  Parts of it are a guest's words. */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "proto/fields.h"
#include "proto/params.h"
#include "proto/request-json.h"
#include "swap-answer.h"
#include "util/text.h"
#include "util/units.h"

#define FAILED "failed"

static void
clear(struct swap_answer *a)
{
    a->code[0] = '\0';
    a->error[0] = '\0';
    a->needed_kib = HOST_UNSET;
    a->available_kib = HOST_UNSET;
    a->facts =
        (struct swap_facts){ .device_kib = HOST_UNSET, .used_kib = HOST_UNSET };
}

void
swap_answer_fail(struct swap_answer *ret, const char *code, const char *format,
                 ...)
{
    va_list args;

    clear(ret);
    snprintf(ret->code, sizeof(ret->code), "%s", code);
    va_start(args, format);
    vsnprintf(ret->error, sizeof(ret->error), format, args);
    va_end(args);
}

static void
copy(struct json_object *object, const char *member, char *to, size_t size)
{
    text_escape(to, size, json_text(object, member));
}

static void
read_legs(struct json_object *object, struct swap_facts *facts)
{
    struct json_object *legs = json_get_array(object, FIELD_SWAP_LEGS);

    for (size_t i = 0; legs && i < json_object_array_length(legs) &&
                       facts->n_legs < RSWAP_LEGS_MAX;
         i++) {
        struct json_object *leg = json_object_array_get_idx(legs, i);
        size_t n = facts->n_legs++;

        copy(leg, FIELD_RSWAP_LEG, facts->legs[n].name,
             sizeof(facts->legs[n].name));
        copy(leg, FIELD_RSWAP_STATE, facts->legs[n].state,
             sizeof(facts->legs[n].state));
        facts->is_damaged |= strcmp(facts->legs[n].state, FAILED) == 0;
    }
}

static void
read_facts(struct json_object *object, struct swap_facts *facts)
{
    uint64_t missing = json_get_number(object, FIELD_RSWAP_MISSING);

    facts->is_attached =
        strcmp(json_text(object, FIELD_RSWAP_STATE), "attached") == 0;
    copy(object, FIELD_SWAP_DEVICE, facts->vdev, sizeof(facts->vdev));
    copy(object, FIELD_RSWAP_DEVICE, facts->device, sizeof(facts->device));
    copy(object, FIELD_RSWAP_GUEST, facts->guest_state,
         sizeof(facts->guest_state));
    facts->device_kib = json_get_number(object, FIELD_RSWAP_SIZE);
    facts->used_kib = json_get_number(object, FIELD_RSWAP_USED);
    facts->sync_permyriad =
        min_u64(json_get_number(object, FIELD_SWAP_SYNC), PERMYRIAD);
    read_legs(object, facts);
    facts->is_damaged |= missing != UINT64_MAX && missing > 0;
}

static void
read_failure(struct json_object *object, struct swap_answer *ret)
{
    copy(object, FIELD_RSWAP_ERROR, ret->code, sizeof(ret->code));
    copy(object, FIELD_RSWAP_MESSAGE, ret->error, sizeof(ret->error));
    ret->needed_kib = json_get_number(object, FIELD_NEEDED);
    ret->available_kib = json_get_number(object, FIELD_AVAILABLE);
}

void
swap_answer_parse(const char *text, size_t length, struct swap_answer *ret)
{
    cleanup_json struct json_object *object = json_parse(text, length);

    clear(ret);
    if (!object || !json_object_is_type(object, json_type_object))
        swap_answer_fail(ret, "system", "rswap-attach gave no answer");
    else if (json_text(object, FIELD_RSWAP_ERROR)[0])
        read_failure(object, ret);
    else
        read_facts(object, &ret->facts);
}
