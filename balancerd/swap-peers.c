/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Peers lend what volumes ask for: each request is remembered until its answer
 * is taken. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "peers.h"
#include "swap-peers.h"

struct request {
    TAILQ_ENTRY(request) link;
    struct lenders *all;
    bool is_answered;
    struct swap_lend_answer answer;
};

struct lenders {
    struct swap_lend base;
    struct peers *peers;
    swap_peers_news_fn *news;
    void *news_arg;
    TAILQ_HEAD(, request) requests;
};

static struct lenders *
from_lend(struct swap_lend *lend)
{
    return (struct lenders *)lend;
}

static bool
peers_lend_get(struct swap_lend *lend, size_t i, struct swap_lender *ret)
{
    const struct peers_status *p = peers_status(from_lend(lend)->peers, i);

    if (!p)
        return false;
    ret->name = p->name;
    ret->is_up = p->is_up;
    ret->why_down = p->why_down;
    ret->free_kib = p->free_kib;
    ret->rtt_us = p->rtt_us;
    return true;
}

/* "nbd:HOST:PORT:TOKEN"; an IPv6 address stands in brackets. */
static void
format_leg(const struct peers_lease *lease, char leg[VOLUME_LEG_SIZE])
{
    bool is_v6 = strchr(lease->host, ':') != NULL;

    snprintf(leg, VOLUME_LEG_SIZE, "nbd:%s%s%s:%u:%s", is_v6 ? "[" : "",
             lease->host, is_v6 ? "]" : "", (unsigned)lease->port,
             lease->token);
}

static void
take_answer(struct request *r, const struct peers_answer *answer)
{
    struct swap_lend_answer *a = &r->answer;
    bool is_harmless = a->is_end && answer->r == -ENOENT;

    if (answer->r < 0 && !is_harmless)
        snprintf(a->error, sizeof(a->error), "%s",
                 answer->error[0] ? answer->error : strerror(-answer->r));
    else if (!a->is_end && answer->n_leases == 0)
        snprintf(a->error, sizeof(a->error), "it does not say what it lends");
    else if (!a->is_end)
        format_leg(&answer->leases[0], a->leg);
}

static void
on_answer(void *arg, const struct peers_answer *answer)
{
    struct request *r = arg;

    r->is_answered = true;
    take_answer(r, answer);
    r->all->news(r->all->news_arg);
}

/* A peer that comes, goes or wants its memory back changes what volumes do. */
static void
on_news(void *arg, const struct peers_status *peer, const char *volume)
{
    struct lenders *all = arg;

    (void)peer;
    (void)volume;
    all->news(all->news_arg);
}

static struct request *
new_request(struct lenders *all, const struct swap_volume *v,
            const char *lender, bool is_end)
{
    struct request *r = calloc(1, sizeof(*r));

    if (!r)
        return NULL;
    r->all = all;
    r->answer.is_end = is_end;
    memcpy(r->answer.volume, v->uuid, sizeof(r->answer.volume));
    snprintf(r->answer.lender, sizeof(r->answer.lender), "%s", lender);
    TAILQ_INSERT_TAIL(&all->requests, r, link);
    return r;
}

static void
free_request(struct request *r)
{
    TAILQ_REMOVE(&r->all->requests, r, link);
    free(r);
}

static int
peers_lend_ask(struct swap_lend *lend, const struct swap_volume *v,
               const char *lender)
{
    const struct peers_wish wish = { v->uuid, v->size_kib };
    struct lenders *all = from_lend(lend);
    struct request *r = new_request(all, v, lender, false);
    int result = r ? peers_lease_create(all->peers, lender, &wish, on_answer, r)
                   : -ENOMEM;

    if (r && result < 0)
        free_request(r);
    return result;
}

static int
peers_lend_end(struct swap_lend *lend, const struct swap_volume *v,
               const char *lender)
{
    struct lenders *all = from_lend(lend);
    struct request *r = new_request(all, v, lender, true);
    int result = r ? peers_lease_end(all->peers, lender, v->uuid, on_answer, r)
                   : -ENOMEM;

    if (r && result < 0)
        free_request(r);
    return result;
}

static bool
peers_lend_next(struct swap_lend *lend, struct swap_lend_answer *ret)
{
    struct lenders *all = from_lend(lend);
    struct request *r;

    TAILQ_FOREACH(r, &all->requests, link) {
        if (!r->is_answered)
            continue;
        *ret = r->answer;
        free_request(r);
        return true;
    }
    return false;
}

static bool
peers_lend_is_recalled(struct swap_lend *lend, const char *volume,
                       const char *lender)
{
    const struct peers_recall *recall;

    for (size_t i = 0;
         (recall = peers_recall(from_lend(lend)->peers, lender, i)); i++)
        if (strcmp(recall->volume, volume) == 0)
            return true;
    return false;
}

static void
peers_lend_free(struct swap_lend *lend)
{
    struct lenders *all = from_lend(lend);
    struct request *r;

    peers_set_news(all->peers, NULL, NULL);
    while ((r = TAILQ_FIRST(&all->requests))) {
        peers_forget(all->peers, r);
        free_request(r);
    }
    free(all);
}

struct swap_lend *
swap_peers_new(struct peers *peers, swap_peers_news_fn *news, void *arg)
{
    static const struct swap_lend_ops ops = {
        .get = peers_lend_get,
        .ask = peers_lend_ask,
        .end = peers_lend_end,
        .next = peers_lend_next,
        .is_recalled = peers_lend_is_recalled,
        .free = peers_lend_free,
    };
    struct lenders *all = calloc(1, sizeof(*all));

    if (!all)
        return NULL;
    all->base.ops = &ops;
    all->peers = peers;
    all->news = news;
    all->news_arg = arg;
    TAILQ_INIT(&all->requests);
    peers_set_news(peers, on_news, all);
    return &all->base;
}
