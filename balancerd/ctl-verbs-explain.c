/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vm-memory-explain: why a domain's target is what it is, and what would make
 * it another one. */
#include <config.h>

#include <string.h>

#include <json-c/json.h>

#include "ctl-event.h"
#include "ctl-load.h"
#include "ctl-swap.h"
#include "ctl-trial.h"
#include "ctl-verb-list.h"
#include "ctl-vm.h"
#include "engines.h"
#include "events.h"
#include "explain-change.h"
#include "explain.h"
#include "guest-limits.h"
#include "policy.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "tick.h"
#include "util/units.h"

/* The engine's sentence on what it has just been asked. */
static void
explain_engine(struct verb_call *call, const struct guest *g,
               const struct trial *t, struct json_object *record)
{
    const struct balancer *b = call->b;
    const struct engine *e = engines_of(b->engines, g->engine);
    const struct wish *wish = explain_wish(&t->plan, g->facts.domid);
    struct policy *policy = engines_policy(b->engines, e);
    char sentence[POLICY_ERROR_SIZE] = "";

    json_set_text(record, FIELD_ENGINE, engines_code_name(b->engines, e));
    json_set_text(record, FIELD_INSTANCE, e->name);
    if (!wish)
        return;
    if (policy && wish->rule != PLAN_KEPT) {
        policy_explain(policy, (size_t)(wish - t->plan.wishes), sentence,
                       sizeof(sentence));
        /* If that was its end the domains are to have another one soon. */
        call->has_changed |= policy_is_dead(policy);
    }
    json_set_text(record, FIELD_SENTENCE, sentence);
}

static struct json_object *
clip_records(const struct wish *w)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < w->n_clips; i++) {
        struct json_object *record = json_object_new_object();

        json_set_text(record, FIELD_RULE_NAME,
                      plan_rule_name(w->clips[i].rule));
        json_set_text(record, FIELD_RULE, plan_rule_text(w->clips[i].rule));
        json_set_number(record, FIELD_WISH, w->clips[i].target_kib);
        json_object_array_add(list, record);
    }
    return list;
}

/* What the engine wished and what the guard made of it. */
static void
explain_wish_of(const struct guest *g, const struct wish *w, uint64_t now_ms,
                struct json_object *record)
{
    if (!w)
        return;
    json_set_number(record, FIELD_ENGINE_WISH,
                    w->n_clips > 0 ? w->wished_kib : w->target_kib);
    json_set(record, FIELD_CLIPS, clip_records(w));
    json_set_number(record, FIELD_WISH, w->target_kib);
    json_set_text(record, FIELD_RULE_NAME, plan_rule_name(w->rule));
    json_set_text(record, FIELD_RULE, plan_rule_text(w->rule));
    if (g->is_planned && g->rule == w->rule)
        json_set_number(record, FIELD_RULE_FOR,
                        sat_sub(now_ms, g->rule_since_ms));
}

/* The last change of its target that is remembered; NULL: there is none. */
static const struct events_entry *
last_decision(const struct events *ev, const struct guest *g)
{
    const struct events_entry *e = events_after(ev, 0), *found = NULL;

    for (; e; e = events_next(ev, e))
        if (e->kind == EVENTS_TARGET_CHANGED && e->domid == g->facts.domid &&
            strcmp(e->uuid, g->facts.uuid) == 0)
            found = e;
    return found;
}

/* Where the target in force came from. */
static void
explain_decision(const struct balancer *b, const struct guest *g,
                 struct json_object *record)
{
    const struct events_entry *e = last_decision(b->events, g);
    bool is_ours = e && e->new_kib == g->facts.target_kib;

    json_set_bool(record, FIELD_IS_OURS, is_ours);
    if (is_ours)
        json_set(record, FIELD_DECISION, event_record(e));
}

static void
add_sentence(void *arg, const char *sentence)
{
    json_object_array_add(arg, json_object_new_string(sentence));
}

static void
explain_next(const struct guest *g, const struct trial *t,
             struct json_object *record)
{
    const struct explain_facts facts = {
        .g = g,
        .wish = explain_wish(&t->plan, g->facts.domid),
        .step = trial_step(t, g->facts.domid),
        .snapshot = &t->snapshot,
    };
    struct json_object *list =
        json_set(record, FIELD_CHANGES, json_object_new_array());

