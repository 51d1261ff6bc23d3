/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One daemon at a time: a lock that the kernel drops when its holder dies. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lock.h"
#include "log.h"
#include "util/cleanup.h"
#include "util/parse.h"

#define PID_TEXT_SIZE 24

static uint32_t
read_pid(int fd)
{
    char text[PID_TEXT_SIZE];
    uint64_t pid = 0;
    ssize_t n;

    n = pread(fd, text, sizeof(text) - 1, 0);
    if (n <= 0)
        return 0;
    text[n] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return parse_u64(text, 1, UINT32_MAX, &pid) < 0 ? 0 : (uint32_t)pid;
}

static int
make_directory_of(const char *path)
{
    cleanup_free char *directory = strdup(path);
    char *slash;

    if (!directory)
        return -ENOMEM;
    slash = strrchr(directory, '/');
    if (!slash || slash == directory)
        return 0;
    *slash = '\0';
    return mkdir(directory, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

static int
write_pid(int fd)
{
    char text[PID_TEXT_SIZE];
    int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

    if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)n, 0) < 0)
        return -errno;
    return 0;
}

/* 0; 1 if another process has it; -errno. */
static int
lock_file(int fd)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return write_pid(fd);
    return errno == EWOULDBLOCK ? 1 : -errno;
}

int
lock_take(int *ret_fd, const char *path, char error[LOCK_ERROR_SIZE])
{
    cleanup_close int fd = -1;
    int r = make_directory_of(path);

    if (r == 0) {
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
        r = fd < 0 ? -errno : lock_file(fd);
    }
    if (r > 0) {
        snprintf(error, LOCK_ERROR_SIZE,
                 "another balancerd runs already: process %u has locked %s",
                 read_pid(fd), path);
        return -EBUSY;
    }
    if (r < 0) {
        snprintf(error, LOCK_ERROR_SIZE, "cannot lock %s: %s", path,
                 strerror(-r));
        return r;
    }
    *ret_fd = fd;
    fd = -1;
    return 0;
}

void
lock_release(int fd)
{
    if (fd < 0)
        return;
    if (ftruncate(fd, 0) < 0)
        log_warn(errno, "the pid file names a daemon that is gone");
    close(fd);
}
