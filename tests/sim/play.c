/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loop that the daemon would run, in simulated time. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "host-sim.h"
#include "log.h"
#include "play.h"
#include "record.h"
#include "util/units.h"

/* More than this many failures say nothing new. */
#define FAILURES_MAX 20
/* 20 ms ticks for half an hour: more is a loop ... */
#define TICKS_MAX 100000
/* ... or a scenario that is as long as that. */
#define TICK_MS_MIN 20

/* The log has no argument; only one scenario is played at a time. */
static struct play *playing;

void
play_fail(struct play *p, const char *format, ...)
{
    va_list args;

    if (p->failures++ >= FAILURES_MAX)
        return;
    fprintf(p->record, "%9.3f  FAILURE: ",
            p->world ? (double)p->world->now_ms / MS_PER_S : 0.0);
    va_start(args, format);
    vfprintf(p->record, format, args);
    va_end(args);
    fputc('\n', p->record);
}

static void
take_log_line(enum log_level level, const char *line)
{
    (void)level;
    if (playing && !playing->how->is_quiet)
        fprintf(playing->record, "%9.3f  %s\n",
                playing->world ? (double)playing->world->now_ms / MS_PER_S
                               : 0.0,
                line);
}

static void
take_alarm(void *arg, const char *sentence)
{
    play_fail(arg, "illegal: %s", sentence);
}

struct promise *
play_promise(struct play *p, const char *name)
{
    for (size_t i = p->n_promises; i-- > 0;)
        if (strcmp(p->promises[i].name, name) == 0)
            return &p->promises[i];
    return NULL;
}

/* When the daemon would wake up if the host had no news. */
static uint64_t
next_tick_ms(const struct play *p, uint64_t sleep_ms)
{
    const struct script *s = p->script;
    uint64_t now_ms = p->world->now_ms;
    uint64_t next_ms = min_u64(sat_add(now_ms, sleep_ms), s->end_ms);

    if (p->next_request < s->n_requests)
        next_ms = min_u64(next_ms, s->requests[p->next_request].at_ms);
    return max_u64(next_ms, now_ms + 1);
}

/* The next instant at which an expectation has to be looked at. */
static uint64_t
next_look_ms(const struct play *p)
{
    const struct script *s = p->script;
    uint64_t look_ms = HOST_UNSET;

    for (size_t i = 0; i < s->n_expectations; i++)
        if (s->expectations[i].ms > p->world->now_ms)
            look_ms = min_u64(look_ms, s->expectations[i].ms);
    return look_ms;
}

/* Sleeps like the daemon: until the time has come or the host has news. To
 * look at expectations does not wake it. */
static void
sleep_until(struct play *p, uint64_t tick_ms)
{
    p->host->ops->dispatch(p->host); /* what is known is no news */
    do {
        uint64_t stop_ms = min_u64(tick_ms, sim_world_due_ms(p->world));

        sim_world_advance(p->world, min_u64(stop_ms, next_look_ms(p)));
        if (p->world->now_ms < tick_ms)
            play_check_expectations(p, false);
        play_record_series(p);
    } while (p->world->now_ms < tick_ms &&
             p->host->ops->dispatch(p->host) == 0);
}

static void
step(struct play *p, bool is_end)
{
    play_record_row(p);
    play_starts(p);
    play_check_rules(p, is_end);
    play_check_expectations(p, is_end);
}

static void
play_to_end(struct play *p)
{
    uint64_t ticks = 0;
    uint64_t most = TICKS_MAX + p->script->end_ms / TICK_MS_MIN;

    while (p->world->now_ms < p->script->end_ms && ticks++ < most) {
        uint64_t sleep_ms;

        play_requests(p);
        sleep_ms = tick(&p->balancer);
        step(p, false);
        sleep_until(p, next_tick_ms(p, sleep_ms));
    }
    if (ticks >= most)
        play_fail(p, "there is no end to the ticks");
    play_requests(p);
    tick(&p->balancer);
    step(p, true);
}

static int
open_all(struct play *p)
{
    char error[CONF_ERROR_SIZE] = "";
    int r = host_sim_create(&p->host, &p->script->scenario);

    if (r < 0)
        return r;
    p->world = host_sim_world(p->host);
    p->world->alarm = take_alarm;
    p->world->alarm_arg = p;
    if (p->how->watch)
        p->how->watch(p->world);
    r = engines_put(&p->engines, ENGINES_DEFAULT, p->how->policy, NULL, error);
    if (r < 0) {
        play_fail(p, "%s", error);
        return r;
    }
    r = balancer_init(&p->balancer, p->host, &p->engines, &p->script->tuning);
    if (r < 0)
        return r;
    play_lend(p);
    play_record_decisions(p);
    return 0;
}

void
play_lend(struct play *p)
{
    p->balancer.swap.run = p->host->ops->swap(p->host);
    p->balancer.swap.lend = p->host->ops->lend(p->host);
}

/* A daemon that is started again begins a new one. */
void
play_record_decisions(struct play *p)
{
    int r = 0;

    p->decisions = record_close(p->decisions);
    if (p->how->decisions)
        p->decisions =
            record_open(p->how->decisions, p->how->decisions_size, &r);
    if (r < 0)
        play_fail(p, "%s: %s", p->how->decisions, strerror(-r));
    p->balancer.record = p->decisions;
}

static void
close_all(struct play *p)
{
    record_close(p->decisions);
    balancer_done(&p->balancer);
    engines_done(&p->engines);
    if (p->host)
        p->host->ops->free(p->host);
    for (size_t i = 0; i < p->n_promises; i++)
        free(p->promises[i].targets);
    free(p->last_row);
}

static struct play_result
sum_up(const struct play *p)
{
    struct play_result result = {
        .has_begun = true,
        .failures = p->failures,
        .bill = sim_world_bill(p->world),
        .ticks = p->balancer.stats.ticks,
    };

    for (size_t i = 0; i < p->n_promises; i++) {
        const struct promise *promise = &p->promises[i];
        uint64_t until_ms = promise->state == PROMISE_PENDING
                                ? p->world->now_ms
                                : promise->decided_ms;

        result.waited_ms += until_ms - promise->asked_ms;
        result.refused += promise->state != PROMISE_GRANTED;
    }
    return result;
}

struct play_result
play_script(struct script *script, const struct play_how *how, FILE *record)
{
    struct play *p = calloc(1, sizeof(*p));
    struct play_result result = { .failures = 1 };

    if (!p)
        return result;
    p->script = script;
    p->how = how;
    p->record = record;
    playing = p;
    log_set_sink(take_log_line);
    if (open_all(p) == 0) {
        play_to_end(p);
        result = sum_up(p);
    } else {
        fprintf(record, "FAILURE: the host cannot be set up\n");
    }
    log_set_sink(NULL);
    playing = NULL;
    close_all(p);
    free(p);
    return result;
}
