/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares what is known of the domains with what was told of them. */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include "account.h"
#include "note.h"
#include "notice.h"
#include "tick.h"
#include "util/units.h"

/* Who has no name by then will get none. */
#define NAMELESS_MS 2000

static void
notice_gone(struct balancer *b)
{
    for (size_t i = 0; i < b->guests.n_gone; i++) {
        struct guest_gone *gone = &b->guests.gone[i];
        struct guest was = { .facts.domid = gone->domid };

        if (gone->is_told)
            continue;
        gone->is_told = true;
        memcpy(was.facts.uuid, gone->uuid, sizeof(was.facts.uuid));
        memcpy(was.facts.name, gone->name, sizeof(was.facts.name));
        note_guest(b, EVENTS_DOMAIN_GONE, &was, "%s is gone", gone->name);
    }
}

/* A domain that follows its target goes back and forth between these two with
 * every change of it, which is an event of its own. */
static bool
is_well(enum guest_state state)
{
    return state == GUEST_READY || state == GUEST_MOVING;
}

/* What is worth an event. */
static const char *
pain_word(enum thrash_state state)
{
    if (state < THRASH_THRASH)
        return "calm";
    return state == THRASH_THRASH ? "thrashing" : thrash_state_name(state);
}

static void
notice_state(struct balancer *b, const struct guest *g)
{
    const struct guest_told *told = &g->told;

    if (g->state != told->state && !(is_well(g->state) && is_well(told->state)))
        note_state(b, g, guest_state_name(told->state),
                   guest_state_name(g->state));
    if (strcmp(pain_word(g->thrash.state), pain_word(told->thrash)) != 0)
        note_state(b, g, pain_word(told->thrash), pain_word(g->thrash.state));
}

/* Without a range of its own the target, wherever it is moved, is its range. */
static void
notice_range(struct balancer *b, const struct guest *g)
{
    const struct guest_told *told = &g->told;

    if (g->has_range && (!told->has_range || memcmp(&g->range, &told->range,
                                                    sizeof(g->range)) != 0))
        note_guest(b, EVENTS_RANGE_CHANGED, g,
                   "dynamic range is %" PRIu64 "..%" PRIu64 " KiB",
                   g->range.dynamic_min_kib, g->range.dynamic_max_kib);
    else if (!g->has_range && told->has_range)
        note_guest(b, EVENTS_RANGE_CHANGED, g, "has no dynamic range any more");
}

/* FNV-1a: tells one sentence from the next, that is all. 0 for "". */
static uint32_t
text_sum(const char *text)
{
    uint32_t sum = 2166136261u;

    if (text[0] == '\0')
        return 0;
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 16777619u;
    return sum | 1u;
}

static void
notice_error(struct balancer *b, struct guest *g)
{
    uint32_t sum = text_sum(g->range_error);

    if (sum != 0 && sum != g->noted_error)
        note_guest(b, EVENTS_RANGE_REFUSED, g, "%s; %s", g->range_error,
                   g->has_range ? "its last good range stays"
                                : "it is left alone");
    g->noted_error = sum;
}

/* A toolstack names a domain some time after it is there, and those who wait
 * for it know it by its name. */
static bool
is_nameless_yet(const struct balancer *b, const struct guest *g)
{
    return !g->facts.name[0] &&
           b->snapshot.xbp.now_ms - g->appeared_ms < NAMELESS_MS;
}

/* Its first state and range are part of its appearance. */
static void
notice_guest(struct balancer *b, struct guest *g)
{
    if (g->told.is_known) {
        notice_state(b, g);
        notice_range(b, g);
    } else if (is_nameless_yet(b, g)) {
        return;
    } else if (g->appeared_ms > 0) {
        note_guest(b, EVENTS_DOMAIN_APPEARED, g, "%s has appeared",
                   g->facts.name);
    }
    g->told = (struct guest_told){
        .is_known = true,
        .state = g->state,
        .thrash = g->thrash.state,
        .has_range = g->has_range,
        .range = g->range,
    };
}

void
notice_guests(struct balancer *b)
{
    notice_gone(b);
    for (size_t i = 0; i < b->guests.n; i++) {
        notice_guest(b, &b->guests.guests[i]);
        notice_error(b, &b->guests.guests[i]);
    }
}

void
notice_squeeze(struct balancer *b)
{
    uint64_t now_ms = b->snapshot.xbp.now_ms;
    bool is_squeezing = b->snapshot.is_squeezing;

    if (is_squeezing == b->was_squeezing)
        return;
    b->was_squeezing = is_squeezing;
    if (is_squeezing) {
        b->squeezed_ms = now_ms;
        note(b, EVENTS_SQUEEZE_BEGUN,
             "free memory is %" PRId64 " KiB short of what is promised",
             -account_spare_kib(&b->snapshot.account));
    } else {
        histogram_add(&b->squeezes,
                      sat_sub(now_ms, b->squeezed_ms) * US_PER_MS);
        note(b, EVENTS_SQUEEZE_ENDED,
             "free memory covers what is promised again, after %" PRIu64 " ms",
             sat_sub(now_ms, b->squeezed_ms));
    }
}
