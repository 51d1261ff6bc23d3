/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A new configuration for a running daemon: all of it, or nothing. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "adopt.h"
#include "book-engine.h"
#include "book.h"
#include "daemon-private.h"
#include "log.h"
#include "note.h"
#include "notify.h"
#include "util/units.h"

/* An engine that stays keeps what it has learned; one that a client changed
 * meanwhile becomes what the configuration says. */
static int
change_policy(struct daemon *d, const struct conf *wanted,
              char error[CONF_ERROR_SIZE])
{
    const struct engine *e = engines_of(&d->engines, "");
    char why[CONF_ERROR_SIZE] = "";
    int r;

    if (conf_policy_is_same(&wanted->policy, &e->spec) && !e->is_set_aside)
        return 0;
    d->engines.budget_ms = wanted->tuning.engine_budget_ms;
    r = book_put_engine(&d->balancer, e->name, &wanted->policy, NULL, why);
    d->engines.budget_ms = d->conf.tuning.engine_budget_ms;
    if (r < 0)
        snprintf(error, CONF_ERROR_SIZE, "[policy] %.1000s", why);
    return r;
}

/* Whoever reloads may have mended what was wrong with them. */
static void
retry_engines(struct daemon *d)
{
    char why[CONF_ERROR_SIZE];

    for (size_t i = 1; i < d->engines.n; i++) {
        const struct engine *e = d->engines.list[i];
        struct conf_policy spec = e->spec;

        if (e->is_set_aside &&
            book_put_engine(&d->balancer, e->name, &spec, NULL, why) < 0)
            log_warnx("engine %s stays set aside: %s", e->name, why);
    }
}

static void
take_over(struct daemon *d, const struct conf *wanted)
{
    bool is_recorded_anew;

    if (strcmp(wanted->socket, d->conf.socket) != 0 ||
        strcmp(wanted->group, d->conf.group) != 0)
        log_warnx("what changed in [control] takes effect at the next start");
    if (strcmp(wanted->settings, d->conf.settings) != 0)
        log_warnx("another directory of settings is used at the next start");
    d->balancer.tuning = wanted->tuning;
    daemon_reload_peers(d, wanted);
    is_recorded_anew = wanted->record_kib != d->conf.record_kib;
    daemon_reload_metrics(d, wanted);
    d->conf = *wanted;
    if (is_recorded_anew)
        daemon_record(d);
    d->engines.budget_ms = wanted->tuning.engine_budget_ms;
    retry_engines(d);
    d->balancer.default_range = wanted->default_range;
    adopt_again(&d->balancer);
    log_set_level(wanted->log_level);
    note(&d->balancer, EVENTS_CONFIG_RELOADED,
         "the configuration is read again");
    daemon_publish_dom0(d);
    daemon_tick_soon(d);
}

void
daemon_reload(struct daemon *d)
{
    char error[CONF_ERROR_SIZE];
    struct conf wanted;

    notify_reloading();
    if (options_read_conf(d->config.options, &wanted, error) == 0 &&
        change_policy(d, &wanted, error) == 0)
        take_over(d, &wanted);
    else
        note(&d->balancer, EVENTS_CONFIG_REFUSED,
             "%s; the last good configuration stays in force", error);
    notify_ready();
}

/* auto: as large as it may be, or as it is. */
static uint64_t
dom0_most_kib(const struct daemon *d, const struct guest *g)
{
    if (d->conf.dom0_dynamic_max_kib != CONF_AUTO)
        return d->conf.dom0_dynamic_max_kib;
    if (g->facts.static_max_kib != HOST_UNSET)
        return g->facts.static_max_kib;
    return max_u64(g->facts.actual_kib, d->conf.tuning.dom0_floor_kib);
}

static int
set_dom0_range(struct daemon *d, const struct guest *g,
               char error[BOOK_ERROR_SIZE])
{
    const struct range range = {
        .static_min_kib =
            g->facts.static_min_kib == HOST_UNSET ? 0 : g->facts.static_min_kib,
        .dynamic_min_kib = d->conf.tuning.dom0_floor_kib,
        .dynamic_max_kib = dom0_most_kib(d, g),
        .static_max_kib = g->facts.static_max_kib, /* unset is no limit */
    };
    bool has_target = g->facts.target_kib != HOST_UNSET;
    uint64_t actual_kib = g->facts.actual_kib;
    int r = book_set_range(&d->balancer, 0, &range, error);

    /* Not everyone who boots a dom0 writes one: it is what dom0 has. */
    if (r == 0 && !has_target)
        r = d->host->ops->set_target(d->host, 0, actual_kib);
    return r;
}

void
daemon_publish_dom0(struct daemon *d)
{
    char error[BOOK_ERROR_SIZE] = "xenstore did not take it";
    const struct guest *g = NULL;

    if (!d->conf.tuning.manages_dom0)
        return;
    if (balancer_refresh(&d->balancer) == 0)
        g = guest_find(&d->balancer.guests, 0);
    if (!g || set_dom0_range(d, g, error) < 0)
        log_error("domain 0 is not given the range of the configuration: %s",
                  g ? error : "it cannot be observed");
}
