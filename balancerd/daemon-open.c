/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts the daemon together, and takes it apart in reverse order. */
#include <config.h>

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"
#include "ctl.h"
#include "daemon-private.h"
#include "engines-dir.h"
#include "engines.h"
#include "log.h"
#include "metrics.h"
#include "policy.h"
#include "record.h"
#include "swap-child.h"
#include "swap-keep.h"
#include "swap-peers.h"

static int
blame_policy(int r, const char *why, char error[CONF_ERROR_SIZE])
{
    if (r < 0)
        snprintf(error, CONF_ERROR_SIZE, "[policy] %.1000s", why);
    return r;
}

int
daemon_check_engine(const struct conf *c, char error[CONF_ERROR_SIZE])
{
    char why[CONF_ERROR_SIZE] = "";
    struct policy *policy = NULL;
    int r = engine_build(&policy, &c->policy, NULL, c->tuning.engine_budget_ms,
                         why);

    policy_close(policy);
    return blame_policy(r, why, error);
}

static int
open_engine(struct daemon *d, char error[CONF_ERROR_SIZE])
{
    char why[CONF_ERROR_SIZE] = "";
    int r;

    d->engines.budget_ms = d->conf.tuning.engine_budget_ms;
    r = engines_put(&d->engines, ENGINES_DEFAULT, &d->conf.policy, NULL, why);
    return blame_policy(r, why, error);
}

/* A disk that cannot be read is no reason to leave the host alone. */
static void
load_settings(struct daemon *d)
{
    const char *dir =
        d->conf.settings[0] ? d->conf.settings : d->config.settings_dir;
    int r;

    /* A copy: the configuration may be read again. */
    snprintf(d->settings_dir, sizeof(d->settings_dir), "%s", dir ? dir : "");
    r = book_load_settings(&d->balancer, dir ? d->settings_dir : NULL);
    if (r < 0)
        log_error("the settings in %s cannot be read: %s; none is in force, "
                  "and none can be changed",
                  dir, strerror(-r));
}

static int
open_balancer(struct daemon *d, char error[CONF_ERROR_SIZE])
{
    int r = balancer_init(&d->balancer, d->host, &d->engines, &d->conf.tuning);

    if (r < 0) {
        snprintf(error, CONF_ERROR_SIZE,
                 "the reservations kept in xenstore cannot be read: %s",
                 strerror(-r));
        return r;
    }
    d->balancer.conf = &d->conf;
    d->balancer.default_range = d->conf.default_range;
    load_settings(d);
    if (d->balancer.settings_dir)
        engines_dir_load(d->balancer.settings_dir, &d->engines);
    daemon_record(d);
    d->engines.trial = &d->balancer.snapshot;
    return 0;
}

static void
on_signal(evutil_socket_t signal, short what, void *arg)
{
    struct daemon *d = arg;

    (void)what;
    if (signal == SIGHUP) {
        daemon_reload(d);
        return;
    }
    log_info("stopping on signal %d", (int)signal);
    event_base_loopbreak(d->base);
}

static int
open_signals(struct daemon *d)
{
    static const int signals[DAEMON_SIGNALS] = { SIGTERM, SIGINT, SIGHUP };

    for (size_t i = 0; i < DAEMON_SIGNALS; i++) {
        d->signals[i] = evsignal_new(d->base, signals[i], on_signal, d);
        if (!d->signals[i] || event_add(d->signals[i], NULL) < 0)
            return -ENOMEM;
    }
    /* A client or xenstored that hangs up is an error where it is written
     * to. */
    signal(SIGPIPE, SIG_IGN);
    return 0;
}

/* libevent's own clock may be 4 ms behind, a fifth of a busy tick. */
static struct event_base *
new_base(void)
{
    struct event_config *config = event_config_new();
    struct event_base *base = NULL;

    if (config &&
        event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER) == 0)
        base = event_base_new_with_config(config);
    if (config)
        event_config_free(config);
    return base;
}

static int
open_events(struct daemon *d, char error[CONF_ERROR_SIZE])
{
    int r = -ENOMEM;

    d->base = new_base();
    if (d->base) {
        d->timer = evtimer_new(d->base, daemon_on_timer, d);
        d->host_retry =
            event_new(d->base, -1, EV_PERSIST, daemon_on_host_retry, d);
    }
    if (d->timer && d->host_retry)
        r = daemon_watch_host(d);
    if (r == 0)
        r = open_signals(d);
    if (r < 0)
        snprintf(error, CONF_ERROR_SIZE, "the event loop cannot be set up: %s",
                 strerror(-r));
    return r;
}

