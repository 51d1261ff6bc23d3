/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happens to volumes is looked up (volume.c), done (swap-run.h), told. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "swap-keep.h"
#include "swap-lease.h"
#include "swap-note.h"
#include "swap-run.h"
#include "swap-step.h"
#include "tick.h"
#include "util/units.h"

/* A mirror that has lost a leg says so in a file, which is read that often. */
#define GLANCE_MS MS_PER_S
/* How long one that has ended is remembered, for those who ask. */
#define MEMORY_MS (60 * MS_PER_S)
/* Between two attempts to give a lender its memory back. */
#define RECALL_PAUSE_MS (5 * MS_PER_S)

static uint64_t
now_ms(const struct balancer *b)
{
    return b->host->ops->now_ms(b->host);
}

static void
keep(struct balancer *b)
{
    char error[SWAP_KEEP_ERROR_SIZE];

    if (swap_keep_save(&b->swap, error) < 0)
        log_error("%s; after a restart balancerd may not know what was wanted",
                  error);
}

static int
fail(struct swap_volume *v, int r)
{
    v->deed = VOLUME_DO_NOTHING;
    if (r == 0)
        return 0;
    snprintf(v->code, sizeof(v->code), "system");
    snprintf(v->error, sizeof(v->error), "rswap-attach cannot be run: %s",
             strerror(-r));
    return -1;
}

/* What a lost leg was lent is sought elsewhere, unless its lender is back. */
static int
ask(struct balancer *b, struct swap_volume *v)
{
    if (v->state == VOLUME_SEEKING && swap_lost_leg(v) < v->n_legs)
        swap_lease_drop(v, swap_lost_leg(v));
    return swap_lease_ask(b, v);
}

/* "nbd:10.0.0.2:10809": without the export, which is a secret. */
static void
name_lost(struct swap_volume *v)
{
    size_t lost = swap_lost_leg(v);
    struct rswap_leg leg;

    if (lost < v->n_legs && rswap_leg_parse(v->legs[lost], &leg) == 0)
        rswap_leg_name(&leg, v->lost_name);
}

/* 0: it is under way, or nothing; 1: it is done already; -1: it has failed. */
static int
begin(struct balancer *b, struct swap_volume *v, enum volume_deed deed)
{
    int r = 0;

    v->deed = deed;
    switch (deed) {
    case VOLUME_DO_NOTHING:
        return 0;
    case VOLUME_DO_ASK:
        r = ask(b, v);
        break;
    case VOLUME_DO_RETURN:
        r = swap_lease_pay(b, v) ? 1 : v->paying[0] ? 0 : -ENOTCONN;
        break;
    case VOLUME_DO_LOOK:
    case VOLUME_DO_ATTACH:
    case VOLUME_DO_SHED:
    case VOLUME_DO_REPLACE:
    case VOLUME_DO_WITHDRAW:
    case VOLUME_DO_DETACH:
        r = b->swap.run->ops->begin(b->swap.run, v);
        return r < 0 ? fail(v, r) : 0;
    }
    if (r != 0)
        v->deed = VOLUME_DO_NOTHING;
    return r < 0 ? -1 : r;
}

/* The guest keeps it, or it is gone: nobody waits for that any longer. */
static void
settle_wish(struct balancer *b, struct swap_volume *v, enum volume_state was)
{
    if (v->state == VOLUME_ENDED) {
        v->due_ms = now_ms(b) + MEMORY_MS;
        keep(b);
    } else if (was == VOLUME_ASKING || was == VOLUME_SEEKING) {
        keep(b); /* what was lent, by whom */
    } else if (v->state == VOLUME_ATTACHED && v->wish != SWAP_WANTED &&
               (was == VOLUME_WITHDRAWING || was == VOLUME_DETACHING)) {
        v->wish = SWAP_WANTED;
        keep(b);
    }
}

void
swap_happens(struct balancer *b, struct swap_volume *v, enum volume_event event)
{
    struct volume_step step = volume_step(v->state, event);
    enum volume_state was = v->state;
    int r;

    log_debug("volume %s: %s -> %s", v->uuid, volume_state_name(was),
              volume_state_name(step.next));
    if (event == VOLUME_LEG_LOST || step.deed == VOLUME_DO_REPLACE)
        name_lost(v);
    v->state = step.next;
    if (was != v->state)
        v->since_ms = now_ms(b);
    r = begin(b, v, step.deed);
    v->due_ms = sat_add(now_ms(b), volume_patience_ms(v->state));
    settle_wish(b, v, was);
    swap_note(b, v, was, event);
    if (r != 0)
        swap_happens(b, v, r < 0 ? VOLUME_FAILED : VOLUME_DONE);
}

/* A look that finds no device, or one that has lost a leg, is news. */
static enum volume_event
judge_look(const struct swap_facts *facts)
{
    if (!facts->is_attached)
        return VOLUME_MISSING;
    return facts->is_damaged ? VOLUME_LEG_LOST : VOLUME_DONE;
}

static enum volume_event
take_facts(struct swap_volume *v, const struct swap_answer *a)
{
    enum volume_deed deed = v->deed;

    v->facts = a->facts;
    if (deed == VOLUME_DO_ATTACH)
        v->code[0] = v->error[0] = '\0';
    return deed == VOLUME_DO_LOOK || deed == VOLUME_DO_ATTACH
               ? judge_look(&v->facts)
               : VOLUME_DONE;
}

