/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines become words; the kernel watches the peer. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "rswap-serve.h"

static bool
is_complete(const char *text, size_t used)
{
    return used > 0 && text[used - 1] == '\n' &&
           (used == 1 || text[used - 2] == '\n');
}

static bool
hear(int fd, char text[RSWAP_REQUEST_SIZE], size_t *ret_used)
{
    size_t used = 0;
    ssize_t n = 1;

    while (!is_complete(text, used) && used < RSWAP_REQUEST_SIZE) {
        n = read(fd, text + used, RSWAP_REQUEST_SIZE - used);
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        if (n > 0)
            used += (size_t)n;
    }
    *ret_used = used;
    return is_complete(text, used);
}

static void
split(struct rswap_request *request, size_t used)
{
    char *end = request->text + used - 1; /* the empty line */

    for (char *word = request->text; word < end;) {
        char *newline = memchr(word, '\n', (size_t)(end - word));

        if (!newline || request->argc > RSWAP_REQUEST_WORDS)
            break;
        *newline = '\0';
        request->argv[request->argc++] = word;
        word = newline + 1;
    }
    request->argv[request->argc] = NULL;
}

/* SIGIO, unhandled, ends a process: as SIGKILL would, at any instant. */
static void
end_with_peer(int fd)
{
    struct pollfd peer = { .fd = fd };
    int flags = fcntl(fd, F_GETFL);

    fcntl(fd, F_SETOWN, getpid());
    fcntl(fd, F_SETFL, flags | O_ASYNC);
    /* Or has it gone already? */
    if (poll(&peer, 1, 0) > 0)
        raise(SIGIO);
}

void
rswap_serve(int socket_fd, struct rswap_request *ret)
{
    static char name[] = "rswap-attach";
    size_t used;

    *ret = (struct rswap_request){ .argc = 1, .argv = { name } };
    if (!hear(socket_fd, ret->text, &used))
        return;
    split(ret, used);
    end_with_peer(socket_fd);
}
