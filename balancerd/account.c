/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adds the host's memory up. */
#include <config.h>

#include <string.h>

#include "account.h"
#include "guest-limits.h"
#include "guest.h"
#include "reserve.h"
#include "util/units.h"

static bool
is_for(const struct reservation *r, const struct guest *g)
{
    if (r->domid != RESERVE_NO_DOMID)
        return r->domid == g->facts.domid;
    return r->uuid[0] != '\0' && strcmp(r->uuid, g->facts.uuid) == 0;
}

static const struct guest *
holder_of(const struct reservation *r, const struct guest_table *guests)
{
    for (size_t i = 0; i < guests->n; i++) {
        if (is_for(r, &guests->guests[i]))
            return &guests->guests[i];
    }
    return NULL;
}

void
account_open(struct reserve_table *reservations,
             const struct guest_table *guests)
{
    for (size_t i = 0; i < reservations->n; i++) {
        struct reservation *r = &reservations->list[i];
        const struct guest *g = holder_of(r, guests);

        r->open_kib = reserve_open_kib(r, g ? g->facts.actual_kib : 0);
    }
}

static void
add_guests(struct account *a, const struct guest_table *guests)
{
    for (size_t i = 0; i < guests->n; i++) {
        const struct guest *g = &guests->guests[i];
        uint64_t actual_kib = g->facts.actual_kib;

        if (g->facts.domid == 0)
            a->dom0_kib = sat_add(a->dom0_kib, actual_kib);
        else
            a->domains_kib = sat_add(a->domains_kib, actual_kib);
        a->commitments_kib =
            sat_add(a->commitments_kib,
                    sat_sub(guest_committed_kib(g), actual_kib));
    }
}

/* A domain that fills its reservation is promised the larger of the two, not
 * both: what it is committed to anyway is no longer open. */
static void
add_reservations(struct account *a, const struct guest_table *guests,
                 const struct reserve_table *reservations)
{
    for (size_t i = 0; i < reservations->n; i++) {
        const struct reservation *r = &reservations->list[i];
        const struct guest *g = holder_of(r, guests);
        uint64_t open_kib = r->open_kib;

        a->reservations_kib = sat_add(a->reservations_kib, open_kib);
        if (!g)
            continue;
        a->commitments_kib =
            sat_sub(a->commitments_kib,
                    min_u64(open_kib, sat_sub(guest_committed_kib(g),
                                              g->facts.actual_kib)));
    }
}

void
account_build(struct account *ret, const struct host_memory *memory,
              const struct guest_table *guests,
              const struct reserve_table *reservations,
              uint64_t host_reserve_kib)
{
    struct account a = {
        .total_kib = memory->total_kib,
        .host_free_kib = memory->free_kib,
        .host_reserve_kib = host_reserve_kib,
    };

    add_guests(&a, guests);
    add_reservations(&a, guests, reservations);
    a.reserved_kib = min_u64(a.host_free_kib, account_wanted_free_kib(&a));
    a.free_kib = a.host_free_kib - a.reserved_kib;
    a.xen_kib =
        sat_sub(sat_sub(sat_sub(a.total_kib, a.host_free_kib), a.dom0_kib),
                a.domains_kib);
    *ret = a;
}

uint64_t
account_wanted_free_kib(const struct account *a)
{
    return sat_add(a->host_reserve_kib, a->reservations_kib);
}

int64_t
account_spare_kib(const struct account *a)
{
    uint64_t promised_kib =
        sat_add(account_wanted_free_kib(a), a->commitments_kib);

    return delta_u64(a->host_free_kib, promised_kib);
}
