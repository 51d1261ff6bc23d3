/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks lenders, and remembers what is owed to them until it is given back. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "pool.h"
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

/* Its place among those that are owed, or n_owed. */
static size_t
find_owed(const struct swap_volume *v, const char *lender)
{
    size_t i = 0;

    while (i < v->n_owed && strcmp(v->owed[i], lender) != 0)
        i++;
    return i;
}

static bool
has_refused(const struct swap_volume *v, const char *lender)
{
    size_t i = find_owed(v, lender);

    return i < v->n_owed && v->has_refused[i];
}

/* If it cannot, error says why. */
static bool
can_lend(const struct balancer *b, const struct swap_volume *v,
         const struct swap_lender *l, char error[SWAP_LEASE_ERROR_SIZE])
{
    struct swap_lend *lend = lend_of(b);
    const char *why = NULL;

    if (v->peer[0] && strcmp(v->peer, l->name) != 0)
        return false;
    if (!l->is_up)
        text_append(error, SWAP_LEASE_ERROR_SIZE, "; %s is down (%s)", l->name,
                    l->why_down);
    else if (l->free_kib < pool_cost_kib(v->size_kib))
        text_append(error, SWAP_LEASE_ERROR_SIZE, "; %s has %" PRIu64 " KiB",
                    l->name, l->free_kib);
    else if (is_used(v, l->name))
        why = "has lent to it already";
    else if (strcmp(v->paying, l->name) == 0)
        why = "takes back what it had lent";
    else if (lend->ops->is_recalled(lend, v->uuid, l->name))
        why = "wants its memory back";
    else
        return !has_refused(v, l->name);
    if (why)
        text_append(error, SWAP_LEASE_ERROR_SIZE, "; %s %s", l->name, why);
    return false;
}

/* Powers of two of ms: what differs by less is noise, or the same network. */
static unsigned int
distance(const struct swap_lender *l)
{
    unsigned int n = 0;

    for (uint64_t ms = l->rtt_us / US_PER_MS; ms > 0; ms /= 2)
        n++;
    return n;
}

/* Every page goes there and back, so who is near comes first; among those who
 * has most, so that all get their share. */
static bool
is_better(const struct swap_lender *a, const struct swap_lender *b)
{
    if (distance(a) != distance(b))
        return distance(a) < distance(b);
    return a->free_kib > b->free_kib;
}

static void
begin_refusal(const struct swap_volume *v, char error[SWAP_LEASE_ERROR_SIZE])
{
    if (v->peer[0])
        snprintf(error, SWAP_LEASE_ERROR_SIZE, "Peer %s cannot lend", v->peer);
    else
        snprintf(error, SWAP_LEASE_ERROR_SIZE, "No peer can lend");
    text_append(error, SWAP_LEASE_ERROR_SIZE,
                " %" PRIu64 " KiB, which take %" PRIu64 " KiB there",
                v->size_kib, pool_cost_kib(v->size_kib));
}

int
swap_lease_choose(const struct balancer *b, const struct swap_volume *v,
                  char ret_lender[SWAP_LENDER_SIZE],
                  char error[SWAP_LEASE_ERROR_SIZE])
{
    struct swap_lender l, best = { .name = "" };
    struct swap_lend *lend = lend_of(b);
    bool is_known = false;

    begin_refusal(v, error);
    for (size_t i = 0; lend && lend->ops->get(lend, i, &l); i++) {
        is_known |= !v->peer[0] || strcmp(v->peer, l.name) == 0;
        if (can_lend(b, v, &l, error) &&
            (!best.name[0] || is_better(&l, &best)))
            best = l;
    }
    if (!is_known)
        text_append(error, SWAP_LEASE_ERROR_SIZE, ": there is no%s peer",
                    v->peer[0] ? " such" : "");
    snprintf(ret_lender, SWAP_LENDER_SIZE, "%s", best.name);
    return ret_lender[0] ? 0 : -ENOENT;
}

static int
owe(struct swap_volume *v, const char *lender)
{
    if (find_owed(v, lender) < v->n_owed)
        return 0;
    if (v->n_owed == SWAP_OWED_MAX)
        return -EBUSY;
    v->has_refused[v->n_owed] = false;
    memcpy(v->owed[v->n_owed++], lender, SWAP_LENDER_SIZE);
    return 0;
}

static void
settle(struct swap_volume *v, const char *lender)
{
    size_t i = find_owed(v, lender);

    if (i == v->n_owed)
        return;
    for (v->n_owed--; i < v->n_owed; i++) {
        memcpy(v->owed[i], v->owed[i + 1], sizeof(v->owed[0]));
        v->has_refused[i] = v->has_refused[i + 1];
    }
}

/* The most that one peer has. */
static uint64_t
most_free_kib(const struct balancer *b, const struct swap_volume *v)
{
    struct swap_lend *lend = lend_of(b);
    uint64_t most_kib = 0;
    struct swap_lender l;

    for (size_t i = 0; lend && lend->ops->get(lend, i, &l); i++)
        if (l.is_up && (!v->peer[0] || strcmp(v->peer, l.name) == 0))
            most_kib = max_u64(most_kib, l.free_kib);
    return most_kib;
}

static int
ask(struct balancer *b, struct swap_volume *v, size_t leg)
{
    struct swap_lend *lend = lend_of(b);
    int r = swap_lease_choose(b, v, v->lenders[leg], v->error);

    if (r < 0) {
        snprintf(v->code, sizeof(v->code), "no-lender");
        v->needed_kib = pool_cost_kib(v->size_kib);
        v->available_kib = most_free_kib(b, v);
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

static int
ask_next(struct balancer *b, struct swap_volume *v)
{
    for (size_t i = 0; i < v->n_legs; i++)
        if (!v->legs[i][0])
            return ask(b, v, i);
    return 1;
}

int
swap_lease_ask(struct balancer *b, struct swap_volume *v)
{
    memset(v->has_refused, 0, sizeof(v->has_refused));
    return ask_next(b, v);
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

/* Another one may lend what this one does not. */
static int
hear_refusal(struct balancer *b, struct swap_volume *v,
             const struct swap_lend_answer *a)
{
    size_t i = find_owed(v, a->lender);

    log_info("volume %s: %s lends nothing: %s", v->uuid, a->lender, a->error);
    if (i < v->n_owed)
        v->has_refused[i] = true;
    if (ask_next(b, v) == 0)
        return 0;
    snprintf(v->code, sizeof(v->code), "no-lender");
    snprintf(v->error, sizeof(v->error), "%s: %.400s", a->lender, a->error);
    v->needed_kib = v->available_kib = HOST_UNSET;
    return -ENOENT;
}

/* The leg that waits for it, or n_legs: that was given up. */
static size_t
leg_of(const struct swap_volume *v, const char *lender)
{
    size_t i = 0;

    while (i < v->n_legs &&
           (v->legs[i][0] || strcmp(v->lenders[i], lender) != 0))
        i++;
    return i;
}

/* What nobody waits for any more is owed, and will be given back. */
static void
hear_ask(struct balancer *b, struct swap_volume *v,
         const struct swap_lend_answer *a, swap_lease_fn *happens)
{
    size_t leg = leg_of(v, a->lender);
    int r;

    if (v->deed != VOLUME_DO_ASK || leg == v->n_legs)
        return;
    if (a->error[0]) {
        r = hear_refusal(b, v, a);
    } else {
        memcpy(v->legs[leg], a->leg, sizeof(v->legs[leg]));
        r = ask_next(b, v);
    }
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