    if (t->snapshot.is_squeezing)
        json_set_delta(record, FIELD_SPARE_NOW,
                       account_spare_kib(&t->snapshot.account));
    trial_set_next(record, t, g);
    explain_wish_of(g, facts.wish, t->snapshot.xbp.now_ms, record);
    explain_changes(&facts, add_sentence, list);
}

static void
explain_learned(const struct guest *g, uint64_t now_ms,
                struct json_object *record)
{
    if (g->learned_floor_kib > 0) {
        json_set_number(record, FIELD_LEARNED_FLOOR, g->learned_floor_kib);
        json_set_number(record, FIELD_LEARNED_FLOOR_FOR,
                        sat_sub(g->learned_floor_until_ms, now_ms));
    }
    if (g->regret.floor_kib > 0) {
        json_set_number(record, FIELD_REGRET_FLOOR, g->regret.floor_kib);
        json_set_number(record, FIELD_REGRET_FLOOR_FOR,
                        sat_sub(g->regret.until_ms, now_ms));
    }
    if (g->learned_ceiling_kib > 0) {
        json_set_number(record, FIELD_LEARNED_CEILING, g->learned_ceiling_kib);
        json_set_number(record, FIELD_LEARNED_CEILING_FOR,
                        sat_sub(g->learned_ceiling_until_ms, now_ms));
    }
}

static void
explain_overhead(const struct balancer *b, const struct guest *g,
                 struct json_object *record)
{
    struct overhead_config config = overhead_guest_config(g, &b->lessons);

    if (g->facts.domid == 0)
        return; /* part of the host */
    json_set_number(record, FIELD_PREDICTED,
                    overhead_predicted_kib(&config, config.static_max_kib));
    json_set_number(record, FIELD_LESSON, config.lesson_kib);
    json_set_number(record, FIELD_MEASURED, g->overhead_kib);
}

static void
explain_guest(struct verb_call *call, const struct guest *g,
              struct json_object *record)
{
    uint64_t now_ms = call->b->snapshot.xbp.now_ms;
    const struct tuning *tuning = &call->b->tuning;

    json_set_text(record, FIELD_RANGE_ERROR, g->range_error);
    json_set_bool(record, FIELD_HAS_RANGE, g->has_range);
    json_set_bool(record, FIELD_IS_MOVABLE, guest_is_movable(g, tuning));
    json_set_number(record, FIELD_SHARE, explain_share_permyriad(g));
    json_set_number(record, FIELD_WEIGHT, g->weight);
    if (g->has_range) {
        json_set_number(record, FIELD_LOWER, guest_lower_kib(g, tuning));
        json_set_text(record, FIELD_LIMIT, explain_floor(g, tuning));
        json_set_number(record, FIELD_UPPER, guest_upper_kib(g));
    }
    json_set_delta(record, FIELD_OFFSET, g->offset_kib);
    json_set_bool(record, FIELD_IS_CALIBRATED, g->is_calibrated);
    json_set_number(record, FIELD_TARGET_SINCE,
                    sat_sub(now_ms, g->target_since_ms));
    json_set_number(record, FIELD_LAST_MOVE, sat_sub(now_ms, g->last_move_ms));
    explain_learned(g, now_ms, record);
    explain_overhead(call->b, g, record);
    load_explain(record, g, now_ms);
    swap_explain(call->b, g, record);
    explain_decision(call->b, g, record);
}

int
verb_vm_memory_explain(struct verb_call *call)
{
    const struct guest *g;
    uint32_t domid = 0;
    struct trial trial;
    int r = vm_select_one(call, &domid);

    if (r < 0)
        return r;
    r = verb_try(call, 0, &trial);
    if (r < 0)
        return r;
    g = guest_find(&call->b->guests, domid);
    call->result = vm_record(call->b, g);
    explain_guest(call, g, call->result);
    explain_next(g, &trial, call->result);
    explain_engine(call, g, &trial, call->result);
    trial_done(&trial);
    return 0;
}
