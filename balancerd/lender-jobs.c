/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leases are made, resized and ended: by lendmem, which then says what there
 * is. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>
#include <json-c/json.h>

#include "lender-private.h"
#include "note.h"
#include "peer-proto.h"
#include "proto/fields-lend.h"
#include "proto/params.h"

static void
answer(struct lender_job *job, const struct request_error *error)
{
    struct lender_answer a = { .error = error };

    TAILQ_REMOVE(&job->lender->jobs, job, link);
    if (!error && job->deed != LENDER_ENDS)
        a.lease = lent_find(job->lender->lent, job->peer, job->volume);
    job->fn(job->arg, &a);
    free(job);
}

static void __attribute__((format(printf, 3, 4)))
refuse(struct lender_job *job, enum request_code code, const char *format, ...)
{
    struct request_error error = { .code = code };
    va_list args;

    va_start(args, format);
    vsnprintf(error.message, sizeof(error.message), format, args);
    va_end(args);
    answer(job, &error);
}

/* lendmem's own refusals have the codes that ours have. */
static void
pass_on(struct lender_job *job, struct json_object *error)
{
    refuse(job, (enum request_code)json_get_delta(error, FIELD_CODE), "%s",
           json_text(error, FIELD_MESSAGE));
}

static void
refuse_down(struct lender_job *job, int r)
{
    refuse(job, REQUEST_HOST_FAILED, "lendmem does not answer: %s",
           strerror(-r));
}

static void
tell(const struct lender_job *job)
{
    struct balancer *b = job->lender->b;
    const struct lent_lease *l =
        lent_find(job->lender->lent, job->peer, job->volume);

    if (l && job->deed == LENDER_CREATES)
        note(b, EVENTS_LEASE_CREATED,
             "lease %" PRIu64 " of %s for %s: %" PRIu64 " KiB are lent",
             l->number, l->peer, l->volume, l->size_kib);
    if (l && job->deed == LENDER_RESIZES)
        note(b, EVENTS_LEASE_RESIZED,
             "lease %" PRIu64 " of %s for %s has %" PRIu64 " KiB now",
             l->number, l->peer, l->volume, l->size_kib);
}

static void
on_listed(void *arg, int r, const struct response *response)
{
    struct lender_job *job = arg;

    if (r < 0 || !response->result) {
        refuse_down(job, r < 0 ? r : -EPROTO);
        return;
    }
    lender_take_leases(job->lender, response->result);
    event_active(job->lender->look, EV_TIMEOUT, 0);
    tell(job);
    if (job->deed != LENDER_ENDS &&
        !lent_find(job->lender->lent, job->peer, job->volume))
        refuse(job, REQUEST_NO_LEASE, "The lease has ended meanwhile");
    else
        answer(job, NULL);
}

/* What is promised now is asked with it: the next wish may come before the
 * next look. */
static void
on_done(void *arg, int r, const struct response *response)
{
    struct lender_job *job = arg;

    if (r < 0)
        refuse_down(job, r);
    else if (response->error)
        pass_on(job, response->error);
    else if (lend_client_ask(job->lender->client, "lease-list", NULL, on_listed,
                             job) < 0)
        refuse_down(job, -ENOMEM);
}

static struct lender_job *
new_job(struct lender *lender, const struct lender_wish *wish,
        enum lender_deed deed, lender_answer_fn *fn, void *arg)
{
    struct lender_job *job = calloc(1, sizeof(*job));
    struct request_error error = { .code = REQUEST_INTERNAL,
                                   .message = "Out of memory" };

    if (!job) {
        fn(arg, &(struct lender_answer){ .error = &error });
        return NULL;
    }
    job->lender = lender;
    job->deed = deed;
    job->fn = fn;
    job->arg = arg;
    job->size_kib = wish->size_kib;
    snprintf(job->peer, sizeof(job->peer), "%s", wish->peer);
    snprintf(job->volume, sizeof(job->volume), "%s", wish->volume);
    TAILQ_INSERT_TAIL(&lender->jobs, job, link);
    return job;
}

