/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reservations meet their fate: granted, refused, expired, orphaned. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "book.h"
#include "note.h"
#include "proto/keys.h"
#include "reserve-heir.h"
#include "settle.h"
#include "squeeze.h"
#include "util/units.h"

static void
decide(struct balancer *b, const struct reservation *r, bool is_granted,
       const char *why)
{
    if (is_granted)
        b->stats.grants++;
    else
        b->stats.refusals++;
    note_reservation(b,
                     is_granted ? EVENTS_RESERVATION_GRANTED
                                : EVENTS_RESERVATION_REFUSED,
                     r, ", %" PRIu64 " KiB: %s%s%s", r->kib,
                     is_granted ? "granted" : "refused", why[0] ? ": " : "",
                     why);
    errand_note(&b->errands, r, is_granted ? ERRAND_GRANTED : ERRAND_REFUSED,
                why);
    if (b->decided)
        b->decided(b->client_arg, r, is_granted, why);
}

/* Nobody comes for it before he knows that it is there: its time to live, which
 * was added to the wait, begins then; unless somebody gave it another end. */
static uint64_t
next_expires_ms(const struct reservation *r)
{
    if (r->expires_ms <= r->give_up_ms)
        return r->expires_ms;
    return sat_add(r->granted_ms, r->expires_ms - r->give_up_ms);
}

static void
grant(struct balancer *b, struct reservation *r)
{
    struct reservation copy;

    copy = *r;
    copy.state = RESERVE_GRANTED;
    copy.granted_ms = b->snapshot.xbp.now_ms;
    if (r->is_for_next)
        copy.expires_ms = next_expires_ms(&copy);
    if (book_save(b, &copy) < 0)
        return; /* not kept: tried at the next tick */
    *r = copy;
    decide(b, &copy, true, "");
}

static void
drop(struct balancer *b, size_t i)
{
    struct reservation copy = b->reservations.list[i];
    char path[KEYS_PATH_SIZE];

    b->host->ops->store_remove(b->host, keys_reservation(path, copy.id));
    reserve_remove(&b->reservations, copy.id);
    b->is_asked = true; /* what was squeezed for it goes back at once */
}

/* Refuses reservation i, with the domains that are to blame. */
static void
refuse(struct balancer *b, size_t i, const char *why)
{
    struct reservation copy = b->reservations.list[i];
    char text[BOOK_ERROR_SIZE], blamed[BOOK_ERROR_SIZE / 2];
    char lent[BOOK_ERROR_SIZE / 4];

    squeeze_blame(&b->guests, blamed, sizeof(blamed));
    squeeze_blame_borrowers(&b->snapshot, lent, sizeof(lent));
    snprintf(text, sizeof(text), "%s%s%s%s", why, lent,
             blamed[0] ? "; domains that did not follow their targets: " : "",
             blamed);
    drop(b, i);
    decide(b, &copy, false, text);
}

/* A range is content with less, if less is there. */
static bool
grant_less(struct balancer *b, size_t i)
{
    struct reservation *r = &b->reservations.list[i];
    uint64_t at_hand_kib =
        squeeze_at_hand_kib(&b->snapshot, &b->reservations, i);

    if (r->min_kib >= r->kib || at_hand_kib < r->min_kib)
        return false;
    r->kib = page_floor_kib(at_hand_kib);
    grant(b, r);
    return true;
}

static void
expire(struct balancer *b, size_t i)
{
    const struct reservation *r = &b->reservations.list[i];

    if (r->state == RESERVE_PENDING) {
        refuse(b, i, "its time to live has passed");
        return;
    }
    note_reservation(b, EVENTS_RESERVATION_EXPIRED, r, " has expired");
    errand_note(&b->errands, r, ERRAND_ENDED, "its time to live has passed");
    drop(b, i);
}

/* The domain that it was for is gone, or never came back. */
static bool
is_orphan(struct balancer *b, const struct reservation *r)
{
    const struct guest *g;

    if (r->domid == RESERVE_NO_DOMID)
        return false;
    g = guest_find(&b->guests, r->domid);
    return !g || (r->uuid[0] && strcmp(r->uuid, g->facts.uuid) != 0);
}

static void
settle(struct balancer *b, size_t i)
{
    struct reservation *r = &b->reservations.list[i];

    if (is_orphan(b, r)) {
        note_reservation(b, EVENTS_RESERVATION_RELEASED, r, " ends with dom %u",
                         r->domid);
        errand_note(&b->errands, r, ERRAND_ENDED, "its domain has ended");
        drop(b, i);
        return;
    }
    switch (squeeze_judge(&b->snapshot, &b->reservations, i)) {
    case SQUEEZE_WAIT:
        return;
    case SQUEEZE_GRANT:
        grant(b, r);
        return;
    case SQUEEZE_IMPOSSIBLE:
        if (!grant_less(b, i))
            refuse(b, i, "not enough memory can be freed any more");
        return;
    case SQUEEZE_TIMEOUT:
        if (!grant_less(b, i))
            refuse(b, i, "the memory was not free in time");
        return;
    case SQUEEZE_EXPIRED:
        expire(b, i);
        return;
    }
}

void
settle_reservations(struct balancer *b)
{
    size_t n = b->reservations.n;

    /* From the end: settle may remove its own. */
    while (n-- > 0)
        settle(b, n);
}

bool
settle_heirs(struct balancer *b)
{
    bool has_changed = false;
    char error[BOOK_ERROR_SIZE];

    for (size_t i = 0; i < b->reservations.n; i++) {
        struct reservation *r = &b->reservations.list[i];
        const struct guest *heir =
            reserve_heir(r, &b->reservations, &b->guests);

        /* If that cannot be kept it is tried at the next tick. */
        if (heir && book_hand_over(b, r, heir, error) == 0)
            has_changed = true;
    }
    return has_changed;
}
