/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A word on each line, and an empty line. */
#include <config.h>

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "swap-service.h"
#include "util/cleanup.h"

struct request {
    char text[sizeof(((struct swap_child_args *)0)->texts)];
    size_t used;
};

static void
add_line(struct request *request, const char *text)
{
    size_t length = strlen(text);

    memcpy(request->text + request->used, text, length);
    request->used += length;
    request->text[request->used++] = '\n';
}

/* The program's own name is not for others to say. */
static void
fill(struct request *request, const struct swap_child_args *args)
{
    request->used = 0;
    for (size_t i = 1; i < args->n; i++)
        add_line(request, args->argv[i]);
    add_line(request, "");
}

static int
connect_to(const char *path, int fd)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path));
    return connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0
               ? -errno
               : 0;
}

int
swap_service_ask(const char *path, const struct swap_child_args *args,
                 int *ret_fd)
{
    cleanup_close int fd =
        socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct request request;
    int r = fd < 0 ? -errno : connect_to(path, fd);

    if (r < 0)
        return r;
    fill(&request, args);
    /* A fresh socket has room for it. */
    if (send(fd, request.text, request.used, MSG_NOSIGNAL) !=
        (ssize_t)request.used)
        return -EIO;
    *ret_fd = fd;
    fd = -1;
    return 0;
}
