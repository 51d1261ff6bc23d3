/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records of volumes: no lender's secret is in them. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-swap.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "tick.h"
#include "util/text.h"

#define LEGS_SIZE  \
 (RSWAP_LEGS_MAX * \
  (RSWAP_LEG_NAME_SIZE + 2 * VOLUME_WORD_SIZE + SWAP_LENDER_SIZE))

static const char *
state_of_leg(const struct swap_volume *v, const char *name)
{
    for (size_t i = 0; i < v->facts.n_legs; i++)
        if (strcmp(v->facts.legs[i].name, name) == 0)
            return v->facts.legs[i].state;
    return v->facts.is_attached ? "missing" : "";
}

/* "nbd:10.0.0.2:10809 (in-sync), file:/var/swap (in-sync)" */
static void
legs_text(const struct swap_volume *v, char text[LEGS_SIZE])
{
    char name[RSWAP_LEG_NAME_SIZE];
    struct rswap_leg leg;
    const char *state;

    text[0] = '\0';
    for (size_t i = 0; i < v->n_legs; i++) {
        if (rswap_leg_parse(v->legs[i], &leg) < 0)
            continue; /* nobody has lent it yet */
        rswap_leg_name(&leg, name);
        state = state_of_leg(v, name);
        text_append(text, LEGS_SIZE, "%s%s%s%s", text[0] ? ", " : "",
                    v->lenders[i], v->lenders[i][0] ? " " : "", name);
        if (state[0])
            text_append(text, LEGS_SIZE, " (%s)", state);
    }
}

struct json_object *
swap_record(struct balancer *b, const struct swap_volume *v)
{
    struct json_object *record = json_object_new_object();
    const struct guest *g = guest_find(&b->guests, v->domid);
    char legs[LEGS_SIZE];

    legs_text(v, legs);
    json_set_text(record, FIELD_UUID, v->domain);
    json_set_text(record, FIELD_NAME,
                  g && strcmp(g->facts.uuid, v->domain) == 0 ? g->facts.name
                                                             : "");
    json_set_number(record, FIELD_DOMID, v->domid);
    json_set_text(record, FIELD_VOLUME, v->uuid);
    json_set_text(record, FIELD_STATE, volume_state_name(v->state));
    json_set_number(record, FIELD_SWAP_SIZE, v->size_kib);
    json_set_number(record, FIELD_SWAP_USED, v->facts.used_kib);
    json_set_text(record, FIELD_SWAP_DEVICE, v->facts.vdev);
    json_set_text(record, FIELD_SWAP_GUEST, v->facts.guest_state);
    json_set_text(record, FIELD_SWAP_LEGS, legs);
    json_set_number(record, FIELD_SWAP_SYNC,
                    v->facts.is_attached ? v->facts.sync_permyriad
                                         : HOST_UNSET);
    json_set_bool(record, FIELD_SWAP_AUTOMATIC, v->is_automatic);
    json_set_text(record, FIELD_SWAP_TROUBLE, v->error);
    return record;
}

void
swap_explain(struct balancer *b, const struct guest *g,
             struct json_object *record)
{
    const struct swap_volume *v = swap_of(&b->swap, g->facts.uuid);

    if (v && !swap_is_over(v))
        json_set(record, FIELD_SWAP, swap_record(b, v));
}
