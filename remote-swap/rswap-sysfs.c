/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small files, read and written in one piece. */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rswap-sysfs.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/parse.h"

#define ROOT "/sys/block"
/* The kernel counts block devices in these. */
#define SECTORS_PER_KIB 2
/* sysfs tells of most changes to nobody. */
#define LOOK_AGAIN_MS 20

static const char *
path_of(char path[SYSFS_PATH_SIZE], const char *device, const char *attribute)
{
    snprintf(path, SYSFS_PATH_SIZE, ROOT "/%s/%s", device, attribute);
    return path;
}

int
sysfs_read(const char *device, const char *attribute,
           char ret_text[SYSFS_TEXT_SIZE])
{
    char path[SYSFS_PATH_SIZE];
    cleanup_close int fd =
        open(path_of(path, device, attribute), O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, ret_text, SYSFS_TEXT_SIZE - 1);

    if (n < 0)
        return -errno;
    ret_text[n] = '\0';
    ret_text[strcspn(ret_text, "\n")] = '\0';
    return 0;
}

int
sysfs_read_u64(const char *device, const char *attribute, uint64_t *ret)
{
    char text[SYSFS_TEXT_SIZE];
    int r = sysfs_read(device, attribute, text);

    return r < 0 ? r : parse_u64(text, 0, UINT64_MAX, ret);
}

int
sysfs_write(const char *device, const char *attribute, const char *text)
{
    char path[SYSFS_PATH_SIZE];
    cleanup_close int fd =
        open(path_of(path, device, attribute), O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        return -errno;
    return 0;
}

uint64_t
sysfs_size_kib(const char *device)
{
    uint64_t sectors = 0;

    sysfs_read_u64(device, "size", &sectors);
    return sectors / SECTORS_PER_KIB;
}

void
sysfs_each(const char *device, const char *directory,
           bool (*visit)(void *ctx, const char *name), void *ctx)
{
    char path[SYSFS_PATH_SIZE];
    DIR *dir = opendir(path_of(path, device, directory));
    struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.' && !visit(ctx, entry->d_name))
            break;
    if (dir)
        closedir(dir);
}

int
sysfs_wait(bool (*holds)(const void *ctx), const void *ctx, uint64_t timeout_ms)
{
    uint64_t end_ms = clock_monotonic_ms() + timeout_ms;

    while (!holds(ctx)) {
        if (clock_monotonic_ms() >= end_ms)
            return -ETIMEDOUT;
        clock_sleep_ms(LOOK_AGAIN_MS);
    }
    return 0;
}
