/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans on copies. */
#include <config.h>

#include <errno.h>

#include "engines.h"
#include "guard.h"
#include "tick.h"
#include "trial.h"

static int
copy_reservations(struct reserve_table *ret, const struct reserve_table *from)
{
    int r = 0;

    for (size_t i = 0; i < from->n && r == 0; i++)
        r = reserve_add(ret, &from->list[i]);
    return r;
}

static int
ask_for(struct reserve_table *t, uint64_t kib)
{
    const struct reservation asked = {
        .id = "what-if",
        .state = RESERVE_PENDING,
        .kib = kib,
        .min_kib = kib,
        .open_kib = kib,
        .domid = RESERVE_NO_DOMID,
    };

    return reserve_add(t, &asked);
}

/* A reservation takes part that gets nothing: engines that remember know by it
 * that they are only asked. */
static int
mark_as_question(struct snapshot *s)
{
    return snapshot_add_range(s, 0, 0);
}

static int
freeze(struct trial *t, struct balancer *b, uint64_t asked_kib)
{
    int r = copy_reservations(&t->reservations, &b->reservations);

    if (r == 0 && asked_kib > 0)
        r = ask_for(&t->reservations, asked_kib);
    if (r < 0)
        return r;
    snapshot_set_time(&t->snapshot, b->snapshot.xbp.now_ms);
    r = snapshot_build(&t->snapshot, &b->guests, &t->reservations,
                       &b->view.memory, &b->tuning);
    if (r == 0 && asked_kib > 0)
        r = mark_as_question(&t->snapshot);
    return r;
}

int
trial_run(struct trial *ret, struct balancer *b, uint64_t asked_kib)
{
    int r;

    *ret = (struct trial){ 0 };
    r = freeze(ret, b, asked_kib);
    if (r == 0)
        r = plan_begin(&ret->plan, &ret->snapshot);
    if (r < 0)
        return r;
    r = engines_plan(b->engines, &ret->snapshot, &ret->plan);
    if (r < 0 && r != -EIO) /* where an engine fails targets stay */
        return r;
    ret->plan.n -= asked_kib > 0; /* the question is no domain */
    guard_apply(&ret->plan, &ret->snapshot, b->is_asked);
    return plan_diff(&ret->steps, &ret->plan, &ret->snapshot, &b->guests);
}

void
trial_done(struct trial *t)
{
    snapshot_done(&t->snapshot);
    reserve_table_done(&t->reservations);
    plan_done(&t->plan);
    steps_done(&t->steps);
}

const struct step *
trial_step(const struct trial *t, uint32_t domid)
{
    const struct step *found = NULL;

    for (size_t i = 0; i < t->steps.n; i++) {
        const struct step *step = &t->steps.list[i];

        if (step->kind == STEP_TARGET && step->domid == domid)
            found = step;
    }
    return found;
}
