/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A running daemon's parts, for the files that it is made of. */
#ifndef DAEMON_PRIVATE_H
#define DAEMON_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include <event2/event.h>

#include "conf.h"
#include "daemon.h"
#include "engines.h"
#include "tick.h"
#include "util/histogram.h"

#define DAEMON_SIGNALS 3

struct ctl;
struct laters;
struct lender;
struct metrics;
struct peers;
struct swap_lend;
struct swap_run;

/* How long the loop takes, for metrics. */
struct daemon_meter {
    uint64_t due_us; /* when the timer should fire */
    uint64_t begun_us;
    struct histogram lags;
    struct histogram ticks;
};

struct daemon {
    struct daemon_config config;
    struct conf conf; /* the last good one */
    char settings_dir[CONF_DIRECTORY_SIZE];
    struct host *host;
    struct engines engines;
    struct balancer balancer;
    struct ctl *ctl;
    struct lender *lender;
    struct peers *peers;
    struct laters *laters;
    struct record *record;        /* of decisions; NULL */
    struct swap_lend *swap_peers; /* NULL: the host has its own lenders */
    struct metrics *metrics;      /* NULL: nobody is told any */
    struct daemon_meter meter;
    struct swap_run *swap_children; /* NULL: the host has its own */

    struct event_base *base;
    struct event *timer;      /* the next tick */
    struct event *host_event; /* NULL: the host has none, or is lost */
    struct event *host_retry; /* pending while the host is lost */
    struct event *signals[DAEMON_SIGNALS];

    bool is_tick_near; /* the timer is set for what has happened */
    uint64_t last_tick_ms;
    uint64_t last_ping_ms;
    uint64_t watchdog_ms; /* 0: none */
};

/* A tick in the next round of the loop; arg is the daemon. */
void daemon_tick_soon(void *arg);
void daemon_tick_within(struct daemon *d, uint64_t delay_ms);
uint64_t daemon_clock_ms(void); /* monotonic */
/* After a tick that failed: is the host lost?  How many ms to leave it alone
 * then, or 0. */
uint64_t daemon_check_host(struct daemon *d);
/* Watches the host's descriptor, if it has one.  0 or -ENOMEM. */
int daemon_watch_host(struct daemon *d);
void daemon_on_timer(evutil_socket_t fd, short what, void *arg);
void daemon_on_host_retry(evutil_socket_t fd, short what, void *arg);

/* Reads the configuration again; a bad one changes nothing. */
void daemon_reload(struct daemon *d);
/* daemon-peers.c.  0, or -errno and a sentence. */
int daemon_open_peers(struct daemon *d, char error[CONF_ERROR_SIZE]);
void daemon_reload_peers(struct daemon *d, const struct conf *wanted);
void daemon_close_peers(struct daemon *d);
/* daemon-record.c: as the configuration has it, from now on. */
void daemon_record(struct daemon *d);
/* daemon-metrics.c */
void daemon_meter_init(struct daemon_meter *m);
void daemon_meter_due(struct daemon_meter *m, uint64_t delay_ms);
void daemon_meter_begin(struct daemon_meter *m);
void daemon_meter_end(struct daemon_meter *m);
void daemon_open_metrics(struct daemon *d, const struct conf *c);
void daemon_reload_metrics(struct daemon *d, const struct conf *wanted);
/* Tells xenstore, and so everyone, what range domain 0 is given. */
void daemon_publish_dom0(struct daemon *d);

#endif