#define RSWAP_ATTACH PKGLIBEXECDIR "/rswap-attach"
#define RSWAP_SOCKET RUNDIR "/rswap.sock"

/* What volumes there were is known before anything is asked. */
static int
open_swap(struct daemon *d, char error[CONF_ERROR_SIZE])
{
    const struct swap_child_config config = {
        .base = d->base,
        .program = RSWAP_ATTACH,
        .socket = RSWAP_SOCKET,
        .news = daemon_tick_soon,
        .news_arg = d,
    };
    struct swap *swap = &d->balancer.swap;

    swap_keep_load(swap, d->balancer.settings_dir);
    if (d->host->ops->lend)
        swap->lend = d->host->ops->lend(d->host);
    if (!swap->lend)
        swap->lend = d->swap_peers =
            swap_peers_new(d->peers, daemon_tick_soon, d);
    if (d->host->ops->swap)
        swap->run = d->host->ops->swap(d->host);
    else
        swap->run = d->swap_children = swap_child_new(&config);
    if (swap->lend && swap->run)
        return 0;
    snprintf(error, CONF_ERROR_SIZE, "remote swap cannot be set up: %s",
             strerror(ENOMEM));
    return -ENOMEM;
}

static void
close_swap(struct daemon *d)
{
    d->balancer.swap.lend = NULL;
    d->balancer.swap.run = NULL;
    if (d->swap_peers)
        d->swap_peers->ops->free(d->swap_peers);
    if (d->swap_children)
        d->swap_children->ops->free(d->swap_children);
}

static int
find_group(const char *name, gid_t *ret, char error[CONF_ERROR_SIZE])
{
    const struct group *group;

    *ret = (gid_t)-1;
    if (!name[0])
        return 0;
    group = getgrnam(name);
    if (!group) {
        snprintf(error, CONF_ERROR_SIZE, "group: there is no group %s", name);
        return -ENOENT;
    }
    *ret = group->gr_gid;
    return 0;
}

static int
open_socket(struct daemon *d, char error[CONF_ERROR_SIZE])
{
    struct ctl_config config = {
        .path = d->conf.socket,
        .wake = daemon_tick_soon,
        .wake_arg = d,
    };
    int r = find_group(d->conf.group, &config.group, error);

    if (r < 0)
        return r;
    r = ctl_open(&d->ctl, d->base, &config, &d->balancer);
    if (r == -EADDRINUSE)
        snprintf(error, CONF_ERROR_SIZE, "another process answers at %s",
                 d->conf.socket);
    else if (r < 0)
        snprintf(error, CONF_ERROR_SIZE, "cannot listen at %s: %s",
                 d->conf.socket, strerror(-r));
    return r;
}

int
daemon_open(struct daemon **ret, const struct daemon_config *config,
            char error[CONF_ERROR_SIZE])
{
    struct daemon *d = calloc(1, sizeof(*d));
    int r;

    if (!d) {
        config->host->ops->free(config->host);
        snprintf(error, CONF_ERROR_SIZE, "%s", strerror(ENOMEM));
        return -ENOMEM;
    }
    d->config = *config;
    d->conf = *config->conf;
    d->host = config->host;
    daemon_meter_init(&d->meter);
    r = open_engine(d, error);
    if (r == 0)
        r = open_balancer(d, error);
    if (r == 0)
        r = open_events(d, error);
    if (r == 0)
        r = daemon_open_peers(d, error);
    if (r == 0)
        r = open_swap(d, error);
    if (r == 0)
        r = open_socket(d, error);
    if (r < 0) {
        daemon_close(d);
        return r;
    }
    daemon_open_metrics(d, &d->conf);
    *ret = d;
    return 0;
}

static void
free_event(struct event *event)
{
    if (event)
        event_free(event);
}

struct daemon *
daemon_close(struct daemon *d)
{
    if (!d)
        return NULL;
    d->metrics = metrics_close(d->metrics);
    d->ctl = ctl_close(d->ctl);
    close_swap(d); /* before the peers that it asks */
    daemon_close_peers(d);
    for (size_t i = 0; i < DAEMON_SIGNALS; i++)
        free_event(d->signals[i]);
    free_event(d->host_retry);
    free_event(d->host_event);
    free_event(d->timer);
    if (d->base)
        event_base_free(d->base);
    record_close(d->record);
    balancer_done(&d->balancer);
    engines_done(&d->engines);
    d->host->ops->free(d->host);
    free(d);
    return NULL;
}
