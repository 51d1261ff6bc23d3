/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts lasting settings into force for the domains that appear. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>

#include "adopt.h"
#include "book.h"
#include "guest-settings.h"
#include "log.h"
#include "note.h"
#include "settings-adopt.h"
#include "tick.h"
#include "util/text.h"
#include "util/units.h"

/* xenstore would not take it: not every tick says so again. */
#define RETRY_MS (10 * MS_PER_S)

/* The domain may have been renamed while nobody was looking. */
static void
keep_name(struct settings *s, const struct guest *g)
{
    if (g->facts.name[0])
        text_escape(s->name, sizeof(s->name), g->facts.name);
}

/* true if it was written. */
static bool
give_range(struct balancer *b, struct guest *g, const struct settings *s,
           const struct range *range)
{
    char error[BOOK_ERROR_SIZE];
    int r = book_write_range(b, g, range, error);

    if (r < 0) {
        g->adopt_ms = sat_add(b->snapshot.xbp.now_ms, RETRY_MS);
        log_warnx("dom %u: its range cannot be set: %s", g->facts.domid, error);
        return false;
    }
    g->is_adopted = true;
    note_guest(b, EVENTS_RANGE_CHANGED, g,
               "dynamic range is %" PRIu64 "..%" PRIu64 " KiB, %s",
               range->dynamic_min_kib, range->dynamic_max_kib,
               s ? "its settings'" : "the default");
    g->told.has_range = true;
    g->told.range = *range;
    return true;
}

/* true if it has to be looked at again. */
static bool
adopt(struct balancer *b, struct guest *g)
{
    struct settings *s = settings_find(&b->settings, g->facts.uuid);
    struct range range;

    if (s)
        keep_name(s, g);
    guest_take_settings(g, s);
    switch (settings_adopt(s, &b->default_range, &g->facts, &range,
                           g->settings_error)) {
    case ADOPTION_LATER:
        return false;
    case ADOPTION_RANGE:
        return give_range(b, g, s, &range);
    case ADOPTION_REFUSED:
        g->is_adopted = true;
        return true;
    case ADOPTION_NONE:
        g->is_adopted = true;
        return g->pin_kib != HOST_UNSET;
    }
    return false;
}

bool
adopt_domains(struct balancer *b)
{
    bool has_changed = false;

    for (size_t i = 0; i < b->guests.n; i++) {
        struct guest *g = &b->guests.guests[i];

        if (!g->is_adopted && b->snapshot.xbp.now_ms >= g->adopt_ms)
            has_changed |= adopt(b, g);
    }
    return has_changed;
}

void
adopt_again(struct balancer *b)
{
    for (size_t i = 0; i < b->guests.n; i++) {
        struct guest *g = &b->guests.guests[i];

        if (g->has_range)
            continue;
        g->is_adopted = false;
        g->settings_error[0] = '\0';
    }
}
