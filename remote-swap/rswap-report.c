/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts answers together; rswap-attach(8) has the members. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/swap-header.h"
#include "rswap-report.h"

#define PATH_SIZE 64

static void
add(struct json_object *object, const char *key, struct json_object *value)
{
    json_object_object_add(object, key, value);
}

/* NULL and empty texts are null. */
static void
add_text(struct json_object *object, const char *key, const char *text)
{
    add(object, key, text && text[0] ? json_object_new_string(text) : NULL);
}

static void
add_number(struct json_object *object, const char *key, uint64_t number)
{
    add(object, key, json_object_new_int64((int64_t)number));
}

static void
add_device(struct json_object *object, const char *device)
{
    char path[PATH_SIZE];

    snprintf(path, sizeof(path), "/dev/%s", device);
    add_text(object, "device", device[0] ? path : NULL);
}

static const char *
leg_state_text(enum rswap_leg_state state)
{
    switch (state) {
    case RSWAP_LEG_UNUSED:
        return "unused";
    case RSWAP_LEG_IN_SYNC:
        return "in-sync";
    case RSWAP_LEG_SYNCING:
        return "syncing";
    case RSWAP_LEG_FAILED:
        return "failed";
    }
    return NULL;
}

static struct json_object *
report_legs(const struct rswap_volume *v)
{
    struct json_object *legs = json_object_new_array();

    for (size_t i = 0; i < v->n_legs; i++) {
        struct json_object *leg = json_object_new_object();

        add_text(leg, "leg", v->legs[i].name);
        add_device(leg, v->legs[i].device);
        add_text(leg, "state", leg_state_text(v->legs[i].state));
        json_object_array_add(legs, leg);
    }
    return legs;
}

static struct json_object *
report_steps(const struct rswap_there_is *there)
{
    struct json_object *steps = json_object_new_array();

    for (int i = 0; i < RSWAP_STEPS; i++)
        if (there->step[i] == RSWAP_THERE)
            json_object_array_add(steps, json_object_new_string(rswap_step_text(
                                             (enum rswap_step)i)));
    return steps;
}

static const char *
state_text(const struct rswap_volume *v)
{
    if (v->vbd.domid > 0 && v->vbd.is_connected)
        return "attached";
    return v->n_legs > 0 || v->is_offered ? "partial" : "none";
}

static void
report_guest(struct json_object *object, const struct rswap_volume *v)
{
    const struct offer_answer *a = &v->answer;
    char reason[OFFER_REASON_SIZE];

    add_text(object, "offer",
             !v->is_offered   ? NULL
             : v->offer.is_on ? "on"
                              : "off");
    add_text(object, "guest_state", offer_state_text(a->state));
    if (a->state == OFFER_NO_ANSWER)
        add(object, "guest_used_kib", NULL);
    else
        add_number(object, "guest_used_kib", a->used_kib);
    add_text(object, "guest_error", offer_reason(a, reason));
}

struct json_object *
rswap_report_volume(const struct rswap_volume *v)
{
    struct json_object *object = json_object_new_object();
    struct rswap_there_is there;
    char label[SWAP_LABEL_SIZE];

    rswap_volume_steps(v, NULL, 0, &there);
    swap_header_label(v->uuid, label);
    add_text(object, "volume", v->uuid);
    add_text(object, "state", state_text(v));
    add(object, "steps", report_steps(&there));
    add(object, "domid",
        v->vbd.domid > 0 ? json_object_new_int64(v->vbd.domid) : NULL);
    add_text(object, "vdev", v->vbd.vdev);
    add_device(object, v->md);
    add(object, "device_kib",
        v->md[0] ? json_object_new_int64((int64_t)v->size_kib) : NULL);
    add_text(object, "label", label);
    add(object, "legs", report_legs(v));
    add_number(object, "missing_legs", v->n_missing);
    add_number(object, "sync_permyriad", v->sync_permyriad);
    report_guest(object, v);
    return object;
}

struct json_object *
rswap_report_failure(const struct rswap_failure *f, bool is_undone)
{
    struct json_object *object = json_object_new_object();

    add_text(object, "error", f->code);
    add_text(object, "message", f->message);
    add_text(object, "step", f->step);
    if (f->needed_kib > 0) {
        add_number(object, "needed_kib", f->needed_kib);
        add_number(object, "available_kib", f->available_kib);
    }
    add(object, "undone", json_object_new_boolean(is_undone));
    return object;
}

int
rswap_report_print(struct json_object *object)
{
    int r = puts(json_object_to_json_string_ext(
                object,
                JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)) < 0 ||
                    fflush(stdout) < 0
                ? -EIO
                : 0;

    json_object_put(object);
    return r;
}
