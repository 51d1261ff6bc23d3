/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks lenders, and remembers what is owed to them until it is given back. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "swap-lease.h"
#include "swap-lend.h"
#include "tick.h"
#include "util/text.h"
#include "util/units.h"

/* A lender that is away is not asked all the time. */
#define PAY_PAUSE_MS (5 * MS_PER_S)

static struct swap_lend *
lend_of(const struct balancer *b)
{
    return b->swap.lend;
}

/* Each lender keeps one copy at most. */
static bool
is_used(const struct swap_volume *v, const char *lender)
{
    for (size_t i = 0; i < v->n_legs; i++)
        if (v->legs[i][0] && strcmp(v->lenders[i], lender) == 0)
            return true;
    return false;
}

static bool
can_lend(const struct balancer *b, const struct swap_volume *v,
         const struct swap_lender *l)
{
    struct swap_lend *lend = lend_of(b);

    return l->is_up && l->free_kib >= v->size_kib && !is_used(v, l->name) &&
           strcmp(v->paying, l->name) != 0 &&
           (!v->peer[0] || strcmp(v->peer, l->name) == 0) &&
           !lend->ops->is_recalled(lend, v->uuid, l->name);
}

static void
describe(const struct swap_lender *l, char error[SWAP_LEASE_ERROR_SIZE])
{
    if (l->is_up)
        text_append(error, SWAP_LEASE_ERROR_SIZE, "; %s has %" PRIu64 " KiB",
                    l->name, l->free_kib);
    else
        text_append(error, SWAP_LEASE_ERROR_SIZE, "; %s is down (%s)", l->name,
                    l->why_down);
}

int
swap_lease_choose(const struct balancer *b, const struct swap_volume *v,
                  char ret_lender[SWAP_LENDER_SIZE],
                  char error[SWAP_LEASE_ERROR_SIZE])
{
    struct swap_lend *lend = lend_of(b);
    uint64_t most_kib = 0;
    struct swap_lender l;
    size_t i;

    snprintf(error, SWAP_LEASE_ERROR_SIZE, "No peer can lend %" PRIu64 " KiB",
             v->size_kib);
    ret_lender[0] = '\0';
    for (i = 0; lend && lend->ops->get(lend, i, &l); i++) {
        if (!v->peer[0] || strcmp(v->peer, l.name) == 0)
            describe(&l, error);
        if (!can_lend(b, v, &l) || l.free_kib <= most_kib)
            continue;
        most_kib = l.free_kib;
        snprintf(ret_lender, SWAP_LENDER_SIZE, "%s", l.name);
    }
    if (i == 0)
        text_append(error, SWAP_LEASE_ERROR_SIZE, ": there is no peer");
    return ret_lender[0] ? 0 : -ENOENT;
}

static bool
is_owed(const struct swap_volume *v, const char *lender)
{
    for (size_t i = 0; i < v->n_owed; i++)
        if (strcmp(v->owed[i], lender) == 0)
            return true;
    return false;
}

static int
owe(struct swap_volume *v, const char *lender)
{
    if (is_owed(v, lender))
        return 0;
    if (v->n_owed == SWAP_OWED_MAX)
        return -EBUSY;
    memcpy(v->owed[v->n_owed++], lender, SWAP_LENDER_SIZE);
    return 0;
}

static void
settle(struct swap_volume *v, const char *lender)
{
    for (size_t i = 0; i < v->n_owed; i++) {
        if (strcmp(v->owed[i], lender) != 0)
            continue;
        v->n_owed--;
        memmove(v->owed[i], v->owed[i + 1],
                (v->n_owed - i) * sizeof(v->owed[0]));
        return;
    }
}

static int
ask(struct balancer *b, struct swap_volume *v, size_t leg)
{
    struct swap_lend *lend = lend_of(b);
    int r = swap_lease_choose(b, v, v->lenders[leg], v->error);

    if (r < 0) {
        snprintf(v->code, sizeof(v->code), "no-lender");
        return r;
    }
    v->error[0] = '\0';
    r = owe(v, v->lenders[leg]);
    if (r == 0)
        r = lend->ops->ask(lend, v, v->lenders[leg]);
    if (r < 0) {
        snprintf(v->code, sizeof(v->code), "no-lender");
        snprintf(v->error, sizeof(v->error), "%s cannot be asked: %s",
                 v->lenders[leg], strerror(-r));
    }
    return r;
}

