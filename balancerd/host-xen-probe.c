/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A child that reads one page. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host-xen-probe.h"

#define DEADLINE_MS 2000

/* As mkswap writes it, at the end of a guest's first page. */
#define PAGE_BYTES 4096
#define SIGNATURE  "SWAPSPACE2"

#define EXIT_SWAP  0
#define EXIT_OTHER 1

static char __attribute__((aligned(PAGE_BYTES))) page[PAGE_BYTES];

/* What the daemon has open, its lock among it, must not outlive it here. */
static void
close_all(void)
{
    long n = sysconf(_SC_OPEN_MAX);

    for (int fd = STDERR_FILENO + 1; fd < (n > 0 && n < 65536 ? n : 65536);
         fd++)
        close(fd);
}

/* Past the page cache: what guests write does not go through it. */
static bool
is_swap(const char *path)
{
    static const size_t length = sizeof(SIGNATURE) - 1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_DIRECT);

    if (fd < 0 && errno == EINVAL) /* no device, but a file that has none */
        fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && pread(fd, page, sizeof(page), 0) == sizeof(page) &&
           memcmp(page + PAGE_BYTES - length, SIGNATURE, length) == 0;
}

int
xen_probe_begin(struct xen_probe *p, const char *path, uint64_t now_ms)
{
    pid_t pid = fork();

    if (pid < 0)
        return -errno;
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close_all();
        _exit(is_swap(path) ? EXIT_SWAP : EXIT_OTHER);
    }
    p->pid = pid;
    p->give_up_ms = now_ms + DEADLINE_MS;
    return 0;
}

enum xen_probe_word
xen_probe_look(struct xen_probe *p, uint64_t now_ms)
{
    int status = 0;
    pid_t pid = waitpid(p->pid, &status, WNOHANG);

    if (pid == 0) {
        if (now_ms >= p->give_up_ms)
            kill(p->pid, SIGKILL);
        return XEN_PROBE_BUSY;
    }
    p->pid = 0;
    if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SWAP)
        return XEN_PROBE_SWAP;
    return XEN_PROBE_OTHER;
}

void
xen_probe_done(struct xen_probe *p)
{
    if (p->pid > 0)
        kill(p->pid, SIGKILL);
    p->pid = 0;
}
