/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One newcomer at a time: two that come together cannot be told apart. */
#include <config.h>

#include "guest.h"
#include "overhead-watch.h"
#include "snapshot.h"
#include "util/units.h"

/* What is new since the last look. */
struct news {
    size_t n_new;
    uint32_t newest;
    bool is_dying; /* someone's overhead is being given back, bit by bit */
    bool is_quiet; /* nobody's memory has moved */
};

/* Host and domains are not read in the same instant: only while nothing moves
 * is what they leave over Xen's alone. */
static struct news
look(struct guest_table *guests, uint64_t now_ms)
{
    struct news news = { .is_quiet = true };

    for (size_t i = 0; i < guests->n; i++) {
        struct guest *g = &guests->guests[i];

        if (!g->is_counted) {
            g->is_counted = true;
            news.n_new++;
            news.newest = g->facts.domid;
        }
        news.is_dying |= g->facts.is_dying;
        news.is_quiet &= g->last_move_ms != now_ms;
    }
    return news;
}

/* Whoever came or went made the base a sum of two unknowns. */
static void
take_news(struct overhead_watch *w, const struct news *news, size_t n)
{
    size_t n_gone = w->n_guests + news->n_new - n;

    w->n_guests = n;
    if (news->n_new == 0 && n_gone == 0 && !news->is_dying)
        return;
    w->has_base &=
        news->n_new == 1 && n_gone == 0 && !w->has_newcomer && !news->is_dying;
    w->has_newcomer = w->has_base;
    w->newcomer = news->newest;
}

/* What a domain at rest holds beyond its target (A5), but for video memory:
 * that is part of what it was started with. */
static uint64_t
surplus_kib(const struct guest *g)
{
    uint64_t video_kib =
        g->facts.videoram_kib == HOST_UNSET ? 0 : g->facts.videoram_kib;

    if (!g->is_calibrated || g->offset_kib < 0)
        return 0;
    return sat_sub((uint64_t)g->offset_kib, video_kib);
}

struct guest *
overhead_watch_look(struct overhead_watch *w, struct guest_table *guests,
                    const struct snapshot *s)
{
    struct news news = look(guests, s->xbp.now_ms);
    uint64_t xen_kib = s->account.xen_kib;
    struct guest *g;

    take_news(w, &news, guests->n);
    g = w->has_newcomer ? guest_find(guests, w->newcomer) : NULL;
    if (!news.is_quiet || news.is_dying || (g && !g->has_settled))
        return NULL;
    if (g)
        g->overhead_kib =
            sat_add(sat_sub(xen_kib, w->base_kib), surplus_kib(g));
    w->has_newcomer = false;
    w->has_base = true;
    w->base_kib = xen_kib;
    return g;
}
