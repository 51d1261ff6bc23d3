/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon's connection to its host: what it tells, and when it breaks. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "book.h"
#include "daemon-private.h"
#include "errands.h"
#include "log.h"
#include "note.h"
#include "util/units.h"

/* Events of one burst (a domain's birth is a dozen) share a tick. */
#define BURST_MS 5
/* A xenstored that was restarted is there again within seconds. */
#define RETRY_S 10

static bool
is_lost(const struct daemon *d)
{
    return event_pending(d->host_retry, EV_TIMEOUT, NULL);
}

/* The descriptor of a dead connection may be readable for ever. */
static void
lose_host(struct daemon *d, int error)
{
    const struct timeval retry = { .tv_sec = RETRY_S };

    if (is_lost(d))
        return;
    note(&d->balancer, EVENTS_HOST_LOST,
         "the connection to the host is lost; trying again every %d s: %s",
         RETRY_S, strerror(error));
    if (d->host_event)
        event_free(d->host_event);
    d->host_event = NULL;
    d->balancer.is_host_lost = true;
    event_add(d->host_retry, &retry);
}

static int
take_events(struct daemon *d)
{
    int r = d->host->ops->dispatch(d->host);

    if (r < 0)
        lose_host(d, -r);
    return r;
}

static void
on_host(evutil_socket_t fd, short what, void *arg)
{
    struct daemon *d = arg;

    (void)fd;
    (void)what;
    if (take_events(d) > 0)
        daemon_tick_within(d, sat_sub(BURST_MS,
                                      daemon_clock_ms() - d->last_tick_ms));
}

int
daemon_watch_host(struct daemon *d)
{
    int fd = d->host->ops->fd(d->host);

    if (fd < 0)
        return 0;
    d->host_event = event_new(d->base, fd, EV_READ | EV_PERSIST, on_host, d);
    if (!d->host_event || event_add(d->host_event, NULL) < 0)
        return -ENOMEM;
    return 0;
}

/* libxenstore's descriptor says nothing when xenstored dies. */
uint64_t
daemon_check_host(struct daemon *d)
{
    if (!is_lost(d))
        take_events(d);
    return is_lost(d) ? RETRY_S * MS_PER_S : 0;
}

/* A xenstored that was restarted has forgotten what was kept in it. */
static void
keep_reservations(struct balancer *b)
{
    for (size_t i = 0; i < b->reservations.n; i++)
        book_save(b, &b->reservations.list[i]);
}

void
daemon_on_host_retry(evutil_socket_t fd, short what, void *arg)
{
    struct daemon *d = arg;
    char error[HOST_ERROR_SIZE];
    struct host *host;

    (void)fd;
    (void)what;
    if (d->config.open_host(d->config.options->host, &host, error) < 0) {
        log_debug("the host is still lost: %s", error);
        return;
    }
    d->host->ops->free(d->host);
    d->host = host;
    d->balancer.host = host;
    d->balancer.is_host_lost = false;
    event_del(d->host_retry);
    note(&d->balancer, EVENTS_HOST_BACK, "the host is connected again");
    if (daemon_watch_host(d) < 0)
        lose_host(d, ENOMEM);
    keep_reservations(&d->balancer);
    errands_reopen(&d->balancer, !status_reopen(&d->balancer));
    daemon_publish_dom0(d);
    daemon_tick_soon(d);
}
