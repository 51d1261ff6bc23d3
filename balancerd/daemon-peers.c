/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the daemon lends, and from whom it borrows. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "daemon-private.h"
#include "identity.h"
#include "laters.h"
#include "lender.h"
#include "log.h"
#include "note.h"
#include "peers-open.h"

/* A host may have a name that no peer can have. */
#define NAMELESS "unnamed"

static const char *
own_name(const struct conf *c, const struct identity *host)
{
    if (c->peer_name[0])
        return c->peer_name;
    if (peer_name_is_valid(host->name))
        return host->name;
    if (c->peer_listen[0])
        log_warnx("'%s' is no name for a peer: this host is " NAMELESS
                  ", unless [peers] has a name",
                  host->name);
    return NAMELESS;
}

static void
on_later(void *arg)
{
    const struct daemon *d = arg;

    if (d->ctl)
        ctl_news(d->ctl);
}

int
daemon_open_peers(struct daemon *d, char error[CONF_ERROR_SIZE])
{
    char why[PEERS_FILE_ERROR_SIZE];
    struct identity host;
    struct peers_config config = {
        .base = d->base,
        .b = &d->balancer,
        .listen = d->conf.peer_listen,
        .dir = d->balancer.settings_dir,
    };
    int r = lender_open(&d->lender, d->base, &d->conf, &d->balancer);

    if (r < 0) {
        snprintf(error, CONF_ERROR_SIZE, "%s", strerror(-r));
        return r;
    }
    lender_set_wake(d->lender, daemon_tick_soon, d);
    d->laters = laters_new(on_later, d);
    if (!d->laters) {
        snprintf(error, CONF_ERROR_SIZE, "%s", strerror(ENOMEM));
        return -ENOMEM;
    }
    identity_read(&host);
    config.lender = d->lender;
    config.name = own_name(&d->conf, &host);
    config.uuid = host.uuid;
    r = peers_open(&d->peers, &config, why);
    if (r < 0)
        snprintf(error, CONF_ERROR_SIZE, "%s", why);
    d->balancer.peers = d->peers;
    d->balancer.laters = d->laters;
    return r;
}

void
daemon_reload_peers(struct daemon *d, const struct conf *wanted)
{
    char why[PEERS_FILE_ERROR_SIZE] = "";

    if (strcmp(wanted->peer_name, d->conf.peer_name) != 0 ||
        strcmp(wanted->peer_listen, d->conf.peer_listen) != 0 ||
        strcmp(wanted->lend_socket, d->conf.lend_socket) != 0)
        log_warnx("what changed in [peers], and the socket of [lend], take "
                  "effect at the next start");
    lender_configure(d->lender, wanted);
    if (peers_reload(d->peers, why) < 0)
        note(&d->balancer, EVENTS_CONFIG_REFUSED,
             "%s; the peers stay as they "
             "are",
             why);
}

void
daemon_close_peers(struct daemon *d)
{
    d->balancer.peers = NULL;
    d->lender = lender_close(d->lender);
    d->peers = peers_close(d->peers);
    d->laters = laters_free(d->laters);
}
