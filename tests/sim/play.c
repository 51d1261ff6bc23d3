/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loop that the daemon would run, in simulated time. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "host-sim.h"
#include "log.h"
#include "play.h"
#include "util/units.h"

/* More than this many failures say nothing new. */
#define FAILURES_MAX 20
/* 20 ms ticks for half an hour: more is a loop. */
#define TICKS_MAX 100000

/* The log has no argument; only one scenario is played at a time. */
static struct play *playing;

void
play_fail(struct play *p, const char *format, ...)
{
    va_list args;

    if (p->failures++ >= FAILURES_MAX)
        return;
    fprintf(p->record, "%9.3f  FAILURE: ", (double)p->world->now_ms / MS_PER_S);
    va_start(args, format);
    vfprintf(p->record, format, args);
    va_end(args);
    fputc('\n', p->record);
}

static void
take_log_line(enum log_level level, const char *line)
{
    (void)level;
    if (playing)
        fprintf(playing->record, "%9.3f  %s\n",
                (double)playing->world->now_ms / MS_PER_S, line);
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
    } while (p->world->now_ms < tick_ms &&
             p->host->ops->dispatch(p->host) == 0);
}

static void
play_to_end(struct play *p)
{
    uint64_t ticks = 0;

    while (p->world->now_ms < p->script->end_ms && ticks++ < TICKS_MAX) {
        uint64_t sleep_ms;

        play_requests(p);
        sleep_ms = tick(&p->balancer);
        play_record_row(p);
        play_check_rules(p, false);
        play_check_expectations(p, false);
        sleep_until(p, next_tick_ms(p, sleep_ms));
    }
    if (ticks >= TICKS_MAX)
        play_fail(p, "there is no end to the ticks");
    play_requests(p);
    tick(&p->balancer);
    play_record_row(p);
    play_check_rules(p, true);
    play_check_expectations(p, true);
}

static int
open_all(struct play *p)
{
    const struct conf_policy policy = { .engine = "proportional" };
    char error[CONF_ERROR_SIZE];

    if (host_sim_create(&p->host, &p->script->scenario) < 0)
        return -1;
    p->world = host_sim_world(p->host);
    p->world->alarm = take_alarm;
    p->world->alarm_arg = p;
    if (engines_put(&p->engines, ENGINES_DEFAULT, &policy, NULL, error) < 0)
        return -1;
    return balancer_init(&p->balancer, p->host, &p->engines,
                         &p->script->tuning);
}

static void
close_all(struct play *p)
{
    balancer_done(&p->balancer);
    engines_done(&p->engines);
    if (p->host)
        p->host->ops->free(p->host);
    for (size_t i = 0; i < p->n_promises; i++)
        free(p->promises[i].targets);
    free(p->last_row);
}

unsigned
play_script(struct script *script, FILE *record)
{
    struct play *p = calloc(1, sizeof(*p));
    unsigned failures = 1;

    if (!p)
        return failures;
    p->script = script;
    p->record = record;
    if (open_all(p) == 0) {
        playing = p;
        log_set_sink(take_log_line);
        play_to_end(p);
        log_set_sink(NULL);
        playing = NULL;
        failures = p->failures;
    } else {
        fprintf(record, "FAILURE: the host cannot be set up\n");
    }
    close_all(p);
    free(p);
    return failures;
}
