/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lent memory is domain 0's: it is grown by what is lent, and shrunk by what
 * comes back.  Where domain 0 is balanced, that is above its minimum (G10). */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "guest-limits.h"
#include "guest.h"
#include "lender-private.h"
#include "log.h"
#include "note.h"
#include "pool.h"
#include "proto/keys.h"
#include "tick.h"
#include "util/parse.h"
#include "util/units.h"

/* xl, too, leaves a domain so much above its target. */
#define MAXMEM_ABOVE_KIB 1024
#define LINE_SIZE        64

static const struct guest *
look_at_dom0(struct lender *lender)
{
    struct balancer *b = lender->b;

    if (balancer_refresh(b) < 0)
        return NULL;
    if (b->view.has_news)
        lender_wake(lender);
    return guest_find(&b->guests, 0);
}

static bool
is_managed(const struct lender *lender)
{
    return lender->b->tuning.manages_dom0;
}

/* How far it could go up beyond what it is told now. */
static uint64_t
room_kib(const struct lender *lender, const struct guest *g)
{
    const struct tuning *t = &lender->b->tuning;

    if (is_managed(lender))
        return g->has_range
                   ? sat_sub(g->range.dynamic_max_kib,
                             sat_add(t->dom0_floor_kib, t->dom0_lent_kib))
                   : 0;
    if (g->facts.static_max_kib == HOST_UNSET ||
        g->facts.target_kib == HOST_UNSET)
        return 0;
    return sat_sub(g->facts.static_max_kib, g->facts.target_kib);
}

static uint64_t
grown_kib(const struct lender *lender)
{
    const struct lender_dom0 *d = &lender->dom0;

    if (is_managed(lender))
        return lender->b->tuning.dom0_lent_kib;
    return d->is_grown ? sat_sub(d->set_kib, d->base_kib) : 0;
}

uint64_t
lender_promised_kib(const struct lender *lender)
{
    uint64_t sum_kib = lender->lent->pool.promised_kib;
    const struct lender_job *job;

    TAILQ_FOREACH(job, &lender->jobs, link)
        sum_kib = sat_add(sum_kib, job->cost_kib);
    return sum_kib;
}

void
lender_measure(struct lender *lender)
{
    const struct guest *g = look_at_dom0(lender);
    int64_t spare_kib = account_spare_kib(&lender->b->snapshot.account);
    const struct pool_facts facts = {
        .lend_max_kib = lender->lent->lend_max_kib,
        .promised_kib = lender_promised_kib(lender),
        .slack_kib = lender->slack_kib,
        .spare_kib = spare_kib > 0 ? (uint64_t)spare_kib : 0,
        .room_kib = g ? room_kib(lender, g) : 0,
        .grown_kib = grown_kib(lender),
    };

    lender->lent->room_kib = pool_lendable_kib(&facts);
}

/* --- a domain 0 that is not balanced -------------------------------------- */

/* "BASE SET": what its target is without what is lent, and what we made it. */
static void
remember(struct lender *lender)
{
    const struct lender_dom0 *d = &lender->dom0;
    struct host *h = lender->b->host;
    char line[LINE_SIZE];

    snprintf(line, sizeof(line), "%" PRIu64 " %" PRIu64, d->base_kib,
             d->set_kib);
    if (d->is_grown ? h->ops->store_write(h, KEYS_LENT, line) < 0
                    : h->ops->store_remove(h, KEYS_LENT) < 0)
        log_warnx("domain 0: xenstore does not keep what it was grown by");
}

void
lender_remember_dom0(struct lender *lender)
{
    struct lender_dom0 *d = &lender->dom0;
    struct host *h = lender->b->host;
    char line[LINE_SIZE], *blank;
    uint64_t base_kib, set_kib;

    if (h->ops->store_read(h, KEYS_LENT, line, sizeof(line)) < 0)
        return;
    blank = strchr(line, ' ');
    if (!blank ||
        parse_u64_n(line, (size_t)(blank - line), 0, UINT64_MAX / 2,
                    &base_kib) < 0 ||
        parse_u64(blank + 1, base_kib, UINT64_MAX / 2, &set_kib) < 0) {
        log_warnx("%s is no pair of amounts", KEYS_LENT);
        return;
    }
    *d = (struct lender_dom0){ .is_grown = true,
                               .base_kib = base_kib,
                               .set_kib = set_kib };
}

/* Somebody else may have moved domain 0 meanwhile: that is its new size.  A
 * daemon that was killed before it moved it has not. */
static void
follow(struct lender_dom0 *d, uint64_t target_kib)
{
    uint64_t grown_kib = sat_sub(d->set_kib, d->base_kib);

    if (!d->is_grown)
        d->base_kib = target_kib;
    else if (target_kib != d->set_kib && target_kib != d->base_kib)
        d->base_kib = sat_sub(target_kib, grown_kib);
    d->set_kib = target_kib;
}

