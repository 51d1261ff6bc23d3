/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spawns, reads what is said, waits; kills what takes too long. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rswap-child.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/text.h"
#include "util/units.h"

#define SAID_SIZE 256

/* What a program says, of which the beginning is kept. */
struct said {
    char text[SAID_SIZE];
    size_t used;
};

static int
spawn(const char *const *argv, int output_fd, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    int r;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                     O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output_fd, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output_fd, STDERR_FILENO);
    r = posix_spawnp(ret_pid, argv[0], &actions, NULL,
                     (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return -r;
}

/* False: there is no more. */
static bool
hear(int fd, struct said *said)
{
    char buffer[SAID_SIZE];
    ssize_t n = read(fd, buffer, sizeof(buffer));
    size_t kept;

    if (n <= 0)
        return n < 0 && errno == EINTR;
    kept = min_u64((size_t)n, SAID_SIZE - 1 - said->used);
    memcpy(said->text + said->used, buffer, kept);
    said->used += kept;
    said->text[said->used] = '\0';
    return true;
}

/* Until it is silent for ever, or time is over. */
static int
listen_to(int fd, struct said *said)
{
    uint64_t end_ms = clock_monotonic_ms() + RSWAP_CHILD_MS;
    struct pollfd input = { .fd = fd, .events = POLLIN };

    for (;;) {
        uint64_t left_ms = sat_sub(end_ms, clock_monotonic_ms());
        int n = poll(&input, 1, (int)left_ms);

        if (n == 0 || left_ms == 0)
            return -ETIMEDOUT;
        if (n > 0 && !hear(fd, said))
            return 0;
    }
}

/* As one line. */
static void
flatten(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\n')
            text[i] = ' ';
}

static int
judge(const char *program, int r, int status, struct said *said,
      struct rswap_failure *f)
{
    char shown[SAID_SIZE];

    flatten(said->text);
    text_escape(shown, sizeof(shown), said->text);
    if (r == -ETIMEDOUT)
        return rswap_fail(f, RSWAP_SYSTEM, "%s took longer than %d s%s%s",
                          program, RSWAP_CHILD_MS / 1000, shown[0] ? ": " : "",
                          shown);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    return rswap_fail(f, RSWAP_SYSTEM, "%s: %s", program,
                      shown[0] ? shown : "it failed");
}

int
rswap_child_run(const char *const *argv, struct rswap_failure *f)
{
    struct said said = { .used = 0 };
    int fds[2], status = 0;
    pid_t pid = -1;
    int r = pipe2(fds, O_CLOEXEC) < 0 ? -errno : 0;

    if (r == 0) {
        r = spawn(argv, fds[1], &pid);
        close(fds[1]);
        if (r == 0)
            r = listen_to(fds[0], &said);
        close(fds[0]);
    }
    if (pid < 0)
        return rswap_fail(f, RSWAP_SYSTEM, "cannot run %s: %s", argv[0],
                          strerror(-r));
    if (r == -ETIMEDOUT)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return judge(argv[0], r, status, &said, f);
}
