/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line out, one line in. */
#include <config.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "rpc.h"
#include "util/cleanup.h"

#define BUFFER_MIN 4096

static const char *
hint(int error)
{
    switch (error) {
    case ENOENT:
    case ECONNREFUSED:
        return " (is balancerd running?)";
    case EACCES:
        return " (are you root?)";
    }
    return "";
}

static int
connect_to(const char *path, int *ret_fd)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -errno;
    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
        return -errno;
    *ret_fd = fd;
    fd = -1;
    return 0;
}

int
rpc_open(struct rpc *ret, const char *path, char error[RPC_ERROR_SIZE])
{
    int r;

    *ret = (struct rpc){ .path = path, .fd = -1 };
    r = connect_to(path, &ret->fd);
    if (r < 0)
        snprintf(error, RPC_ERROR_SIZE, "Cannot connect to %s: %s%s", path,
                 strerror(-r), hint(-r));
    return r;
}

static int
lost(struct rpc *rpc, int r, char error[RPC_ERROR_SIZE])
{
    snprintf(error, RPC_ERROR_SIZE, "Lost the connection to %s: %s", rpc->path,
             strerror(-r));
    return r;
}

static int
send_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = send(fd, text, length, MSG_NOSIGNAL);

        if (n < 0 && errno != EINTR)
            return -errno;
        if (n > 0) {
            text += n;
            length -= (size_t)n;
        }
    }
    return 0;
}

static int
grow(struct rpc *rpc)
{
    size_t capacity = rpc->capacity > 0 ? rpc->capacity * 2 : BUFFER_MIN;
    char *grown;

    if (rpc->capacity >= RESPONSE_LINE_MAX)
        return -EMSGSIZE;
    grown = realloc(rpc->buffer, capacity);
    if (!grown)
        return -ENOMEM;
    rpc->buffer = grown;
    rpc->capacity = capacity;
    return 0;
}

/* One more piece of the answer; *ret_end is its newline, if that is there. */
static int
receive(struct rpc *rpc, char **ret_end)
{
    struct pollfd poll_fd = { .fd = rpc->fd, .events = POLLIN };
    int r = rpc->used == rpc->capacity ? grow(rpc) : 0;
    ssize_t n;

    if (r < 0)
        return r;
    if (ppoll(&poll_fd, 1, NULL, rpc->mask) < 0)
        return -errno;
    n = recv(rpc->fd, rpc->buffer + rpc->used, rpc->capacity - rpc->used, 0);
    if (n <= 0)
        return n < 0 ? -errno : -ECONNRESET;
    *ret_end = memchr(rpc->buffer + rpc->used, '\n', (size_t)n);
    rpc->used += (size_t)n;
    return 0;
}

int
rpc_wait(struct rpc *rpc, struct response *ret, char error[RPC_ERROR_SIZE])
{
    char *end = NULL;
    int r = 0;

    while (!end && r == 0)
        r = receive(rpc, &end);
    if (r == 0)
        r = response_parse(rpc->buffer, (size_t)(end - rpc->buffer), rpc->id,
                           ret);
    if (r == -EINTR)
        return r;
    rpc->used = 0;
    return r < 0 ? lost(rpc, r, error) : 0;
}

int
rpc_call(struct rpc *rpc, const char *verb, struct json_object *params,
         struct response *ret, char error[RPC_ERROR_SIZE])
{
    size_t length = 0;
    cleanup_free char *line = request_line(++rpc->id, verb, params, &length);
    int r = line ? send_all(rpc->fd, line, length) : -ENOMEM;

    /* Who is turned away is told why before it has asked. */
    if (r == -EPIPE && rpc_wait(rpc, ret, error) == 0)
        return 0;
    return r < 0 ? lost(rpc, r, error) : rpc_wait(rpc, ret, error);
}

void
rpc_close(struct rpc *rpc)
{
    if (rpc->fd >= 0)
        close(rpc->fd);
    free(rpc->buffer);
    *rpc = (struct rpc){ .fd = -1 };
}
