/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests come by lines, and whoever is silent for long is in the way. */
#include <config.h>

#include <sys/time.h>

#include <event2/event.h>

#include "ctl-lines.h"
#include "proto/request.h"

/* A client that reads nothing for so long is dead, ... */
#define WRITE_TIMEOUT_S 10
/* ... and one that neither asks nor waits is in the way of others. */
#define IDLE_TIMEOUT_S 300

struct bufferevent *
ctl_lines_open(struct event_base *base, int fd, bufferevent_data_cb on_progress,
               bufferevent_event_cb on_event, void *arg)
{
    static const struct timeval idle = { .tv_sec = IDLE_TIMEOUT_S };
    static const struct timeval blocked = { .tv_sec = WRITE_TIMEOUT_S };
    struct bufferevent *bev =
        bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);

    if (!bev)
        return NULL;
    bufferevent_setcb(bev, on_progress, on_progress, on_event, arg);
    bufferevent_setwatermark(bev, EV_READ, 0, REQUEST_LINE_MAX + 1);
    bufferevent_set_timeouts(bev, &idle, &blocked);
    bufferevent_enable(bev, EV_READ | EV_WRITE);
    return bev;
}
