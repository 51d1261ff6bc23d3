/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes volumes and takes them down, a step at a time. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "rswap-attach-vbd.h"
#include "rswap-file.h"
#include "rswap-job.h"
#include "rswap-label.h"
#include "rswap-look.h"
#include "rswap-nbd.h"
#include "rswap-stack.h"
#include "util/units.h"

/* Each step is done or undone once, and half-made ones first go: a volume that
 * needs more of them is one that somebody else is working on. */
#define DEEDS_MAX (3 * RSWAP_STEPS)

int
rswap_make_leg(const struct rswap_leg *leg, const char *volume,
               uint64_t size_kib, struct rswap_failure *f)
{
    if (leg->kind == RSWAP_LEG_FILE)
        return rswap_file_make(leg->directory, volume, size_kib, f);
    return rswap_nbd_make(leg, volume, size_kib, f);
}

int
rswap_drop_leg(const struct rswap_found_leg *leg, struct rswap_failure *f)
{
    return leg->kind == RSWAP_LEG_FILE ? rswap_file_drop(leg, f)
                                       : rswap_nbd_drop(leg, f);
}

static int
make_legs(struct rswap_job *job, enum rswap_leg_kind kind)
{
    const struct rswap_args *a = &job->args;
    char name[RSWAP_LEG_NAME_SIZE];
    int r = 0;

    for (size_t i = 0; i < a->n_legs && r == 0; i++) {
        rswap_leg_name(&a->legs[i], name);
        if (a->legs[i].kind == kind && !rswap_volume_leg(&job->volume, name))
            r = rswap_make_leg(&a->legs[i], a->volume, a->size_kib,
                               &job->failure);
    }
    return r;
}

static int
drop_legs(struct rswap_job *job, enum rswap_leg_kind kind)
{
    int r = 0;

    for (size_t i = 0; i < job->volume.n_legs && r == 0; i++)
        if (job->volume.legs[i].kind == kind)
            r = rswap_drop_leg(&job->volume.legs[i], &job->failure);
    return r;
}

static int
make_offer(struct rswap_job *job)
{
    const struct rswap_volume *v = &job->volume;
    struct offer o = {
        .is_on = true,
        .serial = 1,
        .size_kib = page_floor_kib(v->size_kib),
        .priority = job->args.priority,
        .move_kib_per_s = job->args.move_kib_per_s,
    };

    memcpy(o.uuid, v->uuid, sizeof(o.uuid));
    memcpy(o.vdev, v->vbd.vdev, sizeof(o.vdev));
    return rswap_store_offer(&job->store, v, &o, &job->failure);
}

static int
make_vbd(struct rswap_job *job)
{
    struct rswap_volume *v = &job->volume;
    int r = rswap_vbd_make(v, &job->store, job->args.domid, job->args.vdev,
                           &job->failure);

    if (r < 0)
        return r;
    rswap_store_look(&job->store, v);
    if (v->vbd.domid == 0)
        return rswap_fail(&job->failure, RSWAP_NO_DOMAIN,
                          "domain %u has gone away", job->args.domid);
    return rswap_store_seclude(&job->store, &v->vbd, &job->failure);
}

/* Nobody but domain 0 knows of the device of a guest that is gone. */
static int
undo_vbd(struct rswap_job *job)
{
    const struct rswap_vbd *vbd = &job->volume.vbd;
    struct rswap_failure ignored = { .code = NULL };
    int r;

    if (!rswap_vbd_guest_lives(vbd->domid))
        return rswap_store_drop_vbd(&job->store, vbd, &job->failure);
    r = rswap_store_release(&job->store, vbd, &job->failure);
    if (r == 0)
        r = rswap_vbd_drop(&job->volume, job->args.is_forced, &job->failure);
    if (r < 0 && vbd->is_secluded)
        rswap_store_seclude(&job->store, vbd, &ignored);
    return r;
}

static int
make_step(struct rswap_job *job, enum rswap_step step)
{
    struct rswap_failure *f = &job->failure;

    switch (step) {
    case RSWAP_FILE:
        return make_legs(job, RSWAP_LEG_FILE);
    case RSWAP_NBD:
        return make_legs(job, RSWAP_LEG_NBD);
    case RSWAP_STACK:
        return rswap_stack_make(&job->volume, f);
    case RSWAP_LABEL:
        return rswap_label_make(&job->volume, f);
    case RSWAP_VBD:
        return make_vbd(job);
    case RSWAP_OFFER:
        return make_offer(job);
    case RSWAP_STEPS:
        break;
    }
    return 0;
}