static enum volume_event
take_failure(struct swap_volume *v, const struct swap_answer *a)
{
    memcpy(v->code, a->code, sizeof(v->code));
    memcpy(v->error, a->error, sizeof(v->error));
    v->needed_kib = a->needed_kib;
    v->available_kib = a->available_kib;
    log_info("volume %s: %s: %s", v->uuid, volume_deed_command(v->deed),
             v->error);
    return volume_failure_event(v->code);
}

static void
take_answers(struct balancer *b)
{
    struct swap_run *run = b->swap.run;
    struct swap_answer a;

    while (run->ops->next(run, &a)) {
        struct swap_volume *v = swap_find(&b->swap, a.volume);
        enum volume_event event;

        if (!v || v->deed == VOLUME_DO_NOTHING)
            continue;
        event = a.code[0] ? take_failure(v, &a) : take_facts(v, &a);
        v->deed = VOLUME_DO_NOTHING;
        swap_happens(b, v, event);
    }
}

/* A domid is used again; a uuid has two while its domain moves to itself. */
static bool
has_guest(struct balancer *b, const struct swap_volume *v)
{
    const struct guest *g = guest_find(&b->guests, v->domid);

    return g && !g->facts.is_dying &&
           (!g->facts.uuid[0] || strcmp(g->facts.uuid, v->domain) == 0);
}

static bool
is_leaving(const struct swap_volume *v)
{
    return v->state == VOLUME_DETACHING || swap_is_over(v);
}

/* After a restart it is still wanted, or not. */
static void
check_wish(struct balancer *b, struct swap_volume *v)
{
    if (v->wish == SWAP_FORCED && !is_leaving(v))
        swap_happens(b, v, VOLUME_FORCED);
    else if (v->wish == SWAP_UNWANTED && !is_leaving(v) &&
             v->state != VOLUME_WITHDRAWING)
        swap_happens(b, v, VOLUME_UNWANTED);
}

static void
glance(struct balancer *b, struct swap_volume *v)
{
    struct swap_run *run = b->swap.run;
    bool was = v->is_degraded;

    if (v->state != VOLUME_ATTACHED || !v->facts.device[0])
        return;
    v->is_degraded = run->ops->is_degraded(run, v->facts.device);
    if (v->is_degraded && !was)
        v->due_ms = now_ms(b);
}

/* A lender whose memory is not given back in time will take it. */
static void
check_recall(struct balancer *b, struct swap_volume *v)
{
    size_t leg;

    if ((v->state != VOLUME_ATTACHED && v->state != VOLUME_DEGRADED) ||
        v->deed == VOLUME_DO_SHED ||
        now_ms(b) < sat_add(v->since_ms, RECALL_PAUSE_MS))
        return;
    leg = swap_lease_recalled(b, v);
    if (leg == v->n_legs)
        return;
    v->shed = leg;
    swap_happens(b, v, VOLUME_RECALLED);
}

/* Whoever waits for it hears why there will be nothing. */
static void
lose_guest(struct balancer *b, struct swap_volume *v)
{
    snprintf(v->code, sizeof(v->code), "no-domain");
    snprintf(v->error, sizeof(v->error), "The domain has ended");
    swap_happens(b, v, VOLUME_GUEST_GONE);
}

/* Does it need to be remembered? */
static bool
lead(struct balancer *b, struct swap_volume *v)
{
    if (v->state != VOLUME_ENDED) {
        if (!has_guest(b, v) && !is_leaving(v))
            lose_guest(b, v);
        check_wish(b, v);
        glance(b, v);
        check_recall(b, v);
        swap_lease_pay(b, v);
    }
    if (v->deed != VOLUME_DO_NOTHING || now_ms(b) < v->due_ms)
        return true;
    if (v->state == VOLUME_ENDED)
        return false;
    swap_happens(b, v, VOLUME_TIME);
    return true;
}

static void
hear_lender(struct balancer *b, struct swap_volume *v, enum volume_event event)
{
    v->deed = VOLUME_DO_NOTHING;
    swap_happens(b, v, event);
}

void
swap_step(struct balancer *b)
{
    if (!b->swap.run)
        return;
    take_answers(b);
    swap_lease_hear(b, hear_lender);
    for (size_t i = 0; i < b->swap.n;)
        if (lead(b, b->swap.list[i]))
            i++;
        else
            swap_drop(&b->swap, b->swap.list[i]);
}

uint64_t
swap_due_ms(const struct balancer *b)
{
    uint64_t due_ms = UINT64_MAX;

    for (size_t i = 0; b->swap.run && i < b->swap.n; i++) {
        const struct swap_volume *v = b->swap.list[i];

        /* A simulated deed does not ring. */
        if (v->deed != VOLUME_DO_NOTHING || v->state == VOLUME_ATTACHED)
            due_ms = min_u64(due_ms, now_ms(b) + GLANCE_MS);
        if (v->deed == VOLUME_DO_NOTHING)
            due_ms = min_u64(due_ms, v->due_ms);
    }
    return due_ms;
}
