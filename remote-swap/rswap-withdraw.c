/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks a guest for a device that it was offered. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>

#include "rswap-job.h"
#include "rswap-look.h"
#include "util/clock.h"

#define LOOK_AGAIN_MS 100

static int
set_offer(struct rswap_job *job, bool is_on)
{
    struct offer o = job->volume.offer;
    int r;

    o.is_on = is_on;
    o.serial++;
    r = rswap_store_offer(&job->store, &job->volume, &o, &job->failure);
    if (r == 0)
        job->volume.offer = o;
    return r;
}

/* Has the guest answered this, for good? */
static bool
is_answered(const struct rswap_volume *v)
{
    return v->answer.serial == v->offer.serial &&
           (v->answer.state == OFFER_OFF || v->answer.state == OFFER_REFUSED);
}

/* The guest may also be gone. */
static void
wait_for_answer(struct rswap_job *job)
{
    uint64_t end_ms = clock_monotonic_ms() + job->args.wait_ms;

    while (job->volume.is_offered && !is_answered(&job->volume) &&
           clock_monotonic_ms() < end_ms) {
        clock_sleep_ms(LOOK_AGAIN_MS);
        rswap_look(&job->store, job->args.volume, &job->volume);
    }
}

static int
refuse_silence(struct rswap_job *job)
{
    const struct offer_answer *a = &job->volume.answer;

    if (a->state == OFFER_LEAVING && a->serial == job->volume.offer.serial)
        return rswap_fail(&job->failure, RSWAP_NO_ANSWER,
                          "domain %u is giving the device up, and still has "
                          "%" PRIu64 " KiB there",
                          job->volume.vbd.domid, a->used_kib);
    return rswap_fail(&job->failure, RSWAP_NO_ANSWER,
                      "domain %u does not answer within %" PRIu64
                      " ms: does balancer-agent run there?",
                      job->volume.vbd.domid, job->args.wait_ms);
}

/* Whatever it refuses to give up it has, and may go on using. */
static int
judge_refusal(struct rswap_job *job)
{
    char reason[OFFER_REASON_SIZE];

    if (!offer_is_in_use(&job->volume.answer))
        return 0;
    rswap_fail(&job->failure, RSWAP_GUEST_REFUSES, "domain %u: %s",
               job->volume.vbd.domid,
               offer_reason(&job->volume.answer, reason));
    job->failure.needed_kib = job->volume.answer.need_kib;
    job->failure.available_kib = job->volume.answer.have_kib;
    set_offer(job, true);
    return -EIO;
}

int
rswap_withdraw(struct rswap_job *job)
{
    int r = 0;

    rswap_look(&job->store, job->args.volume, &job->volume);
    if (!job->volume.is_offered)
        return 0;
    if (job->volume.vbd.domid == 0)
        return rswap_fail(&job->failure, RSWAP_NOT_ATTACHED,
                          "the guest does not have this volume");
    if (job->volume.offer.is_on)
        r = set_offer(job, false);
    if (r < 0)
        return r;
    wait_for_answer(job);
    if (!job->volume.is_offered)
        return 0;
    return is_answered(&job->volume) ? judge_refusal(job) : refuse_silence(job);
}