static int
set_target(struct lender *lender, const struct guest *g, uint64_t wanted_kib)
{
    struct host *h = lender->b->host;
    uint64_t old_kib = g->facts.target_kib;
    uint64_t most_kib = sat_add(wanted_kib, MAXMEM_ABOVE_KIB);
    int r = 0;

    if (wanted_kib > old_kib && g->facts.maxmem_kib < most_kib)
        r = h->ops->set_maxmem(h, 0, most_kib); /* G4 */
    if (r == 0)
        r = h->ops->set_target(h, 0, wanted_kib);
    if (r < 0)
        log_warn(-r,
                 "dom 0: cannot set target %" PRIu64 " KiB; keeping %" PRIu64,
                 wanted_kib, old_kib);
    else
        note_guest(lender->b, EVENTS_TARGET_CHANGED, g,
                   "target %" PRIu64 " -> %" PRIu64 " KiB: what is lent",
                   old_kib, wanted_kib);
    return r;
}

static int
move_dom0(struct lender *lender, const struct guest *g, uint64_t growth_kib)
{
    struct lender_dom0 *d = &lender->dom0;
    uint64_t wanted_kib;
    int r = 0;

    if (growth_kib == 0 && !d->is_grown)
        return 0;
    if (g->facts.target_kib == HOST_UNSET)
        return -ENOENT;
    follow(d, g->facts.target_kib);
    wanted_kib = sat_add(d->base_kib, growth_kib);
    if (wanted_kib != g->facts.target_kib) {
        d->set_kib = wanted_kib;
        d->is_grown = true;
        remember(lender);
        r = set_target(lender, g, wanted_kib);
        if (wanted_kib < g->facts.target_kib)
            d->shrunk_ms = max_u64(lender_now_ms(lender), 1);
    }
    if (r < 0)
        d->set_kib = g->facts.target_kib;
    if (r == 0 && growth_kib == 0) {
        d->is_grown = false;
        remember(lender);
    }
    return r;
}

/* --- both ----------------------------------------------------------------- */

int
lender_fit_dom0(struct lender *lender)
{
    uint64_t growth_kib =
        pool_growth_kib(lender_promised_kib(lender), lender->slack_kib);
    struct tuning *t = &lender->b->tuning;
    const struct guest *g;
    int r;

    if (is_managed(lender)) {
        if (t->dom0_lent_kib != growth_kib)
            lender_wake(lender);
        t->dom0_lent_kib = growth_kib;
        return 0;
    }
    t->dom0_lent_kib = 0;
    if (growth_kib == 0 && !lender->dom0.is_grown)
        return 0;
    g = look_at_dom0(lender);
    r = g ? move_dom0(lender, g, growth_kib) : -EIO;
    lender_wake(lender);
    return r;
}

bool
lender_dom0_has_grown(struct lender *lender)
{
    const struct tuning *t = &lender->b->tuning;
    const struct guest *g = look_at_dom0(lender);
    uint64_t wanted_kib = is_managed(lender)
                              ? sat_add(t->dom0_floor_kib, t->dom0_lent_kib)
                              : lender->dom0.set_kib;

    if (!is_managed(lender) && !lender->dom0.is_grown)
        return true;
    return g &&
           sat_add(guest_actual_kib(g), g->facts.inaccuracy_kib) >= wanted_kib;
}

/* What it holds, in the measure of a target: more than that only while it
 * gives back. */
static uint64_t
held_kib(const struct lender *lender, const struct guest *g)
{
    const struct lender_dom0 *d = &lender->dom0;
    uint64_t actual_kib = guest_actual_kib(g);
    bool is_shrinking =
        d->shrunk_ms > 0 && sat_sub(lender_now_ms(lender), d->shrunk_ms) <
                                lender->b->tuning.stuck_after_ms;

    return is_shrinking ? actual_kib : min_u64(actual_kib, g->facts.target_kib);
}

uint64_t
lender_sheds_kib(const struct lender *lender, enum pool_stays when)
{
    const struct lender_dom0 *d = &lender->dom0;
    const struct guest *g = guest_find(&lender->b->guests, 0);
    uint64_t growth_kib =
        pool_growth_kib(pool_stays_kib(lender->lent, when), lender->slack_kib);

    if (is_managed(lender))
        return sat_sub(lender->b->tuning.dom0_lent_kib, growth_kib);
    if (!g || g->facts.target_kib == HOST_UNSET)
        return 0;
    return sat_sub(held_kib(lender, g),
                   sat_add(d->is_grown ? d->base_kib : g->facts.target_kib,
                           growth_kib));
}
