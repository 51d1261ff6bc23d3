/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs that look ahead: host-memory-plan, what-if. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-host.h"
#include "ctl-shortage.h"
#include "ctl-trial.h"
#include "ctl-verb-list.h"
#include "explain.h"
#include "guest-limits.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "squeeze.h"
#include "tick.h"
#include "util/units.h"

/* A3: the slowest of what was measured, for domains that have never been made
 * smaller. */
#define GUESSED_KIB_PER_S (80 * KIB_PER_MIB)

/* What domains give and take until they are where the next tick sends them;
 * some may be on their way. */
struct sums {
    uint64_t given_kib;
    uint64_t taken_kib;
};

static void
add_change(struct sums *sums, const struct guest *g, uint64_t target_kib)
{
    uint64_t now_kib = guest_committed_kib(g);
    uint64_t then_kib = guest_held_at_kib(g, target_kib);

    sums->given_kib = sat_add(sums->given_kib, sat_sub(now_kib, then_kib));
    sums->taken_kib = sat_add(sums->taken_kib, sat_sub(then_kib, now_kib));
}

static struct json_object *
planned_record(const struct balancer *b, const struct trial *t,
               const struct guest *g)
{
    const struct wish *w = explain_wish(&t->plan, g->facts.domid);
    struct json_object *record = json_object_new_object();
    char reason[EXPLAIN_SIZE];

    explain_reason(g, w, &b->tuning, reason);
    json_set_number(record, FIELD_DOMID, g->facts.domid);
    json_set_text(record, FIELD_UUID, g->facts.uuid);
    json_set_text(record, FIELD_NAME, g->facts.name);
    json_set_text(record, FIELD_STATE, guest_state_name(g->state));
    json_set_number(record, FIELD_ACTUAL, g->facts.actual_kib);
    json_set_number(record, FIELD_TARGET, g->facts.target_kib);
    trial_set_next(record, t, g);
    json_set_text(record, FIELD_REASON, reason);
    if (!w)
        return record;
    json_set_number(record, FIELD_ENGINE_WISH, w->wished_kib);
    json_set_number(record, FIELD_WISH, w->target_kib);
    json_set_text(record, FIELD_RULE_NAME, plan_rule_name(w->rule));
    json_set_text(record, FIELD_RULE, plan_rule_text(w->rule));
    return record;
}

/* spare + given - taken = spare then. */
static void
set_sums(struct json_object *record, const struct trial *t,
         const struct sums *sums)
{
    int64_t spare_kib = account_spare_kib(&t->snapshot.account);

    json_set_delta(record, FIELD_SPARE_NOW, spare_kib);
    json_set_number(record, FIELD_GIVEN, sums->given_kib);
    json_set_number(record, FIELD_TAKEN, sums->taken_kib);
    json_set_delta(record, FIELD_SPARE_THEN,
                   spare_kib + (int64_t)sums->given_kib -
                       (int64_t)sums->taken_kib);
    json_set_number(record, FIELD_WAITING_KIB, t->steps.held_kib);
    json_set_bool(record, FIELD_IS_SQUEEZING, t->snapshot.is_squeezing);
}

static struct json_object *
plan_record(const struct balancer *b, const struct trial *t)
{
    struct json_object *record = json_object_new_object();
    struct json_object *host, *list;
    struct sums sums = { 0 };

    host = json_set(record, FIELD_HOST, account_record(&t->snapshot.account));
    list = json_set(record, FIELD_VMS, json_object_new_array());
    for (size_t i = 0; i < b->guests.n; i++) {
        const struct guest *g = &b->guests.guests[i];

        if (guest_is_movable(g, &b->tuning) || trial_step(t, g->facts.domid))
            add_change(&sums, g, trial_next_kib(t, g));
        json_object_array_add(list, planned_record(b, t, g));
    }
    set_sums(host, t, &sums);
    return record;
}

int
verb_host_memory_plan(struct verb_call *call)
{
    struct trial trial;
    int r = verb_observe(call);

    if (r < 0)
        return r;
    r = verb_try(call, 0, &trial);
    if (r < 0)
        return r;
    call->result = plan_record(call->b, &trial);
    trial_done(&trial);
    return 0;
}

