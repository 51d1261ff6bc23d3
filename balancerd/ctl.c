/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The control socket: listens, and passes decisions to who waits. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/listener.h>

#include "ctl-client.h"
#include "ctl-listen.h"
#include "ctl.h"
#include "log.h"
#include "tick.h"

static void
on_connection(struct evconnlistener *listener, evutil_socket_t fd,
              struct sockaddr *address, int length, void *arg)
{
    (void)listener;
    (void)address;
    (void)length;
    client_accept(arg, fd);
}

/* Out of descriptors, most likely: the connection stays in the backlog. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
    (void)listener;
    (void)arg;
    log_warn(errno, "control socket: cannot accept a client");
}

static void
on_decided(void *arg, const struct reservation *r, bool is_granted,
           const char *why)
{
    clients_decided(arg, r, is_granted, why);
}

static void
on_noted(void *arg)
{
    ctl_news(arg);
}

static int
start(struct ctl *ctl, const struct ctl_config *config)
{
    int fd = -1;
    int r;

    ctl->path = strdup(config->path);
    ctl->news = event_new(ctl->base, -1, 0, clients_on_news, ctl);
    if (!ctl->path || !ctl->news)
        return -ENOMEM;
    r = ctl_listen(config->path, config->group, &fd);
    if (r < 0)
        return r;
    ctl->listener =
        evconnlistener_new(ctl->base, on_connection, ctl,
                           LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0,
                           fd);
    if (!ctl->listener) {
        close(fd);
        unlink(config->path);
        return -ENOMEM;
    }
    evconnlistener_set_error_cb(ctl->listener, on_accept_error);
    return 0;
}

int
ctl_open(struct ctl **ret, struct event_base *base,
         const struct ctl_config *config, struct balancer *b)
{
    struct ctl *ctl = calloc(1, sizeof(*ctl));
    int r;

    if (!ctl)
        return -ENOMEM;
    TAILQ_INIT(&ctl->clients);
    ctl->base = base;
    ctl->config = *config;
    ctl->b = b;
    ctl->started_ms = b->host->ops->now_ms(b->host);
    r = start(ctl, config);
    if (r < 0) {
        ctl_close(ctl);
        return r;
    }
    b->decided = on_decided;
    b->noted = on_noted;
    b->client_arg = ctl;
    *ret = ctl;
    return 0;
}

struct ctl *
ctl_close(struct ctl *ctl)
{
    if (!ctl)
        return NULL;
    if (ctl->listener) {
        evconnlistener_free(ctl->listener);
        unlink(ctl->path);
        ctl->b->decided = NULL;
        ctl->b->noted = NULL;
    }
    while (!TAILQ_EMPTY(&ctl->clients))
        client_close(TAILQ_FIRST(&ctl->clients));
    if (ctl->news)
        event_free(ctl->news);
    free(ctl->path);
    free(ctl);
    return NULL;
}
