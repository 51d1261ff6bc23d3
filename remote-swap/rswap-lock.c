/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A locked file in the run-time directory; it is open until we end. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rswap-lock.h"
#include "util/clock.h"

#define PATH_SIZE     256
#define TAKE_MS       45000 /* longer than any one program is let run */
#define TAKE_AGAIN_MS 50

static const char *
path_of(char path[PATH_SIZE], const char *volume)
{
    snprintf(path, PATH_SIZE, RUNDIR "/rswap-%s.lock", volume);
    return path;
}

/* One that was removed in the meantime protects from nobody. */
static bool
is_current(int fd, const char *path)
{
    struct stat ours, current;

    return fstat(fd, &ours) == 0 && stat(path, &current) == 0 &&
           ours.st_ino == current.st_ino && ours.st_dev == current.st_dev;
}

/* 0; -EWOULDBLOCK; -errno. */
static int
try_to_take(const char *path)
{
    /* No O_CLOEXEC: our children are to have it. */
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
    int r;

    if (fd < 0)
        return -errno;
    r = flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
    if (r == 0 && !is_current(fd, path))
        r = -EWOULDBLOCK;
    if (r < 0)
        close(fd);
    return r;
}

int
rswap_lock_take(const char *volume, struct rswap_failure *f)
{
    uint64_t end_ms = clock_monotonic_ms() + TAKE_MS;
    char path[PATH_SIZE];
    int r;

    mkdir(RUNDIR, 0755);
    path_of(path, volume);
    while ((r = try_to_take(path)) == -EWOULDBLOCK &&
           clock_monotonic_ms() < end_ms)
        clock_sleep_ms(TAKE_AGAIN_MS);
    if (r == -EWOULDBLOCK)
        return rswap_fail(f, RSWAP_BUSY,
                          "another rswap-attach, or a program that it started, "
                          "is at work on this volume");
    if (r < 0)
        return rswap_fail(f, RSWAP_SYSTEM, "cannot lock %s: %s", path,
                          strerror(-r));
    return 0;
}

void
rswap_lock_remove(const char *volume)
{
    char path[PATH_SIZE];

    unlink(path_of(path, volume));
}
