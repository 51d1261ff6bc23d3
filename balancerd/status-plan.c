/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares what is shown with what is. */
#include <config.h>

#include <string.h>

#include "guest.h"
#include "snapshot.h"
#include "status-plan.h"
#include "util/units.h"

#define NEVER UINT64_MAX

/* What of the changes so far still counts: it is forgiven as time passes. */
static uint64_t
spent_ms(const struct status_word *w, uint64_t now_ms)
{
    return sat_sub(w->spent_ms, sat_sub(now_ms, w->counted_ms));
}

uint64_t
status_word_due_ms(const struct status_word *w, const char *word,
                   uint64_t now_ms)
{
    const uint64_t most_ms = (STATUS_WORDS_BURST - 1) * STATUS_WORDS_MS;
    uint64_t spent = spent_ms(w, now_ms);

    if (w->shown && strcmp(w->shown, word) == 0)
        return NEVER;
    return spent <= most_ms ? 0 : now_ms + (spent - most_ms);
}

void
status_word_note(struct status_word *w, const char *word, uint64_t now_ms)
{
    w->spent_ms = spent_ms(w, now_ms) + STATUS_WORDS_MS;
    w->counted_ms = now_ms;
    w->shown = word;
}

uint64_t
status_amounts_due_ms(const struct status_amounts *a, const uint64_t *kib,
                      size_t n, uint64_t now_ms)
{
    uint64_t most_kib = 0;

    if (!a->is_shown)
        return 0;
    for (size_t i = 0; i < n; i++)
        most_kib = max_u64(most_kib, distance_u64(kib[i], a->shown_kib[i]));
    if (most_kib < STATUS_AMOUNT_KIB)
        return NEVER;
    return now_ms - a->shown_ms >= STATUS_AMOUNT_MS
               ? 0
               : a->shown_ms + STATUS_AMOUNT_MS;
}

void
status_amounts_note(struct status_amounts *a, const uint64_t *kib, size_t n,
                    uint64_t now_ms)
{
    a->is_shown = true;
    a->shown_ms = now_ms;
    memcpy(a->shown_kib, kib, n * sizeof(kib[0]));
}

const char *
status_guest_word(const struct guest *g)
{
    switch (g->state) {
    case GUEST_READY:
    case GUEST_MOVING:
    case GUEST_SLOW:
        if (g->is_thrashing)
            return "thrashing";
        return g->has_range ? "ready" : "unmanaged";
    case GUEST_BOOTING:
    case GUEST_STUCK:
    case GUEST_NO_BALLOON:
    case GUEST_PAUSED:
    case GUEST_SHUTDOWN:
    case GUEST_DYING:
        break;
    }
    return guest_state_name(g->state);
}

const char *
status_host_word(const struct snapshot *s, bool is_awaited, bool is_at_rest)
{
    /* Domains may stay off their targets by that much, and be on them. */
    uint64_t slack_kib = STATUS_AMOUNT_KIB;

    for (size_t i = 0; i < s->xbp.n_guests; i++)
        if (s->guests[i])
            slack_kib = sat_add(slack_kib, s->guests[i]->facts.inaccuracy_kib);
    if (!is_awaited && account_spare_kib(&s->account) >= -(int64_t)slack_kib)
        return "ok";
    return is_at_rest ? "short" : "squeezing";
}