int
swap_lease_ask(struct balancer *b, struct swap_volume *v)
{
    for (size_t i = 0; i < v->n_legs; i++)
        if (!v->legs[i][0])
            return ask(b, v, i);
    return 1;
}

/* A leg that an administrator named stays what it is. */
void
swap_lease_drop(struct swap_volume *v, size_t leg)
{
    if (v->lenders[leg][0])
        v->legs[leg][0] = '\0';
}

bool
swap_lease_pay(struct balancer *b, struct swap_volume *v)
{
    struct swap_lend *lend = lend_of(b);

    uint64_t now_ms = b->host->ops->now_ms(b->host);

    for (size_t i = 0; lend && i < v->n_owed; i++) {
        if (v->paying[0] || now_ms < v->pay_ms ||
            (v->state != VOLUME_RETURNING &&
             (v->deed == VOLUME_DO_ASK || is_used(v, v->owed[i]))))
            continue;
        if (lend->ops->end(lend, v, v->owed[i]) == 0)
            memcpy(v->paying, v->owed[i], sizeof(v->paying));
    }
    return v->n_owed == 0;
}

size_t
swap_lease_recalled(const struct balancer *b, const struct swap_volume *v)
{
    struct swap_lend *lend = lend_of(b);
    size_t i = 0;

    while (lend && i < v->n_legs &&
           (!v->lenders[i][0] || !v->legs[i][0] ||
            !lend->ops->is_recalled(lend, v->uuid, v->lenders[i])))
        i++;
    return lend ? i : v->n_legs;
}

static void
hear_end(struct balancer *b, struct swap_volume *v,
         const struct swap_lend_answer *a, swap_lease_fn *happens)
{
    v->paying[0] = '\0';
    if (a->error[0]) {
        log_debug("volume %s: %s does not take its memory back: %s", v->uuid,
                  a->lender, a->error);
        v->pay_ms = b->host->ops->now_ms(b->host) + PAY_PAUSE_MS;
    } else {
        settle(v, a->lender);
    }
    if (v->state == VOLUME_RETURNING && v->n_owed == 0)
        happens(b, v, VOLUME_DONE);
    else if (v->deed == VOLUME_DO_RETURN && a->error[0])
        happens(b, v, VOLUME_FAILED);
    else
        swap_lease_pay(b, v);
}

static void
hear_ask(struct balancer *b, struct swap_volume *v,
         const struct swap_lend_answer *a, swap_lease_fn *happens)
{
    int r;

    if (v->deed != VOLUME_DO_ASK)
        return; /* it is owed, and will be given back */
    if (a->error[0]) {
        snprintf(v->code, sizeof(v->code), "no-lender");
        snprintf(v->error, sizeof(v->error), "%s: %.400s", a->lender, a->error);
        happens(b, v, VOLUME_FAILED);
        return;
    }
    for (size_t i = 0; i < v->n_legs; i++)
        if (!v->legs[i][0] && strcmp(v->lenders[i], a->lender) == 0)
            memcpy(v->legs[i], a->leg, sizeof(v->legs[i]));
    r = swap_lease_ask(b, v);
    if (r != 0)
        happens(b, v, r < 0 ? VOLUME_FAILED : VOLUME_DONE);
}

void
swap_lease_hear(struct balancer *b, swap_lease_fn *happens)
{
    struct swap_lend *lend = lend_of(b);
    struct swap_lend_answer a;

    while (lend && lend->ops->next(lend, &a)) {
        struct swap_volume *v = swap_find(&b->swap, a.volume);

        if (!v)
            continue;
        if (a.is_end)
            hear_end(b, v, &a, happens);
        else
            hear_ask(b, v, &a, happens);
    }
}