/* Is somebody at it already? */
static bool
is_busy(const struct lender_job *job)
{
    const struct lender_job *other;

    TAILQ_FOREACH(other, &job->lender->jobs, link)
        if (other != job && strcmp(other->peer, job->peer) == 0 &&
            strcmp(other->volume, job->volume) == 0)
            return true;
    return false;
}

static void
ask(struct lender_job *job, const char *verb, const char *key,
    const char *value)
{
    cleanup_json struct json_object *params = json_object_new_object();
    char size[32];

    json_set_text(params, key, value);
    snprintf(size, sizeof(size), "%" PRIu64 "KiB", job->size_kib);
    if (job->deed != LENDER_ENDS)
        json_set_text(params, FIELD_LEND_SIZE, size);
    if (lend_client_ask(job->lender->client, verb, params, on_done, job) < 0)
        refuse_down(job, -ENOMEM);
}

void
lender_create(struct lender *lender, const struct lender_wish *wish,
              lender_answer_fn *fn, void *arg)
{
    struct lender_job *job = new_job(lender, wish, LENDER_CREATES, fn, arg);
    const struct lent_lease *l =
        lent_find(lender->lent, wish->peer, wish->volume);
    char label[LENT_LABEL_SIZE];

    if (!job)
        return;
    lent_label(wish->peer, wish->volume, label);
    if (is_busy(job))
        refuse(job, REQUEST_BUSY, "This lease is being changed");
    else if (l && l->size_kib != wish->size_kib)
        refuse(job, REQUEST_KEY_IN_USE,
               "%s has a lease of %" PRIu64 " KiB already", wish->volume,
               l->size_kib);
    else if (l)
        answer(job, NULL);
    else if (!lender->lent->pool.is_up || lender->lent->lend_max_kib == 0)
        refuse(job, REQUEST_NOT_ENOUGH_MEMORY, "This host does not lend");
    else if (lent_count(lender->lent, wish->peer) >= PEER_LEASES_MAX)
        refuse(job, REQUEST_TOO_MANY, "%s has %d leases already", wish->peer,
               PEER_LEASES_MAX);
    else
        ask(job, "lease-create", FIELD_LEND_LABEL, label);
}

void
lender_resize(struct lender *lender, const struct lender_wish *wish,
              lender_answer_fn *fn, void *arg)
{
    struct lender_job *job = new_job(lender, wish, LENDER_RESIZES, fn, arg);
    const struct lent_lease *l =
        lent_find(lender->lent, wish->peer, wish->volume);

    if (!job)
        return;
    if (is_busy(job))
        refuse(job, REQUEST_BUSY, "This lease is being changed");
    else if (!l)
        refuse(job, REQUEST_NO_LEASE, "There is no such lease");
    else
        ask(job, "lease-resize", FIELD_LEND_TOKEN, l->token);
}

void
lender_end(struct lender *lender, const struct lender_wish *wish,
           lender_answer_fn *fn, void *arg)
{
    struct lender_job *job = new_job(lender, wish, LENDER_ENDS, fn, arg);
    const struct lent_lease *l =
        lent_find(lender->lent, wish->peer, wish->volume);

    if (!job)
        return;
    if (is_busy(job))
        refuse(job, REQUEST_BUSY, "This lease is being changed");
    else if (!l)
        answer(job, NULL);
    else
        ask(job, "lease-end", FIELD_LEND_TOKEN, l->token);
}

void
lender_drop_jobs(struct lender *lender)
{
    while (!TAILQ_EMPTY(&lender->jobs)) {
        struct lender_job *job = TAILQ_FIRST(&lender->jobs);

        TAILQ_REMOVE(&lender->jobs, job, link);
        free(job);
    }
}
