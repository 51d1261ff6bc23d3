/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From lasting settings to the guest that runs. */
#include <config.h>

#include <stdio.h>

#include "guest-settings.h"
#include "guest.h"
#include "settings.h"

void
guest_take_settings(struct guest *g, const struct settings *s)
{
    struct settings none;

    if (!s) {
        settings_init(&none, g->facts.uuid);
        s = &none;
    }
    g->weight = s->weight > 0 ? s->weight : WEIGHT_NEUTRAL;
    g->pin_kib = s->pin_kib;
    snprintf(g->engine, sizeof(g->engine), "%s", s->engine);
}
