/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table of leases that lendmem's listings are taken into. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "lent.h"
#include "util/text.h"
#include "util/units.h"

void
lent_label(const char *peer, const char *volume, char label[LENT_LABEL_SIZE])
{
    snprintf(label, LENT_LABEL_SIZE, "%s/%s", peer, volume);
}

void
lent_split(const char *untrusted_label, struct lent_lease *l)
{
    const char *slash = strchr(untrusted_label, '/');
    size_t length = slash ? (size_t)(slash - untrusted_label) : 0;

    l->peer[0] = '\0';
    if (length > 0 && length < sizeof(l->peer)) {
        memcpy(l->peer, untrusted_label, length);
        l->peer[length] = '\0';
        if (peer_name_is_valid(l->peer) && peer_volume_is_valid(slash + 1)) {
            snprintf(l->volume, sizeof(l->volume), "%s", slash + 1);
            return;
        }
    }
    l->peer[0] = '\0';
    text_escape(l->volume, sizeof(l->volume), untrusted_label);
}

struct lent_lease *
lent_find(struct lent *t, const char *peer, const char *volume)
{
    size_t i;

    for (i = 0; i < t->n; i++)
        if (strcmp(t->list[i].peer, peer) == 0 &&
            strcmp(t->list[i].volume, volume) == 0)
            return &t->list[i];
    return NULL;
}

struct lent_lease *
lent_find_number(struct lent *t, uint64_t number)
{
    size_t i;

    for (i = 0; i < t->n; i++)
        if (t->list[i].number == number)
            return &t->list[i];
    return NULL;
}

size_t
lent_count(const struct lent *t, const char *peer)
{
    size_t i, n = 0;

    for (i = 0; i < t->n; i++)
        n += strcmp(t->list[i].peer, peer) == 0;
    return n;
}

uint64_t
lent_free_kib(const struct lent *t)
{
    uint64_t most_kib = min_u64(t->lend_max_kib, t->pool.memory_kib);

    return t->pool.is_up
               ? min_u64(t->room_kib, sat_sub(most_kib, t->pool.promised_kib))
               : 0;
}

void
lent_begin(struct lent *t)
{
    size_t i;

    for (i = 0; i < t->n; i++)
        t->list[i].is_seen = false;
}

/* A lendmem that was started again counts from 1: only tokens are for ever. */
static struct lent_lease *
find_token(struct lent *t, const char *token)
{
    size_t i;

    for (i = 0; i < t->n; i++)
        if (strcmp(t->list[i].token, token) == 0)
            return &t->list[i];
    return NULL;
}

void
lent_take(struct lent *t, const struct lent_lease *l)
{
    struct lent_lease *known = find_token(t, l->token);
    struct lent_lease old = { .is_recalled = false };

    if (known)
        old = *known;
    else if (t->n < LENT_MAX)
        known = &t->list[t->n++];
    else
        return;
    *known = *l;
    known->is_recalled = old.is_recalled;
    known->is_overdue = old.is_overdue;
    known->recall_ms = old.recall_ms;
    known->is_seen = true;
}

void
lent_end(struct lent *t, lent_gone_fn *gone, void *arg)
{
    size_t i, kept = 0;

    for (i = 0; i < t->n; i++) {
        if (t->list[i].is_seen)
            t->list[kept++] = t->list[i];
        else
            gone(arg, &t->list[i]);
    }
    t->n = kept;
}

void
lent_recall(struct lent_lease *l, uint64_t until_ms)
{
    l->is_recalled = true;
    l->is_overdue = false;
    l->recall_ms = until_ms;
}

struct lent_lease *
lent_overdue(struct lent *t, uint64_t now_ms)
{
    size_t i;

    for (i = 0; i < t->n; i++) {
        struct lent_lease *l = &t->list[i];

        if (!l->is_recalled || l->is_overdue || now_ms < l->recall_ms)
            continue;
        l->is_overdue = true;
        return l;
    }
    return NULL;
}
