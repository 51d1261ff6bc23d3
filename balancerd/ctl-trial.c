/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trials for verbs. */
#include <config.h>

#include <string.h>

#include <json-c/json.h>

#include "ctl-trial.h"
#include "ctl-verbs.h"
#include "engines.h"
#include "proto/fields.h"
#include "tick.h"

int
verb_try(struct verb_call *call, uint64_t asked_kib, struct trial *ret)
{
    int r = trial_run(ret, call->b, asked_kib);

    /* An engine may have come to its end by it. */
    call->has_changed |= engines_are_failing(call->b->engines);
    if (r == 0)
        return 0;
    trial_done(ret);
    return verb_fail(call, REQUEST_INTERNAL, "It cannot be planned: %s",
                     strerror(-r));
}

uint64_t
trial_next_kib(const struct trial *t, const struct guest *g)
{
    const struct step *step = trial_step(t, g->facts.domid);

    return step ? step->new_kib : g->facts.target_kib;
}

void
trial_set_next(struct json_object *record, const struct trial *t,
               const struct guest *g)
{
    const struct step *step = trial_step(t, g->facts.domid);

    json_set_number(record, FIELD_NEXT, trial_next_kib(t, g));
    json_set_text(record, FIELD_NEXT_RULE,
                  step ? plan_rule_text(step->rule) : "");
}
