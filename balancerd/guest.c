/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of domains: who is there, who came, who went. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest-judge.h"
#include "guest.h"

static int
table_reserve(struct guest_table *table, size_t n)
{
    struct guest *grown;
    struct guest_gone *gone;

    if (n <= table->capacity)
        return 0;
    grown = realloc(table->guests, n * 2 * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    table->guests = grown;
    gone = realloc(table->gone, n * 2 * sizeof(*gone));
    if (!gone)
        return -ENOMEM;
    table->gone = gone;
    table->capacity = n * 2;
    return 0;
}

struct guest *
guest_find(struct guest_table *table, uint32_t domid)
{
    size_t lo = 0, hi = table->n;

    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;

        if (table->guests[middle].facts.domid < domid)
            lo = middle + 1;
        else
            hi = middle;
    }
    if (lo < table->n && table->guests[lo].facts.domid == domid)
        return &table->guests[lo];
    return NULL;
}

/* A domid is used again after a while: the uuid tells (A4). */
static bool
is_same_domain(const struct guest *g, const struct host_domain *d)
{
    return g && strcmp(g->facts.uuid, d->uuid) == 0;
}

/* Views come by rising domid, as the table does: where the last one was found,
 * the next one most often follows. */
static struct guest *
find_at(struct guest_table *table, size_t place, uint32_t domid)
{
    if (place < table->n && table->guests[place].facts.domid == domid)
        return &table->guests[place];
    return guest_find(table, domid);
}

static struct guest *
insert(struct guest_table *table, uint32_t domid)
{
    size_t i = table->n;

    while (i > 0 && table->guests[i - 1].facts.domid > domid)
        i--;
    memmove(&table->guests[i + 1], &table->guests[i],
            (table->n - i) * sizeof(table->guests[0]));
    table->n++;
    return &table->guests[i];
}

static void
remember_gone(struct guest_table *table, const struct guest *g)
{
    struct guest_gone *gone = &table->gone[table->n_gone];

    if (table->n_gone == table->capacity)
        return;
    table->n_gone++;
    *gone = (struct guest_gone){ .domid = g->facts.domid,
                                 .is_told = !g->told.is_known };
    memcpy(gone->uuid, g->facts.uuid, sizeof(gone->uuid));
    memcpy(gone->name, g->facts.name, sizeof(gone->name));
}

/* Those that were not seen go; the marks of the others are taken off. */
static void
sweep(struct guest_table *table)
{
    size_t kept = 0;

    for (size_t i = 0; i < table->n; i++) {
        if (!table->guests[i].is_seen) {
            remember_gone(table, &table->guests[i]);
            continue;
        }
        table->guests[i].is_seen = false;
        if (kept != i)
            table->guests[kept] = table->guests[i];
        kept++;
    }
    table->n = kept;
}

/* A new domain, maybe with the number of one, old, that is gone. */
static struct guest *
welcome(struct guest_table *table, struct guest *old,
        const struct host_domain *d, uint64_t now_ms)
{
    struct guest *g = old;

    if (old)
        remember_gone(table, old);
    else
        g = insert(table, d->domid);
    guest_judge_first(g, d, now_ms);
    g->appeared_ms = table->has_looked ? now_ms : 0;
    return g;
}

int
guest_table_observe(struct guest_table *table, const struct host_view *view,
                    const struct tuning *tuning, uint64_t now_ms)
{
    int r = table_reserve(table, table->n + view->n_domains);
    size_t place = 0;

    if (r < 0)
        return r;
    for (size_t i = 0; i < view->n_domains; i++) {
        const struct host_domain *d = &view->domains[i];
        struct guest *g = find_at(table, place, d->domid);

        if (!is_same_domain(g, d))
            g = welcome(table, g, d, now_ms);
        guest_judge(g, d, tuning, now_ms);
        g->is_seen = true;
        place = (size_t)(g - table->guests) + 1;
    }
    sweep(table);
    table->has_looked = true;
    return 0;
}

void
guest_table_done(struct guest_table *table)
{
    free(table->guests);
    free(table->gone);
    *table = (struct guest_table){ 0 };
}
