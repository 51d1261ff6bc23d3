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
#include "pool.h"
#include "proto/fields-lend.h"
#include "proto/params.h"
#include "tick.h"
#include "util/clock.h"
#include "util/units.h"

static void
free_job(struct lender_job *job)
{
    TAILQ_REMOVE(&job->lender->jobs, job, link);
    if (job->wait)
        event_free(job->wait);
    free(job);
}

/* What domain 0 was grown by in vain is taken back at the next look. */
static void
answer(struct lender_job *job, const struct request_error *error)
{
    struct lender_answer a = { .error = error };

    if (!error && job->deed != LENDER_ENDS)
        a.lease = lent_find(job->lender->lent, job->peer, job->volume);
    job->fn(job->arg, &a);
    event_active(job->lender->look, EV_TIMEOUT, 0);
    free_job(job);
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
    struct lent_pool *p = &job->lender->lent->pool;

    if (r < 0) {
        refuse_down(job, r);
        return;
    }
    if (response->error) {
        pass_on(job, response->error);
        return;
    }
    /* Now it is lendmem's promise, before lendmem was asked again. */
    p->promised_kib = sat_add(p->promised_kib, job->cost_kib);
    job->cost_kib = 0;
    if (lend_client_ask(job->lender->client, "lease-list", NULL, on_listed,
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

/* --- making room ---------------------------------------------------------- */

#define GROW_MS      3000 /* as long as a borrower can wait */
#define GROW_LOOK_MS 50

static void
ask(struct lender_job *job)
{
    const char *verb = job->deed == LENDER_CREATES   ? "lease-create"
                       : job->deed == LENDER_RESIZES ? "lease-resize"
                                                     : "lease-end";
    const char *key =
        job->deed == LENDER_CREATES ? FIELD_LEND_LABEL : FIELD_LEND_TOKEN;
    const struct lent_lease *l =
        lent_find(job->lender->lent, job->peer, job->volume);
    char label[LENT_LABEL_SIZE];
    const char *value = l ? l->token : label;

    cleanup_json struct json_object *params = json_object_new_object();
    char size[32];

    lent_label(job->peer, job->volume, label);
    json_set_text(params, key, value);
    snprintf(size, sizeof(size), "%" PRIu64 "KiB", job->size_kib);
    if (job->deed != LENDER_ENDS)
        json_set_text(params, FIELD_LEND_SIZE, size);
    if (lend_client_ask(job->lender->client, verb, params, on_done, job) < 0)
        refuse_down(job, -ENOMEM);
}

static void
on_wait(evutil_socket_t fd, short what, void *arg)
{
    const struct timeval delay = clock_timeval(GROW_LOOK_MS);
    struct lender_job *job = arg;

    (void)fd;
    (void)what;
    if (lender_dom0_has_grown(job->lender))
        ask(job);
    else if (lender_now_ms(job->lender) < job->give_up_ms)
        evtimer_add(job->wait, &delay);
    else
        refuse(job, REQUEST_NOT_ENOUGH_MEMORY,
               "Domain 0 of this host does not grow");
}

/* Memory is domain 0's before it is promised (G3). */
static void
ask_with_room(struct lender_job *job, uint64_t cost_kib)
{
    const struct timeval at_once = { 0 };
    struct lender *lender = job->lender;

    lender_measure(lender);
    if (cost_kib > lent_free_kib(lender->lent)) {
        refuse(job, REQUEST_NOT_ENOUGH_MEMORY,
               "%" PRIu64 " KiB are needed, and %" PRIu64 " can be lent",
               cost_kib, lent_free_kib(lender->lent));
        return;
    }
    job->cost_kib = cost_kib;
    job->give_up_ms = sat_add(lender_now_ms(lender), GROW_MS);
    job->wait = evtimer_new(lender->base, on_wait, job);
    if (!job->wait || lender_fit_dom0(lender) < 0)
        refuse(job, REQUEST_HOST_FAILED, "Domain 0 cannot be grown");
    else
        evtimer_add(job->wait, &at_once);
}

/* --- wishes --------------------------------------------------------------- */

/* NULL: it is answered already. */
static struct lender_job *
begin(struct lender *lender, const struct lender_wish *wish,
      enum lender_deed deed, lender_answer_fn *fn, void *arg)
{
    struct lender_job *job = new_job(lender, wish, deed, fn, arg);

    if (!job || !is_busy(job))
        return job;
    refuse(job, REQUEST_BUSY, "This lease is being changed");
    return NULL;
}

static const struct lent_lease *
lease_of(const struct lender *lender, const struct lender_wish *wish)
{
    return lent_find(lender->lent, wish->peer, wish->volume);
}

void
lender_create(struct lender *lender, const struct lender_wish *wish,
              lender_answer_fn *fn, void *arg)
{
    struct lender_job *job = begin(lender, wish, LENDER_CREATES, fn, arg);
    const struct lent_lease *l = lease_of(lender, wish);

    if (!job)
        return;
    if (l && l->size_kib != wish->size_kib)
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
        ask_with_room(job, pool_cost_kib(wish->size_kib));
}

void
lender_resize(struct lender *lender, const struct lender_wish *wish,
              lender_answer_fn *fn, void *arg)
{
    struct lender_job *job = begin(lender, wish, LENDER_RESIZES, fn, arg);
    const struct lent_lease *l = lease_of(lender, wish);

    if (job && !l)
        refuse(job, REQUEST_NO_LEASE, "There is no such lease");
    else if (job)
        ask_with_room(job, sat_sub(pool_cost_kib(wish->size_kib),
                                   pool_cost_kib(l->size_kib)));
}

void
lender_end(struct lender *lender, const struct lender_wish *wish,
           lender_answer_fn *fn, void *arg)
{
    struct lender_job *job = begin(lender, wish, LENDER_ENDS, fn, arg);

    if (job && lease_of(lender, wish))
        ask(job);
    else if (job)
        answer(job, NULL);
}

void
lender_drop_jobs(struct lender *lender)
{
    while (!TAILQ_EMPTY(&lender->jobs))
        free_job(TAILQ_FIRST(&lender->jobs));
}
