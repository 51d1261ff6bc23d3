/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes, fsyncs and renames; reads. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/file.h"

int
file_open_dir(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd < 0 ? -errno : fd;
}

static int
write_all(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t n = write(fd, text, left);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        text += n;
        left -= (size_t)n;
    }
    return fsync(fd) < 0 ? -errno : 0;
}

static int
write_new(int dir_fd, const char *name, const char *text)
{
    cleanup_close int fd =
        openat(dir_fd, name,
               O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

    return fd < 0 ? -errno : write_all(fd, text);
}

int
file_replace(int dir_fd, const char *name, const char *text)
{
    char new_name[NAME_MAX + 1];
    int r;

    snprintf(new_name, sizeof(new_name), "%s" FILE_NEW_SUFFIX, name);
    r = write_new(dir_fd, new_name, text);
    if (r == 0 && renameat(dir_fd, new_name, dir_fd, name) < 0)
        r = -errno;
    if (r == 0 && fsync(dir_fd) < 0)
        r = -errno;
    if (r < 0)
        unlinkat(dir_fd, new_name, 0);
    return r;
}

int
file_remove(int dir_fd, const char *name)
{
    if (unlinkat(dir_fd, name, 0) < 0 && errno != ENOENT)
        return -errno;
    return fsync(dir_fd) < 0 ? -errno : 0;
}

int
file_read(int dir_fd, const char *name, char *text, size_t size,
          size_t *ret_length)
{
    cleanup_close int fd =
        openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    size_t used = 0;

    if (fd < 0)
        return -errno;
    while (used < size) {
        ssize_t n = read(fd, text + used, size - used);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            break;
        used += (size_t)n;
    }
    *ret_length = used;
    return 0;
}
