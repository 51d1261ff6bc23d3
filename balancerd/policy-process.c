/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Starts, asks, awaits and buries the process of a plugin. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policy-process.h"
#include "policy-serve.h"
#include "util/clock.h"
#include "util/parse.h"
#include "util/units.h"

#define END_SIZE 96

struct policy_process {
    pid_t pid; /* 0: it has ended */
    int fd;
    int schedstat; /* its file, or -1 */
    struct policy_room *room;
    policy_serial serial; /* of the last question */
    enum policy_op op;
    bool is_busy; /* with it, since */
    uint64_t asked_ms;
    uint64_t delayed_ms; /* until then, see delay_of */
    char end[END_SIZE];
};

static void
describe_end(struct policy_process *p, int status)
{
    const char *name;

    if (WIFSIGNALED(status)) {
        name = sigdescr_np(WTERMSIG(status));
        snprintf(p->end, sizeof(p->end), "was ended by signal %d (%s)",
                 WTERMSIG(status), name ? name : "unknown");
    } else {
        snprintf(p->end, sizeof(p->end), "ended itself with status %d",
                 WEXITSTATUS(status));
    }
}

static int
open_schedstat(pid_t pid)
{
    char path[sizeof("/proc//schedstat") + 3 * sizeof(pid)];

    snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* How long in its life it could have run and no processor was free: time that
 * is none of its fault.  The second number of the file, in ns; 0 where the
 * kernel does not count it. */
static uint64_t
delay_of(const struct policy_process *p)
{
    char text[64] = "";
    const char *begin, *end;
    uint64_t delay_ns = 0;

    if (p->schedstat < 0 || pread(p->schedstat, text, sizeof(text) - 1, 0) <= 0)
        return 0;
    begin = strchr(text, ' ');
    end = begin ? strchr(begin + 1, ' ') : NULL;
    if (end)
        parse_u64_n(begin + 1, (size_t)(end - begin - 1), 0, UINT64_MAX,
                    &delay_ns);
    return delay_ns / NS_PER_MS;
}

/* One that only closed its descriptor is as good as gone. */
static int
bury(struct policy_process *p)
{
    int status = 0;

    if (p->pid == 0)
        return 0;
    kill(p->pid, SIGKILL);
    while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    p->pid = 0;
    p->is_busy = false;
    return status;
}

static int
lose(struct policy_process *p)
{
    describe_end(p, bury(p));
    return -EOWNERDEAD;
}

static int
start(struct policy_process *p)
{
    pid_t parent = getpid();
    int fds[2];

    p->room = policy_room_new();
    if (!p->room)
        return -ENOMEM;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
        return -errno;
    p->fd = fds[0];
    p->pid = fork();
    if (p->pid == 0)
        policy_serve(fds[1], p->room, parent);
    if (p->pid < 0) {
        int r = -errno;

        p->pid = 0;
        close(fds[1]);
        return r;
    }
    close(fds[1]);
    p->schedstat = open_schedstat(p->pid);
    return 0;
}

int
policy_process_start(struct policy_process **ret)
{
    struct policy_process *p = calloc(1, sizeof(*p));
    int r;

    if (!p)
        return -ENOMEM;
    p->fd = -1;
    p->schedstat = -1;
    r = start(p);
    if (r < 0) {
        policy_process_free(p, 0);
        return r;
    }
    *ret = p;
    return 0;
}

struct policy_room *
policy_process_room(struct policy_process *p)
{
    return p->room;
}

enum policy_op
policy_process_op(const struct policy_process *p)
{
    return p->op;
}

/* 0: there is something to read, or the end.  -ETIMEDOUT. */
static int
wait_until(const struct policy_process *p, uint64_t due_ms)
{
    uint64_t now_ms = clock_monotonic_ms();
    struct pollfd fd = { .fd = p->fd, .events = POLLIN };
    uint64_t left_ms = min_u64(sat_sub(due_ms, now_ms), INT_MAX);

    if (poll(&fd, 1, (int)left_ms) > 0)
        return 0;
    return now_ms >= due_ms ? -ETIMEDOUT : -EAGAIN;
}

/* What has another number is none of our answers. */
static int
receive(struct policy_process *p)
{
    policy_serial serial = 0;
    ssize_t n = recv(p->fd, &serial, sizeof(serial), MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return -EAGAIN;
    if (n <= 0)
        return lose(p);
    if (n != sizeof(serial) || serial != p->serial)
        return -EAGAIN;
    p->is_busy = false;
    return 0;
}

static int
await(struct policy_process *p, uint64_t due_ms)
{
    int r;

    do {
        r = wait_until(p, due_ms);
        if (r == 0)
            r = receive(p);
    } while (r == -EAGAIN && clock_monotonic_ms() <= due_ms);
    return r == -EAGAIN ? -ETIMEDOUT : r;
}

uint64_t
policy_process_busy_ms(const struct policy_process *p)
{
    uint64_t busy_ms = clock_monotonic_ms() - p->asked_ms;

    return sat_sub(busy_ms, delay_of(p) - p->delayed_ms);
}

int
policy_process_rest(struct policy_process *p)
{
    int r = 0;

    if (p->pid == 0)
        return -EOWNERDEAD;
    if (p->is_busy)
        r = await(p, 0);
    return r == -ETIMEDOUT ? -EBUSY : r;
}

int
policy_process_ask(struct policy_process *p, enum policy_op op,
                   uint64_t limit_ms)
{
    if (p->pid == 0)
        return -EOWNERDEAD;
    p->op = op;
    p->room->op = op;
    p->serial++;
    p->asked_ms = clock_monotonic_ms();
    p->delayed_ms = delay_of(p);
    if (send(p->fd, &p->serial, sizeof(p->serial),
             MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof(p->serial))
        return lose(p);
    p->is_busy = true;
    return await(p, p->asked_ms + limit_ms);
}

void
policy_process_kill(struct policy_process *p)
{
    bury(p);
}

bool
policy_process_is_dead(const struct policy_process *p)
{
    return p->pid == 0;
}

const char *
policy_process_end(const struct policy_process *p)
{
    return p->end;
}

void
policy_process_free(struct policy_process *p, uint64_t limit_ms)
{
    if (!p)
        return;
    /* It reads the end of its questions, and we the end of its answers. */
    if (p->pid > 0 && !p->is_busy && shutdown(p->fd, SHUT_WR) == 0)
        wait_until(p, clock_monotonic_ms() + limit_ms);
    bury(p);
    if (p->fd >= 0)
        close(p->fd);
    if (p->schedstat >= 0)
        close(p->schedstat);
    policy_room_free(p->room);
    free(p);
}
