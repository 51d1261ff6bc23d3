/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon's metrics: how late its loop is, and what is told of it. */
#include <config.h>

#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "daemon-private.h"
#include "log.h"
#include "metrics-text.h"
#include "metrics.h"
#include "util/units.h"

#define US_PER_S  1000000u
#define NS_PER_US 1000

static uint64_t
clock_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * US_PER_S + (uint64_t)now.tv_nsec / NS_PER_US;
}

void
daemon_meter_init(struct daemon_meter *m)
{
    m->lags.bounds_us = histogram_short_us;
    m->ticks.bounds_us = histogram_short_us;
}

void
daemon_meter_due(struct daemon_meter *m, uint64_t delay_ms)
{
    m->due_us = clock_us() + delay_ms * US_PER_MS;
}

void
daemon_meter_begin(struct daemon_meter *m)
{
    m->begun_us = clock_us();
    histogram_add(&m->lags, sat_sub(m->begun_us, m->due_us));
}

void
daemon_meter_end(struct daemon_meter *m)
{
    histogram_add(&m->ticks, clock_us() - m->begun_us);
}

static uint64_t
cpu_us(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
               US_PER_S +
           (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* As a client's look: what it finds that is new is for the loop. */
static void
make_text(void *arg, struct evbuffer *out)
{
    struct daemon *d = arg;
    const struct metrics_source source = {
        .b = &d->balancer,
        .lags = &d->meter.lags,
        .ticks = &d->meter.ticks,
        .cpu_us = cpu_us(),
    };

    if (!d->balancer.is_host_lost && balancer_refresh(&d->balancer) == 0 &&
        d->balancer.view.has_news)
        daemon_tick_soon(d);
    metrics_write(&source, out);
}

/* Memory is balanced whether anyone can look or not. */
void
daemon_open_metrics(struct daemon *d, const struct conf *c)
{
    char error[METRICS_ERROR_SIZE];
    const struct metrics_config config = {
        .base = d->base,
        .listen = c->metrics_listen,
        .make = make_text,
        .arg = d,
    };

    if (c->metrics_listen[0] && metrics_open(&d->metrics, &config, error) < 0)
        log_error("%s", error);
}

void
daemon_reload_metrics(struct daemon *d, const struct conf *wanted)
{
    if (strcmp(wanted->metrics_listen, d->conf.metrics_listen) == 0 &&
        (d->metrics || !wanted->metrics_listen[0]))
        return;
    d->metrics = metrics_close(d->metrics);
    daemon_open_metrics(d, wanted);
}
