/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exchanges legs below a running guest. */
#include <config.h>

#include <errno.h>

#include "rswap-job.h"
#include "rswap-look.h"
#include "rswap-stack.h"

static int
look_at_mirror(struct rswap_job *job)
{
    rswap_look(&job->store, job->args.volume, &job->volume);
    if (!job->volume.is_running)
        return rswap_fail(&job->failure, RSWAP_NOT_ATTACHED,
                          "there is no mirror of this volume");
    return 0;
}

/* Out of the mirror if it is in it, and its device is given back. */
static int
take_out(struct rswap_job *job, const struct rswap_found_leg *leg)
{
    int r = leg->state == RSWAP_LEG_UNUSED
                ? 0
                : rswap_stack_remove(&job->volume, leg, &job->failure);

    return r < 0 ? r : rswap_drop_leg(leg, &job->failure);
}

/* Those that are of no use stand in the way of a new one. */
static int
clear_away(struct rswap_job *job)
{
    int r = 0;

    for (size_t i = 0; i < job->volume.n_legs && r == 0; i++) {
        const struct rswap_found_leg *leg = &job->volume.legs[i];

        if (leg->state == RSWAP_LEG_FAILED || leg->state == RSWAP_LEG_UNUSED)
            r = take_out(job, leg);
    }
    return r < 0 ? r : look_at_mirror(job);
}

/* With the new leg, could all fail together? */
static int
check_together(struct rswap_job *job, const struct rswap_leg *leg)
{
    struct rswap_leg legs[RSWAP_LEGS_MAX + 1] = { *leg };
    const char *fault;
    size_t n = 1;

    for (size_t i = 0; i < job->volume.n_legs; i++)
        n += rswap_leg_parse(job->volume.legs[i].name, &legs[n]) == 0;
    fault = rswap_legs_fault(legs, n);
    return fault
               ? rswap_fail(&job->failure, RSWAP_SINGLE_REMOTE_LEG, "%s", fault)
               : 0;
}

static const struct rswap_found_leg *
good_leg(const struct rswap_volume *v)
{
    for (size_t i = 0; i < v->n_legs; i++)
        if (v->legs[i].state == RSWAP_LEG_IN_SYNC)
            return &v->legs[i];
    return NULL;
}

static int
put_in(struct rswap_job *job, const struct rswap_leg *leg)
{
    const struct rswap_found_leg *good = good_leg(&job->volume);
    const struct rswap_found_leg *made;
    char name[RSWAP_LEG_NAME_SIZE];
    int r;

    if (!good)
        return rswap_fail(&job->failure, RSWAP_NOT_ATTACHED,
                          "no leg of this volume has all pages");
    r = rswap_make_leg(leg, job->args.volume, good->size_kib, &job->failure);
    if (r == 0)
        r = look_at_mirror(job);
    if (r < 0)
        return r;
    made = rswap_volume_leg(&job->volume, rswap_leg_name(leg, name));
    if (!made)
        return rswap_fail(&job->failure, RSWAP_SYSTEM, "%s has gone", name);
    r = rswap_stack_add(&job->volume, made, job->args.sync_kib_per_s,
                        &job->failure);
    if (r < 0)
        rswap_drop_leg(made, &job->failure);
    return r;
}

static bool
is_in_mirror(const struct rswap_found_leg *leg)
{
    return leg &&
           (leg->state == RSWAP_LEG_IN_SYNC || leg->state == RSWAP_LEG_SYNCING);
}

int
rswap_add_leg(struct rswap_job *job)
{
    const struct rswap_leg *leg = &job->args.legs[0];
    char name[RSWAP_LEG_NAME_SIZE];
    int r = look_at_mirror(job);

    rswap_leg_name(leg, name);
    if (r < 0 || is_in_mirror(rswap_volume_leg(&job->volume, name)))
        return r;
    if (job->volume.n_missing == 0)
        return rswap_fail(&job->failure, RSWAP_NO_SLOT,
                          "no leg of this volume is missing");
    r = clear_away(job);
    if (r == 0)
        r = check_together(job, leg);
    if (r == 0)
        r = put_in(job, leg);
    if (r == 0)
        r = look_at_mirror(job);
    return r;
}

/* The guest must not be left with what one other host has. */
static int
check_without(struct rswap_job *job, const struct rswap_found_leg *leg)
{
    size_t n_nbd = 0, n_files = 0;

    for (size_t i = 0; i < job->volume.n_legs; i++) {
        const struct rswap_found_leg *other = &job->volume.legs[i];

        n_nbd += other != leg && other->kind == RSWAP_LEG_NBD &&
                 other->state == RSWAP_LEG_IN_SYNC;
        n_files += other != leg && other->kind == RSWAP_LEG_FILE &&
                   other->state == RSWAP_LEG_IN_SYNC;
    }
    if (n_nbd + n_files == 0)
        return rswap_fail(&job->failure, RSWAP_LAST_LEG,
                          "no other leg has all pages");
    if (n_files == 0 && !rswap_legs_could_stand(n_nbd, n_files))
        return rswap_fail(&job->failure, RSWAP_SINGLE_REMOTE_LEG,
                          "only one lender would have all pages");
    return 0;
}

int
rswap_remove_leg(struct rswap_job *job)
{
    char name[RSWAP_LEG_NAME_SIZE];
    const struct rswap_found_leg *leg;
    int r = look_at_mirror(job);

    if (r < 0)
        return r;
    rswap_leg_name(&job->args.legs[0], name);
    leg = rswap_volume_leg(&job->volume, name);
    if (!leg) /* as it is after another run */
        return 0;
    if (is_in_mirror(leg))
        r = check_without(job, leg);
    if (r == 0)
        r = take_out(job, leg);
    return r < 0 ? r : look_at_mirror(job);
}