static uint64_t
speed_kib_per_s(const struct guest *g)
{
    return g->gives_kib_per_s > 0 ? g->gives_kib_per_s : GUESSED_KIB_PER_S;
}

/* Who gives what, and how long that takes; returns the latter. */
static uint64_t
set_gift(struct json_object *record, const struct trial *t,
         const struct guest *g, bool *is_guess)
{
    const struct wish *w = explain_wish(&t->plan, g->facts.domid);
    uint64_t keeps_kib = w ? w->target_kib : g->facts.target_kib;
    uint64_t gives_kib =
        w ? sat_sub(guest_committed_kib(g), guest_held_at_kib(g, keeps_kib))
          : 0;
    uint64_t ms = mul_div(gives_kib, MS_PER_S, speed_kib_per_s(g));

    json_set_number(record, FIELD_GIVES, gives_kib);
    json_set_number(record, FIELD_KEEPS, keeps_kib);
    json_set_number(record, FIELD_READY_IN, ms);
    *is_guess |= gives_kib > 0 && g->gives_kib_per_s == 0;
    return ms;
}

static void
set_gifts(struct json_object *result, const struct balancer *b,
          const struct trial *t, const struct feasibility *why)
{
    struct json_object *list =
        json_set(result, FIELD_CONTRIBUTIONS, json_object_new_array());
    bool is_guess = false;
    uint64_t ready_ms = 0;

    for (size_t i = 0; i < why->n; i++) {
        struct json_object *record = contribution_record(&why->items[i]);
        uint64_t ms = set_gift(record, t, &b->guests.guests[i], &is_guess);

        ready_ms = max_u64(ready_ms, ms);
        json_object_array_add(list, record);
    }
    if (why->spare_kib >= why->needed_kib)
        ready_ms = 0; /* it is there; who moves does so for convenience */
    json_set_number(result, FIELD_READY_IN, ready_ms);
    json_set_bool(result, FIELD_IS_GUESS, is_guess && ready_ms > 0);
}

static int
tell_possible(struct verb_call *call, const struct feasibility *why)
{
    struct trial trial;
    int r = verb_try(call, why->needed_kib, &trial);

    if (r < 0)
        return r;
    call->result = json_object_new_object();
    json_set_number(call->result, FIELD_NEEDED, why->needed_kib);
    json_set_number(call->result, FIELD_AVAILABLE, why->available_kib);
    json_set_number(call->result, FIELD_SPARE, why->spare_kib);
    json_set_number(call->result, FIELD_TO_FREE,
                    sat_sub(why->needed_kib, why->spare_kib));
    set_gifts(call->result, call->b, &trial, why);
    trial_done(&trial);
    return 0;
}

/* memory-reserve would say so, too. */
static int
check_room(struct verb_call *call)
{
    if (call->b->reservations.n < RESERVE_MAX)
        return 0;
    return verb_fail(call, REQUEST_TOO_MANY,
                     "There are %d reservations already, the most there may be",
                     RESERVE_MAX);
}

static int
read_size(struct verb_call *call, uint64_t *ret_kib)
{
    int r = verb_size(call, PARAM_SIZE, ret_kib);

    if (r < 0)
        return r;
    if (!verb_param(call, PARAM_SIZE))
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "Required parameter not found: size (or config)");
    if (*ret_kib == 0)
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "The size must not be 0");
    return check_room(call);
}

int
verb_what_if(struct verb_call *call)
{
    struct feasibility why = { 0 };
    uint64_t size_kib = 0;
    int r = read_size(call, &size_kib);

    if (r == 0)
        r = verb_observe(call);
    if (r < 0)
        return r;
    if (squeeze_feasibility(&why, &call->b->snapshot, &call->b->guests,
                            size_kib) < 0)
        return verb_fail(call, REQUEST_INTERNAL, "Out of memory");
    r = why.is_feasible ? tell_possible(call, &why)
                        : verb_refuse_shortage(call, &why);
    feasibility_done(&why);
    return r;
}
