/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The control socket: binds, listens, and passes decisions to who waits. */
#include <config.h>

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/listener.h>

#include "ctl-client.h"
#include "ctl.h"
#include "log.h"
#include "tick.h"
#include "util/cleanup.h"

#define BACKLOG 16

static int
make_address(const char *path, struct sockaddr_un *ret)
{
    size_t length = strlen(path);

    memset(ret, 0, sizeof(*ret));
    ret->sun_family = AF_UNIX;
    if (length >= sizeof(ret->sun_path))
        return -ENAMETOOLONG;
    memcpy(ret->sun_path, path, length + 1);
    return 0;
}

/* A socket that nobody listens on is what a killed daemon left. */
static int
clear_path(const struct sockaddr_un *address)
{
    cleanup_close int fd =
        socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -errno;
    if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
        errno == EAGAIN)
        return -EADDRINUSE;
    if (errno == ENOENT)
        return 0;
    if (errno != ECONNREFUSED)
        return -errno;
    return unlink(address->sun_path) < 0 && errno != ENOENT ? -errno : 0;
}

/* systemd makes the directory; by hand it may be missing. */
static int
make_directory(const char *path)
{
    cleanup_free char *copy = strdup(path);

    if (!copy)
        return -ENOMEM;
    return mkdir(dirname(copy), 0755) < 0 && errno != EEXIST ? -errno : 0;
}

static int
bind_socket(int fd, const struct sockaddr_un *address, gid_t group)
{
    mode_t umask_before = umask(0177);
    int r = bind(fd, (const struct sockaddr *)address, sizeof(*address));

    r = r < 0 ? -errno : 0;
    umask(umask_before);
    if (r < 0 || group == (gid_t)-1)
        return r;
    if (chown(address->sun_path, (uid_t)-1, group) < 0 ||
        chmod(address->sun_path, 0660) < 0)
        return -errno;
    return 0;
}

static int
listen_on(const char *path, gid_t group, int *ret_fd)
{
    struct sockaddr_un address;
    cleanup_close int fd =
        socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int r = fd < 0 ? -errno : make_address(path, &address);

    if (r == 0)
        r = make_directory(path);
    if (r == 0)
        r = clear_path(&address);
    if (r == 0)
        r = bind_socket(fd, &address, group);
    if (r < 0)
        return r;
    if (listen(fd, BACKLOG) < 0) {
        r = -errno;
        unlink(path);
        return r;
    }
    *ret_fd = fd;
    fd = -1;
    return 0;
}

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
    r = listen_on(config->path, config->group, &fd);
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
