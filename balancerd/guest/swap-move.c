/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Only swapoff() moves pages from one area to another: it reads them, and the
 * kernel writes what it has no room for to the area with the highest priority.
 * A signal ends it early; what it has not done stays where it was, and the
 * area in use.  So it is let work for a moment, and rests for as long as the
 * rate asks.  The kernel looks for signals between two processes' memories: the
 * swapped pages of one process may go at once.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/swap.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "swap-areas.h"
#include "swap-move.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/units.h"

/* How long it works before it may rest; longer where that brings nothing. */
#define SLICE_MS     200
#define SLICE_MAX_MS 20000

static volatile sig_atomic_t is_stopped;

static void
on_signal(int number)
{
    if (number != SIGALRM)
        is_stopped = 1;
}

static size_t
read_areas(struct swap_area ret[SWAP_AREAS_MAX])
{
    static char text[SWAP_AREAS_SIZE];
    cleanup_close int fd = open("/proc/swaps", O_RDONLY | O_CLOEXEC);
    size_t used = 0;
    ssize_t n;

    do {
        n = fd < 0 ? 0 : read(fd, text + used, sizeof(text) - 1 - used);
        used += n > 0 ? (size_t)n : 0;
    } while (n > 0 && used < sizeof(text) - 1);
    text[used] = '\0';
    return swap_areas_parse(text, ret);
}

static uint64_t
used_kib(const char *path)
{
    static struct swap_area areas[SWAP_AREAS_MAX];
    size_t n = read_areas(areas);

    for (size_t i = 0; i < n; i++)
        if (strcmp(areas[i].path, path) == 0)
            return areas[i].used_kib;
    return 0;
}

static void
set_timer(uint64_t ms)
{
    /* Again and again: one may come before the work has begun. */
    const struct itimerval timer = { .it_value = clock_timeval(ms),
                                     .it_interval = clock_timeval(ms) };

    setitimer(ITIMER_REAL, &timer, NULL);
}

/* 0: the area is empty, and no longer in use; -EINTR; -errno. */
static int
work(const char *path, uint64_t slice_ms)
{
    int r;

    set_timer(slice_ms);
    r = swapoff(path) < 0 ? -errno : 0;
    set_timer(0);
    return r;
}

/* It is there for what the other one has no room for. */
static void
use_again(const struct swap_area *area)
{
    int flags =
        area->priority < 0
            ? 0
            : SWAP_FLAG_PREFER | (area->priority << SWAP_FLAG_PRIO_SHIFT &
                                  SWAP_FLAG_PRIO_MASK);

    if (swapon(area->path, flags) < 0)
        log_warn(errno, "cannot swap to %s again", area->path);
}

static int
move_area(const struct swap_move *m, const struct swap_area *area)
{
    uint64_t slice_ms = SLICE_MS, before_kib = area->used_kib;
    int r = -EINTR;

    while (r == -EINTR && !is_stopped && slice_ms <= SLICE_MAX_MS) {
        uint64_t begin_ms = clock_monotonic_ms(), now_kib, due_ms;

        r = work(area->path, slice_ms);
        if (r == 0)
            use_again(area);
        now_kib = used_kib(area->path);
        if (now_kib >= before_kib)
            slice_ms *= 2;
        due_ms = begin_ms +
                 mul_div(sat_sub(before_kib, now_kib), MS_PER_S, m->kib_per_s);
        before_kib = now_kib;
        while (!is_stopped && clock_monotonic_ms() < due_ms)
            clock_sleep_ms(sat_sub(due_ms, clock_monotonic_ms()));
    }
    return r;
}

static void
catch_signals(void)
{
    const struct sigaction action = { .sa_handler = on_signal };

    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGINT, SIG_IGN);
}

static void __attribute__((noreturn)) move_all(const struct swap_move *m)
{
    static struct swap_area areas[SWAP_AREAS_MAX];
    size_t n;
    int r = 0;

    catch_signals();
    n = read_areas(areas);
    for (size_t i = 0; i < n && r == 0 && !is_stopped; i++)
        if (areas[i].used_kib > 0 && !m->is_offered(m->ctx, areas[i].path))
            r = move_area(m, &areas[i]);
    _exit(r == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

int
swap_move_begin(const struct swap_move *m, pid_t *ret_pid)
{
    pid_t pid = fork();

    if (pid < 0)
        return -errno;
    if (pid == 0)
        move_all(m);
    *ret_pid = pid;
    return 0;
}

bool
swap_move_has_ended(pid_t pid)
{
    return waitpid(pid, NULL, WNOHANG) != 0;
}

void
swap_move_stop(pid_t pid)
{
    kill(pid, SIGTERM);
}
