/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vm-swap-attach: what the domain has got. */
#include <config.h>

#include "format.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "show.h"

void
show_volume(struct json_object *v, FILE *out)
{
    char text[FORMAT_SIZE];

    fprintf(out, "Volume %s is attached as %s: %s, %s.\n",
            json_text(v, FIELD_VOLUME), json_text(v, FIELD_SWAP_DEVICE),
            format_kib(text, json_get_number(v, FIELD_SWAP_SIZE)),
            json_text(v, FIELD_SWAP_LEGS));
}

void
show_volume_minimal(struct json_object *v, FILE *out)
{
    fprintf(out, "%s\n", json_text(v, FIELD_VOLUME));
}
