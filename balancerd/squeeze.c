/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feasibility of a squeeze, and the fate of those who wait for one. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain-change.h"
#include "guest-limits.h"
#include "squeeze.h"
#include "util/text.h"
#include "util/units.h"

static const char *
limit_of_movable(const struct guest *g, const struct tuning *tuning)
{
    if (range_is_fixed(&g->range))
        return "its dynamic-min equals its dynamic-max";
    return explain_floor(g, tuning);
}

static const char *
limit_of(const struct guest *g, const struct tuning *tuning)
{
    if (g->facts.domid == 0 && !tuning->manages_dom0)
        return "domain 0 is not managed";
    if (!g->has_range)
        return "it has no dynamic range";
    switch (g->state) {
    case GUEST_READY:
    case GUEST_MOVING:
        return limit_of_movable(g, tuning);
    case GUEST_SLOW:
        return "it follows its target slowly";
    case GUEST_STUCK:
        return "it does not follow its target";
    case GUEST_BOOTING:
        return "it is booting";
    case GUEST_NO_BALLOON:
        return "it has no balloon driver";
    case GUEST_PAUSED:
        return "it is paused";
    case GUEST_SHUTDOWN:
    case GUEST_DYING:
        return "it is going away";
    }
    return "";
}

static struct contribution
contribution_of(const struct guest *g, const struct tuning *tuning)
{
    struct contribution c = {
        .domid = g->facts.domid,
        .held_kib = g->facts.actual_kib,
        .floor_kib = guest_lower_kib(g, tuning),
        .limit = limit_of(g, tuning),
    };

    memcpy(c.name, g->facts.name, sizeof(c.name));
    if (guest_is_movable(g, tuning))
        c.give_kib = guest_give_kib(g, tuning);
    else
        c.floor_kib = g->facts.actual_kib;
    return c;
}

uint64_t
squeeze_available_kib(const struct snapshot *s)
{
    return sat_add_delta(s->give_kib, account_spare_kib(&s->account));
}

int
squeeze_feasibility(struct feasibility *ret, const struct snapshot *s,
                    const struct guest_table *table, uint64_t needed_kib)
{
    int64_t spare_kib = account_spare_kib(&s->account);
    struct contribution *items = calloc(table->n + 1, sizeof(*items));

    if (!items)
        return -ENOMEM;
    *ret = (struct feasibility){
        .needed_kib = needed_kib,
        .available_kib = squeeze_available_kib(s),
        .spare_kib = spare_kib > 0 ? (uint64_t)spare_kib : 0,
        .lent_kib = s->tuning->lent_give_kib,
        .n = table->n,
        .items = items,
    };
    for (size_t i = 0; i < table->n; i++)
        items[i] = contribution_of(&table->guests[i], s->tuning);
    ret->is_feasible = needed_kib <= ret->available_kib;
    return 0;
}

void
feasibility_done(struct feasibility *f)
{
    free(f->items);
    *f = (struct feasibility){ 0 };
}

void
feasibility_text(const struct feasibility *f, char *text, size_t size)
{
    snprintf(text, size,
             "%" PRIu64 " KiB can be made available, %" PRIu64
             " KiB are needed; %" PRIu64 " KiB are free and unpromised now",
             f->available_kib, f->needed_kib, f->spare_kib);
    if (f->lent_kib > 0)
        text_append(text, size, ", and %" PRIu64 " KiB are lent to other hosts",
                    f->lent_kib);
}

/* All that is not kept for the host, for domains and for those who were
 * promised before. */
uint64_t
squeeze_at_hand_kib(const struct snapshot *s, const struct reserve_table *t,
                    size_t i)
{
    uint64_t kept_kib =
        sat_add(s->account.host_reserve_kib, s->account.commitments_kib);

    for (size_t j = 0; j < t->n; j++) {
        if (j < i || t->list[j].state == RESERVE_GRANTED)
            kept_kib = sat_add(kept_kib, t->list[j].open_kib);
    }
    return sat_sub(s->account.host_free_kib, kept_kib);
}

/* What could be had for reservation i: the account counts all of them as
 * promised, so those that come later, and i itself, are given back. */
static uint64_t
hope_kib(const struct snapshot *s, const struct reserve_table *t, size_t i)
{
    uint64_t hope = s->hope_kib;

    for (size_t j = i; j < t->n; j++) {
        if (j == i || t->list[j].state == RESERVE_PENDING)
            hope = sat_add(hope, t->list[j].open_kib);
    }
    return sat_add_delta(hope, account_spare_kib(&s->account));
}

enum squeeze_verdict
squeeze_judge(const struct snapshot *s, const struct reserve_table *t, size_t i)
{
    const struct reservation *r = &t->list[i];

    if (s->xbp.now_ms >= r->expires_ms)
        return SQUEEZE_EXPIRED;
    if (r->state == RESERVE_GRANTED)
        return SQUEEZE_WAIT;
    if (squeeze_at_hand_kib(s, t, i) >= r->open_kib)
        return SQUEEZE_GRANT;
    if (hope_kib(s, t, i) < r->open_kib)
        return SQUEEZE_IMPOSSIBLE;
    return s->xbp.now_ms >= r->give_up_ms ? SQUEEZE_TIMEOUT : SQUEEZE_WAIT;
}

void
squeeze_blame_borrowers(const struct snapshot *s, char *text, size_t size)
{
    text[0] = '\0';
    if (s->tuning->lent_hope_kib > 0)
        snprintf(text, size,
                 "; %" PRIu64 " KiB that are lent to other hosts are not back",
                 s->tuning->lent_hope_kib);
}

void
squeeze_blame(const struct guest_table *table, char *text, size_t size)
{
    if (size > 0)
        text[0] = '\0';
    for (size_t i = 0; i < table->n && size > 0; i++) {
        const struct guest *g = &table->guests[i];

        if ((g->state == GUEST_STUCK || g->state == GUEST_SLOW) &&
            g->facts.domid != 0)
            text_append(text, size, "%s%u (%s)", text[0] ? ", " : "",
                        g->facts.domid, g->facts.name);
    }
}
