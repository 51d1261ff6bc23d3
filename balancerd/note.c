/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From what happened to a line in the log and an event. */
#include <config.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"
#include "log.h"
#include "note.h"
#include "plan.h"
#include "tick.h"
#include "util/clock.h"
#include "util/text.h"

static const struct events_entry nothing = {
    .domid = EVENTS_NO_DOMID,
    .old_kib = HOST_UNSET,
    .new_kib = HOST_UNSET,
};

/* A domain on its way is slow now and then: that is for the curious. */
static bool
is_weighty(const char *state)
{
    return state &&
           (strcmp(state, "stuck") == 0 || strcmp(state, "no-balloon") == 0 ||
            strcmp(state, "thrashing") == 0 ||
            strcmp(state, "sustained") == 0 || strcmp(state, "emergency") == 0);
}

static enum log_level
level_of(const struct events_entry *e)
{
    switch (e->kind) {
    case EVENTS_CONFIG_REFUSED:
        return LOG_LEVEL_ERROR;
    case EVENTS_RANGE_REFUSED:
    case EVENTS_ENGINE_FAILED:
    case EVENTS_HOST_LOST:
    case EVENTS_PEER_DOWN:
    case EVENTS_LENDER_DOWN:
    case EVENTS_LEASE_OVERDUE:
    case EVENTS_SWAP_FAILED:
    case EVENTS_SWAP_LEG_LOST:
    case EVENTS_MIGRATION_ADVISED:
        return LOG_LEVEL_WARN;
    case EVENTS_TARGET_CHANGED:
    case EVENTS_DOMAIN_APPEARED:
    case EVENTS_DOMAIN_GONE:
    case EVENTS_RANGE_CHANGED:
    case EVENTS_SETTINGS_CHANGED:
    case EVENTS_RESERVATION_ASKED:
    case EVENTS_RESERVATION_GRANTED:
    case EVENTS_RESERVATION_REFUSED:
    case EVENTS_RESERVATION_TRANSFERRED:
    case EVENTS_RESERVATION_RELEASED:
    case EVENTS_RESERVATION_EXPIRED:
    case EVENTS_SWAP_ATTACHED:
    case EVENTS_SWAP_DETACHED:
    case EVENTS_SWAP_REFUSED:
    case EVENTS_SWAP_LEG_REPLACED:
    case EVENTS_ENGINE_CHANGED:
    case EVENTS_CONFIG_RELOADED:
    case EVENTS_HOST_BACK:
    case EVENTS_PEER_UP:
    case EVENTS_PEER_CHANGED:
    case EVENTS_LENDER_UP:
    case EVENTS_LEASE_CREATED:
    case EVENTS_LEASE_RESIZED:
    case EVENTS_LEASE_RECALLED:
    case EVENTS_LEASE_ENDED:
        return LOG_LEVEL_INFO;
    case EVENTS_SQUEEZE_BEGUN:
    case EVENTS_SQUEEZE_ENDED:
        return LOG_LEVEL_DEBUG;
    case EVENTS_STATE_CHANGED:
        return is_weighty(e->old_state) || is_weighty(e->new_state)
                   ? LOG_LEVEL_INFO
                   : LOG_LEVEL_DEBUG;
    }
    return LOG_LEVEL_INFO;
}

static void
set_time(struct balancer *b, struct events_entry *e)
{
    e->wall_ms = clock_wall_ms();
    e->time_ms = b->host->ops->now_ms(b->host);
}

/* The log has room for the whole sentence, the event for its beginning. */
static void __attribute__((format(printf, 3, 0)))
tell(struct balancer *b, struct events_entry *e, const char *format,
     va_list args)
{
    char sentence[LOG_TEXT_SIZE] = "";

    vsnprintf(sentence, sizeof(sentence), format, args);
    if (e->domid == EVENTS_NO_DOMID)
        log_at(level_of(e), "%s", sentence);
    else
        log_at(level_of(e), "dom %u: %s", e->domid, sentence);
    text_escape(e->sentence, sizeof(e->sentence), sentence);
    set_time(b, e);
    events_add(b->events, e);
    if (b->noted)
        b->noted(b->client_arg);
}

void
note_entry(struct balancer *b, struct events_entry *e, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(b, e, format, args);
    va_end(args);
}

void
note(struct balancer *b, enum events_kind kind, const char *format, ...)
{
    struct events_entry e = nothing;
    va_list args;

    e.kind = kind;
    va_start(args, format);
    tell(b, &e, format, args);
    va_end(args);
}

static struct events_entry
about(enum events_kind kind, const struct guest *g)
{
    struct events_entry e = nothing;

    e.kind = kind;
    e.domid = g->facts.domid;
    memcpy(e.uuid, g->facts.uuid, sizeof(e.uuid));
    memcpy(e.name, g->facts.name, sizeof(e.name));
    return e;
}

void
note_guest(struct balancer *b, enum events_kind kind, const struct guest *g,
           const char *format, ...)
{
    struct events_entry e = about(kind, g);
    va_list args;

    va_start(args, format);
    tell(b, &e, format, args);
    va_end(args);
}

void
note_target(struct balancer *b, const struct guest *g, const struct step *step)
{
    struct events_entry e = about(EVENTS_TARGET_CHANGED, g);

    e.old_kib = step->old_kib;
    e.new_kib = step->new_kib;
    e.rule = plan_rule_text(step->rule);
    note_entry(b, &e, "target %" PRIu64 " -> %" PRIu64 " KiB: %s%s", e.old_kib,
               e.new_kib, e.rule,
               b->snapshot.is_squeezing ? "; memory is short" : "");
}

void
note_state(struct balancer *b, const struct guest *g, const char *old,
           const char *new)
{
    struct events_entry e = about(EVENTS_STATE_CHANGED, g);

    e.old_state = old;
    e.new_state = new;
    note_entry(b, &e, "%s -> %s", old, new);
}

void
note_reservation(struct balancer *b, enum events_kind kind,
                 const struct reservation *r, const char *format, ...)
{
    struct events_entry e = nothing;
    char rest[LOG_TEXT_SIZE];
    va_list args;

    e.kind = kind;
    e.new_kib = r->kib;
    memcpy(e.reservation, r->id, sizeof(e.reservation));
    va_start(args, format);
    vsnprintf(rest, sizeof(rest), format, args);
    va_end(args);
    note_entry(b, &e, "reservation %s of %s%s", r->id, r->owner, rest);
}

void
note_settings(struct balancer *b, const struct settings *s,
              const struct guest *g, const char *what)
{
    struct events_entry e = nothing;

    e.kind = EVENTS_SETTINGS_CHANGED;
    if (g)
        e.domid = g->facts.domid;
    memcpy(e.uuid, s->uuid, sizeof(e.uuid));
    memcpy(e.name, s->name, sizeof(e.name));
    note_entry(b, &e, "settings of %s (%s) %s", s->uuid, s->name, what);
}
