/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loop: an event, a request or the timer leads to a tick. */
#include <config.h>

#include <errno.h>
#include <time.h>

#include <event2/event.h>

#include "ctl.h"
#include "daemon-private.h"
#include "lender.h"
#include "notify.h"
#include "util/clock.h"
#include "util/units.h"

/* Even a tick that asks for the next one at once lets others have their turn,
 * the processor too. */
#define LEAST_SLEEP_MS 1

uint64_t
daemon_clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * MS_PER_S + (uint64_t)now.tv_nsec / NS_PER_MS;
}

static void
set_timer(struct daemon *d, uint64_t delay_ms)
{
    const struct timeval delay = clock_timeval(delay_ms);

    daemon_meter_due(&d->meter, delay_ms);
    event_add(d->timer, &delay);
}

void
daemon_tick_within(struct daemon *d, uint64_t delay_ms)
{
    if (d->is_tick_near)
        return;
    d->is_tick_near = true;
    set_timer(d, delay_ms);
}

void
daemon_tick_soon(void *arg)
{
    struct daemon *d = arg;

    /* A burst may have set the timer: what is asked for goes first. */
    d->is_tick_near = false;
    daemon_tick_within(d, 0);
}

/* The manager believes in a daemon that ticks, not in one that has a loop. */
static void
ping_watchdog(struct daemon *d)
{
    if (d->watchdog_ms == 0 ||
        d->last_tick_ms - d->last_ping_ms < d->watchdog_ms / 4)
        return;
    d->last_ping_ms = d->last_tick_ms;
    notify_watchdog();
}

void
daemon_on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct daemon *d = arg;
    uint64_t failed_before = d->balancer.stats.failed_ticks;
    uint64_t sleep_ms;

    (void)fd;
    (void)what;
    d->is_tick_near = false;
    daemon_meter_begin(&d->meter);
    sleep_ms = max_u64(tick(&d->balancer), LEAST_SLEEP_MS);
    daemon_meter_end(&d->meter);
    if (d->balancer.stats.failed_ticks != failed_before)
        sleep_ms = max_u64(sleep_ms, daemon_check_host(d));
    if (d->watchdog_ms > 0)
        sleep_ms = min_u64(sleep_ms, d->watchdog_ms / 2);
    d->last_tick_ms = daemon_clock_ms();
    lender_on_tick(d->lender);
    ctl_news(d->ctl);
    ping_watchdog(d);
    if (!d->is_tick_near) /* the tick itself may have led to another wish */
        set_timer(d, sleep_ms);
}

int
daemon_run(struct daemon *d)
{
    int r;

    d->watchdog_ms = notify_watchdog_ms();
    daemon_publish_dom0(d);
    daemon_tick_soon(d);
    notify_ready();
    r = event_base_dispatch(d->base);
    status_close(&d->balancer);
    notify_stopping();
    return r < 0 ? -EIO : 0;
}
