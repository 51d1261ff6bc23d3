/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a client of a control socket is read from and written to. */
#ifndef CTL_LINES_H
#define CTL_LINES_H

#include <event2/bufferevent.h>

/* Reads and writes fd, which it closes when it is freed.  on_progress: some of
 * a request is there, or all of the output has gone; on_event: the client has
 * ended, or did nothing for too long.  Not more than a request's line is read
 * ahead.  NULL: no memory, and fd is as it was. */
struct bufferevent *
ctl_lines_open(struct event_base *base, int fd, bufferevent_data_cb on_progress,
               bufferevent_event_cb on_event, void *arg);

#endif
