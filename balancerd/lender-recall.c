/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leases that are wanted back: kept in xenstore until they have ended, so that
 * the next daemon wants them back, too; and how much could come back. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>

#include "lender-private.h"
#include "lent-text.h"
#include "log.h"
#include "note.h"
#include "pool.h"
#include "proto/keys.h"
#include "tick.h"
#include "util/parse.h"
#include "util/units.h"

static void
keep(const struct lender *lender, const struct lent_lease *l)
{
    struct host *h = lender->b->host;
    char path[KEYS_PATH_SIZE], text[LENT_RECALL_SIZE];

    lent_recall_format(l, text);
    if (h->ops->store_write(h, keys_recall(path, l->number), text) < 0)
        log_warnx("xenstore does not keep that lease %" PRIu64
                  " is wanted back; the next daemon will not know",
                  l->number);
}

void
lender_recall(struct lender *lender, struct lent_lease *l, uint64_t grace_ms)
{
    lent_recall(l, sat_add(lender_now_ms(lender), grace_ms));
    keep(lender, l);
    note(lender->b, EVENTS_LEASE_RECALLED,
         "lease %" PRIu64 " of %s for %s is wanted back within %" PRIu64 " s",
         l->number, l->peer, l->volume, grace_ms / MS_PER_S);
}

void
lender_forget_recall(const struct lender *lender, uint64_t number)
{
    struct host *h = lender->b->host;
    char path[KEYS_PATH_SIZE];

    h->ops->store_remove(h, keys_recall(path, number));
}

/* Of a lease that has ended while no daemon was there to see it, or that never
 * was: a lendmem that was started again counts from 1. */
static int
restore(void *arg, const char *name, const char *value)
{
    struct lender *lender = arg;
    struct host *h = lender->b->host;
    struct lent_lease *l = NULL;
    char path[KEYS_PATH_SIZE];
    uint64_t number;

    if (parse_u64(name, 0, UINT64_MAX, &number) == 0)
        l = lent_find_number(lender->lent, number);
    if (l && lent_recall_parse(value, l) == 0) {
        log_info("lease %" PRIu64 " of %s for %s is still wanted back",
                 l->number, l->peer, l->volume);
        return 0;
    }
    snprintf(path, sizeof(path), KEYS_RECALLS "/%s", name);
    h->ops->store_remove(h, path);
    return 0;
}

/* Once, when it is known what is lent. */
void
lender_restore_recalls(struct lender *lender)
{
    struct host *h = lender->b->host;

    if (lender->has_restored)
        return;
    lender->has_restored = true;
    if (h->ops->store_list(h, KEYS_RECALLS, restore, lender) < 0)
        log_warnx("xenstore does not tell which leases are wanted back");
}

void
lender_count_returns(struct lender *lender)
{
    struct tuning *t = &lender->b->tuning;

    t->lent_give_kib = lender_sheds_kib(lender, POOL_STAYS_SOON);
    t->lent_hope_kib = lender_sheds_kib(lender, POOL_STAYS_EVER);
}

/* Guests give within a second, a borrower within its grace; so both are asked
 * at once, and what comes back goes to the guests. */
void
lender_on_tick(struct lender *lender)
{
    int64_t spare_kib = account_spare_kib(&lender->b->snapshot.account);
    struct lent_lease *l;
    uint64_t short_kib;

    if (lender->lent->n == 0 || spare_kib >= 0)
        return;
    short_kib =
        sat_sub((uint64_t)-spare_kib, lender_sheds_kib(lender, POOL_STAYS_NOW));
    while ((l = pool_next_recall(lender->lent, short_kib)))
        lender_recall(lender, l, lender->grace_ms);
}