static int
undo_step(struct rswap_job *job, enum rswap_step step)
{
    struct rswap_failure *f = &job->failure;

    switch (step) {
    case RSWAP_FILE:
        return drop_legs(job, RSWAP_LEG_FILE);
    case RSWAP_NBD:
        return drop_legs(job, RSWAP_LEG_NBD);
    case RSWAP_STACK:
        return rswap_stack_drop(&job->volume, f);
    case RSWAP_VBD:
        return undo_vbd(job);
    case RSWAP_OFFER:
        return rswap_store_forget(&job->store, &job->volume, f);
    case RSWAP_LABEL:
    case RSWAP_STEPS:
        break;
    }
    return 0;
}

static void
look(struct rswap_job *job, struct rswap_there_is *ret)
{
    const struct rswap_args *a = &job->args;

    rswap_look(&job->store, a->volume, &job->volume);
    rswap_volume_steps(&job->volume, a->legs, a->n_legs, ret);
}

static int
do_deed(struct rswap_job *job, struct rswap_deed deed)
{
    int r =
        deed.is_undo ? undo_step(job, deed.step) : make_step(job, deed.step);

    if (r < 0 && !job->failure.step)
        job->failure.step = rswap_step_text(deed.step);
    return r;
}

/* Until nothing is left to do. */
static int
go(struct rswap_job *job,
   struct rswap_deed (*next)(const struct rswap_there_is *there))
{
    struct rswap_there_is there;
    int r = 0;

    for (int i = 0; i < DEEDS_MAX && r == 0; i++) {
        struct rswap_deed deed;

        look(job, &there);
        deed = next(&there);
        if (deed.step == RSWAP_STEPS)
            return 0;
        r = do_deed(job, deed);
    }
    return r < 0 ? r
                 : rswap_fail(&job->failure, RSWAP_BUSY,
                              "somebody else changes this volume");
}

static void
sweep(const struct rswap_args *a)
{
    for (size_t i = 0; i < a->n_legs; i++)
        if (a->legs[i].kind == RSWAP_LEG_FILE)
            rswap_file_sweep(a->legs[i].directory, a->volume);
}

/* What this failure leaves goes, and its reason stays. */
static void
undo_all(struct rswap_job *job)
{
    struct rswap_failure failure = job->failure;

    job->failure = (struct rswap_failure){ .code = NULL };
    job->is_undone = go(job, rswap_next_down) == 0;
    if (job->is_undone)
        sweep(&job->args);
    job->failure = failure;
}

int
rswap_attach(struct rswap_job *job)
{
    struct rswap_there_is at_first;
    int r;

    look(job, &at_first);
    if (job->volume.vbd.domid > 0 && job->volume.vbd.domid != job->args.domid)
        return rswap_fail(&job->failure, RSWAP_IN_USE,
                          "domain %u has this volume", job->volume.vbd.domid);
    r = go(job, rswap_next_up);
    if (r < 0 && rswap_may_undo(&at_first))
        undo_all(job);
    return r;
}

/* A guest that is gone uses nothing. */
static int
check_unused(struct rswap_job *job)
{
    const struct rswap_volume *v = &job->volume;

    if (v->vbd.domid == 0 || !v->is_offered || job->args.is_forced ||
        !offer_is_in_use(&v->answer) || !rswap_vbd_guest_lives(v->vbd.domid))
        return 0;
    if (v->answer.state == OFFER_NO_ANSWER)
        return rswap_fail(&job->failure, RSWAP_IN_USE,
                          "domain %u does not say whether it uses the device",
                          v->vbd.domid);
    return rswap_fail(&job->failure, RSWAP_IN_USE,
                      "domain %u uses the device: withdraw it first",
                      v->vbd.domid);
}

int
rswap_detach(struct rswap_job *job)
{
    struct rswap_there_is there;
    int r;

    look(job, &there);
    r = check_unused(job);
    if (r == 0)
        r = go(job, rswap_next_down);
    if (r == 0)
        sweep(&job->args);
    return r;
}
