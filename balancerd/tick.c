/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loop step: every decision of the balancer, in the order they come. */
#include <config.h>

#include <errno.h>

#include "adopt.h"
#include "apply.h"
#include "book.h"
#include "engines.h"
#include "errands.h"
#include "events.h"
#include "guard.h"
#include "history.h"
#include "log.h"
#include "note.h"
#include "notice.h"
#include "overhead-learn.h"
#include "pace.h"
#include "policy.h"
#include "record.h"
#include "remember.h"
#include "settle.h"
#include "status.h"
#include "swap-ladder.h"
#include "swap-step.h"
#include "tick.h"
#include "util/units.h"

int
balancer_init(struct balancer *b, struct host *host, struct engines *engines,
              const struct tuning *tuning)
{
    int r;

    *b = (struct balancer){
        .host = host,
        .engines = engines,
        .tuning = *tuning,
        .default_range.min.kib = HOST_UNSET,
        .default_range.max.kib = HOST_UNSET,
        .events = events_new(),
        .history = history_new(),
        .squeezes.bounds_us = histogram_long_us,
    };
    if (!b->events || !b->history)
        return -ENOMEM;
    errands_open(b);
    r = overhead_load(b);
    return r < 0 ? r : book_load(b);
}

void
balancer_done(struct balancer *b)
{
    host_view_done(&b->view);
    guest_table_done(&b->guests);
    reserve_table_done(&b->reservations);
    settings_table_done(&b->settings);
    errand_table_done(&b->errands);
    swap_done(&b->swap);
    snapshot_done(&b->snapshot);
    plan_done(&b->plan);
    steps_done(&b->steps);
    b->events = events_free(b->events);
    b->history = history_free(b->history);
}

int
balancer_freeze(struct balancer *b)
{
    account_open(&b->reservations, &b->guests);
    return snapshot_build(&b->snapshot, &b->guests, &b->reservations,
                          &b->view.memory, &b->tuning);
}

int
balancer_refresh(struct balancer *b)
{
    uint64_t now_ms = b->host->ops->now_ms(b->host);
    int r = b->host->ops->observe(b->host, &b->view);

    if (r < 0)
        return r;
    record_look(b->record, b, now_ms);
    r = guest_table_observe(&b->guests, &b->view, &b->tuning, now_ms);
    if (r < 0)
        return r;
    if (b->count_returns)
        b->count_returns(b->lender);
    snapshot_set_time(&b->snapshot, now_ms);
    return balancer_freeze(b);
}

static void
note_set_aside(struct balancer *b, struct engine *e)
{
    char title[ENGINE_TITLE_SIZE];

    engine_title(e, title);
    note(b, EVENTS_ENGINE_FAILED,
         "engine %s is set aside, and %s in its place: %s", title,
         e == b->engines->list[0] ? "proportional is" : "the default one is",
         e->why);
}

static void
note_failing(struct balancer *b, struct engine *e)
{
    char title[ENGINE_TITLE_SIZE];

    engine_title(e, title);
    note(b, EVENTS_ENGINE_FAILED,
         "engine %s made no plan; the targets of its domains stay: %s", title,
         e->why);
}

/* Once, and not every tick. */
static void
note_failing_engines(struct balancer *b)
{
    for (size_t i = 0; i < b->engines->n; i++) {
        struct engine *e = b->engines->list[i];

        if (e->is_set_aside && !e->is_aside_told)
            note_set_aside(b, e);
        else if (e->is_failing && !e->is_told)
            note_failing(b, e);
        e->is_aside_told = e->is_set_aside;
        e->is_told = e->is_failing;
    }
}

static void
note_rule(struct guest *g, const struct wish *w, uint64_t now_ms)
{
    if (g->is_planned && g->rule == w->rule)
        return;
    g->is_planned = true;
    g->rule = w->rule;
    g->rule_since_ms = now_ms;
}

/* Domains and wishes both come by rising domid. */
static void
note_rules(struct balancer *b)
{
    const struct plan *p = &b->plan;
    size_t i = 0;

    for (size_t j = 0; j < b->guests.n; j++) {
        struct guest *g = &b->guests.guests[j];

        while (i < p->n && p->wishes[i].domid < g->facts.domid)
            i++;
        if (i < p->n && p->wishes[i].domid == g->facts.domid)
            note_rule(g, &p->wishes[i], b->snapshot.xbp.now_ms);
        else
            g->is_planned = false;
    }
}

/* An engine that fails costs its wishes, never the guard's rules: targets
 * stay, and those that a rule forbids are still mended. */
static int
make_plan(struct balancer *b)
{
    char why[POLICY_ERROR_SIZE];
    int r = plan_begin(&b->plan, &b->snapshot);

    if (r < 0)
        return r;
    b->engines->budget_ms = b->tuning.engine_budget_ms;
    if (engines_plan(b->engines, &b->snapshot, &b->plan) < 0)
        b->stats.engine_failures++;
    note_failing_engines(b);
    guard_apply(&b->plan, &b->snapshot, b->is_asked);
    if (guard_check(&b->plan, &b->snapshot, why, sizeof(why)) != 0) {
        b->stats.guard_failures++;
        log_error("a plan was not safe and is dropped: %s", why);
        return -EIO;
    }
    note_rules(b);
    return plan_diff(&b->steps, &b->plan, &b->snapshot, &b->guests);
}

static void
count_writes(struct balancer *b)
{
    for (size_t i = 0; i < b->steps.n; i++) {
        if (b->steps.list[i].kind == STEP_TARGET)
            b->stats.target_writes++;
    }
}

int
balancer_decide(struct balancer *b)
{
    int r = make_plan(b);

    if (r < 0)
        return r;
    record_plan(b->record, b);
    b->is_asked = false;
    count_writes(b);
    apply_steps(b);
    record_done(b->record, b);
    if (b->steps.n > 0) /* a new target is a new commitment */
        balancer_freeze(b);
    return 0;
}

uint64_t
tick(struct balancer *b)
{
    int r = balancer_refresh(b);
    struct pace pace;

    b->stats.ticks++;
    if (r == 0 && adopt_domains(b))
        r = balancer_refresh(b);
    if (r == 0 && errands_take(b))
        r = balancer_freeze(b);
    if (r == 0) {
        notice_guests(b);
        if (settle_heirs(b))
            r = balancer_freeze(b);
    }
    if (r == 0)
        r = balancer_decide(b);
    if (r < 0) {
        b->stats.failed_ticks++;
        b->is_at_rest = false;
        log_warn(-r, "this tick changes nothing");
        return MS_PER_S;
    }
    settle_reservations(b);
    errands_answer(b);
    swap_step(b);
    swap_ladder_step(b);
    notice_squeeze(b);
    remember_sample(b);
    overhead_learn(b);
    pace_look(b, &pace);
    b->is_at_rest = pace_is_at_rest(&pace);
    status_publish(b);
    return pace_sleep_ms(b, &pace);
}
