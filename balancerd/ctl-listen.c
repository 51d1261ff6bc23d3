/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a control socket, in place of one that was left behind. */
#include <config.h>

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl-listen.h"
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

int
ctl_listen(const char *path, gid_t group, int *ret_fd)
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
