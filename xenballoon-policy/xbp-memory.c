/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A list of entries, in the order in which their guests came.  Snapshots show
 * guests in that order, too, so the search for one begins behind the one that
 * was found before.
 */
#include <config.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/units.h"
#include "xbp-memory.h"

#define UUID_SIZE 40 /* 36 characters; what is longer is cut */

struct slot {
    char uuid[UUID_SIZE]; /* "": of a reservation */
    uint32_t domid;
    uint64_t boot_ms;
    uint64_t seen_ms;
    uint64_t plan; /* the last one that it took part in */
    void *entry;
};

struct xbp_memory {
    size_t entry_size;
    struct slot *slots;
    size_t n, capacity;
    size_t *places;  /* of the guests of the snapshot, in slots */
    size_t n_places; /* there is room for */
    size_t n_placed;
    size_t n_untaken; /* slots that nobody has taken in this plan */
    uint64_t plan;
};

struct xbp_memory *
xbp_memory_new(size_t entry_size)
{
    struct xbp_memory *m = calloc(1, sizeof(*m));

    if (m)
        m->entry_size = entry_size;
    return m;
}

struct xbp_memory *
xbp_memory_free(struct xbp_memory *m)
{
    if (!m)
        return NULL;
    for (size_t i = 0; i < m->n; i++)
        free(m->slots[i].entry);
    free(m->slots);
    free(m->places);
    free(m);
    return NULL;
}

static bool
is_forgotten(const struct slot *slot, uint64_t now_ms)
{
    return slot->uuid[0] == '\0' ||
           sat_sub(now_ms, slot->seen_ms) > XBP_MEMORY_FORGET_MS;
}

static void
forget(struct xbp_memory *m, uint64_t now_ms)
{
    size_t kept = 0;

    for (size_t i = 0; i < m->n; i++) {
        if (is_forgotten(&m->slots[i], now_ms))
            free(m->slots[i].entry);
        else if (i == kept)
            kept++;
        else
            m->slots[kept++] = m->slots[i];
    }
    m->n = kept;
}

/* Two guests of one uuid, as while one is replaced, do not share a slot. */
static bool
is_of(const struct xbp_memory *m, const struct slot *slot, const char *uuid)
{
    return slot->plan != m->plan &&
           strncmp(slot->uuid, uuid, UUID_SIZE - 1) == 0;
}

/* Its place, looked for from a place on; m->n if it has none. */
static size_t
find(const struct xbp_memory *m, const struct xbp_guest *g, size_t from)
{
    if ((g->flags & XBP_GUEST_RESERVATION) || m->n_untaken == 0)
        return m->n;
    for (size_t i = 0; i < m->n; i++) {
        size_t place = (from + i) % m->n;

        if (is_of(m, &m->slots[place], g->uuid))
            return place;
    }
    return m->n;
}

static int
add(struct xbp_memory *m, const struct xbp_guest *g)
{
    void *entry = calloc(1, m->entry_size);
    struct slot *slot = &m->slots[m->n];

    if (!entry)
        return -1;
    *slot = (struct slot){ .entry = entry, .domid = UINT32_MAX };
    if (!(g->flags & XBP_GUEST_RESERVATION))
        memcpy(slot->uuid, g->uuid, strnlen(g->uuid, UUID_SIZE - 1));
    m->n++;
    return 0;
}

/* Room for as many new slots, and for their places. */
static int
reserve(struct xbp_memory *m, size_t n)
{
    size_t capacity = m->n + n;
    struct slot *slots = m->slots;
    size_t *places = m->places;

    if (capacity > m->capacity)
        slots = realloc(m->slots, capacity * sizeof(*slots));
    if (!slots && capacity > 0)
        return -1;
    m->slots = slots;
    m->capacity = capacity > m->capacity ? capacity : m->capacity;
    if (n > m->n_places)
        places = realloc(m->places, n * sizeof(*places));
    if (!places && n > 0)
        return -1;
    m->places = places;
    m->n_places = n > m->n_places ? n : m->n_places;
    return 0;
}

int
xbp_memory_begin(struct xbp_memory *m, const struct xbp_snapshot *s)
{
    size_t place = 0;

    forget(m, s->now_ms);
    m->n_placed = 0;
    m->n_untaken = m->n;
    m->plan++;
    if (reserve(m, (size_t)s->n_guests) < 0)
        return -1;
    for (uint64_t i = 0; i < s->n_guests; i++) {
        const struct xbp_guest *g = s->guests[i];
        struct slot *slot;

        place = find(m, g, place);
        if (place < m->n)
            m->n_untaken--;
        else if (add(m, g) < 0)
            return -1;
        slot = &m->slots[place];
        if (slot->domid != g->domid)
            slot->boot_ms = s->now_ms;
        slot->domid = g->domid;
        slot->seen_ms = s->now_ms;
        slot->plan = m->plan;
        m->places[i] = place++;
        m->n_placed++;
    }
    return 0;
}

void *
xbp_memory_of(const struct xbp_memory *m, uint64_t i)
{
    return i < m->n_placed ? m->slots[m->places[i]].entry : NULL;
}

uint64_t
xbp_memory_boot_ms(const struct xbp_memory *m, uint64_t i)
{
    return m->slots[m->places[i]].boot_ms;
}
