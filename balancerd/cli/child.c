/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spawns, waits, listens. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "signals.h"
#include "util/units.h"

static uint64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * MS_PER_S + (uint64_t)now.tv_nsec / 1000000;
}

/* A child may end at any time; calls of the daemon need not hear of it. */
static sigset_t
mask_with_children(void)
{
    sigset_t mask = *signals_mask();

    sigdelset(&mask, SIGCHLD);
    return mask;
}

int
child_start(const char *const *argv, int output_fd, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t mask = mask_with_children();
    int r;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output_fd, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &mask);
    r = posix_spawnp(ret_pid, argv[0], &actions, &attributes,
                     (char *const *)(uintptr_t)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return -r;
}

/* Lets signals in for so long at most. */
static void
doze(uint64_t ms)
{
    struct timespec timeout = {
        .tv_sec = (time_t)(ms / MS_PER_S),
        .tv_nsec = (long)(ms % MS_PER_S) * 1000000,
    };
    sigset_t mask = mask_with_children();

    ppoll(NULL, 0, &timeout, &mask);
}

int
child_wait(pid_t pid, uint64_t timeout_ms, int *ret_status)
{
    uint64_t end_ms = sat_add(now_ms(), timeout_ms);
    int caught_before = signals_caught();

    for (;;) {
        uint64_t left_ms = sat_sub(end_ms, now_ms());
        pid_t ended = waitpid(pid, ret_status, WNOHANG);

        if (ended == pid)
            return 0;
        if (ended < 0)
            return -errno;
        if (signals_caught() != caught_before)
            return -EINTR;
        if (left_ms == 0)
            return -ETIMEDOUT;
        doze(left_ms);
    }
}

/* What does not fit is read, so that the child can end, and forgotten. */
static int
read_all(int fd, char text[CHILD_TEXT_SIZE])
{
    char rest[256];
    size_t used = 0;

    for (;;) {
        size_t room = CHILD_TEXT_SIZE - 1 - used;
        ssize_t n = room > 0 ? read(fd, text + used, room)
                             : read(fd, rest, sizeof(rest));

        if (n < 0 && errno != EINTR)
            return -errno;
        if (n == 0)
            break;
        if (n > 0 && room > 0)
            used += (size_t)n;
    }
    text[used] = '\0';
    return 0;
}

int
child_capture(const char *const *argv, char text[CHILD_TEXT_SIZE],
              int *ret_status)
{
    int fds[2];
    pid_t pid = -1;
    int r = pipe2(fds, O_CLOEXEC) < 0 ? -errno : 0;

    if (r < 0)
        return r;
    r = child_start(argv, fds[1], &pid);
    close(fds[1]);
    if (r == 0)
        r = read_all(fds[0], text);
    close(fds[0]);
    if (pid > 0 && waitpid(pid, ret_status, 0) < 0 && r == 0)
        r = -errno;
    return r;
}
