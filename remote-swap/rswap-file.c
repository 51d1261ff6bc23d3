/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file has its name only until the loop device has it: what is left of a
 * run that was killed is one file with a known name, of which the next run
 * disposes, and what is left of a host that failed is nothing. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "rswap-file.h"
#include "rswap-sysfs.h"
#include "util/cleanup.h"
#include "util/units.h"

/* A free device may be taken by another before we have it. */
#define TRIES 16
/* How long a device may take to let go of its file. */
#define DROP_MS 10000

const char *
rswap_file_path(char path[RSWAP_LEG_NAME_SIZE], const char *directory,
                const char *volume)
{
    snprintf(path, RSWAP_LEG_NAME_SIZE, "%s/rswap-%s", directory, volume);
    return path;
}

void
rswap_file_sweep(const char *directory, const char *volume)
{
    char path[RSWAP_LEG_NAME_SIZE];

    unlink(rswap_file_path(path, directory, volume));
}

/* Asked before, because a file system that has been filled up, if only for a
 * moment, hurts others. */
static int
check_room(const char *directory, uint64_t size_kib, struct rswap_failure *f)
{
    struct statvfs fs;
    uint64_t free_kib;

    if (statvfs(directory, &fs) < 0)
        return rswap_fail(f, RSWAP_SYSTEM, "%s: %s", directory,
                          strerror(errno));
    free_kib = mul_div(fs.f_bavail, fs.f_frsize, BYTES_PER_KIB);
    if (free_kib < size_kib)
        return rswap_fail_room(f, RSWAP_NO_ROOM, size_kib, free_kib, directory);
    return 0;
}

static int
fill_file(int fd, const char *directory, uint64_t size_kib,
          struct rswap_failure *f)
{
    int r = posix_fallocate(fd, 0, (off_t)(size_kib * BYTES_PER_KIB));

    if (r == ENOSPC || r == EDQUOT) {
        /* Others were faster: say what is left. */
        if (ftruncate(fd, 0) == 0 && check_room(directory, size_kib, f) < 0)
            return -EIO;
    }
    if (r != 0)
        return rswap_fail(f, RSWAP_SYSTEM, "cannot allocate a file in %s: %s",
                          directory, strerror(r));
    return 0;
}

static int
make_file(const char *path, const char *directory, uint64_t size_kib,
          int *ret_fd, struct rswap_failure *f)
{
    cleanup_close int fd = -1;
    int r;

    unlink(path);
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return rswap_fail(f, RSWAP_SYSTEM, "cannot make a file in %s: %s",
                          directory, strerror(errno));
    r = fill_file(fd, directory, size_kib, f);
    if (r < 0) {
        unlink(path);
        return r;
    }
    *ret_fd = fd;
    fd = -1;
    return 0;
}

static int
configure(int number, int file_fd)
{
    const struct loop_config config = {
        .fd = (uint32_t)file_fd,
        /* What it may give back it would have to find again. */
        .info = { .lo_flags = LO_FLAGS_DIRECT_IO },
    };
    char path[RSWAP_DEVICE_SIZE], device[RSWAP_DEVICE_SIZE];
    cleanup_close int fd = -1;

    snprintf(path, sizeof(path), "/dev/loop%d", number);
    snprintf(device, sizeof(device), "loop%d", number);
    fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || ioctl(fd, LOOP_CONFIGURE, &config) < 0)
        return -errno;
    /* A discarded block of the file would be room that others may take. */
    sysfs_write(device, "queue/discard_max_bytes", "0");
    return 0;
}

static int
make_device(int file_fd, struct rswap_failure *f)
{
    cleanup_close int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    int r = control < 0 ? -errno : -EBUSY;

    for (int i = 0; i < TRIES && r == -EBUSY; i++) {
        int number = ioctl(control, LOOP_CTL_GET_FREE);

        r = number < 0 ? -errno : configure(number, file_fd);
    }
    if (r < 0)
        return rswap_fail(f, RSWAP_NO_DEVICE,
                          "domain 0 has no loop device to spare: %s",
                          strerror(-r));
    return 0;
}

int
rswap_file_make(const char *directory, const char *volume, uint64_t size_kib,
                struct rswap_failure *f)
{
    char path[RSWAP_LEG_NAME_SIZE];
    cleanup_close int fd = -1;
    int r;

    rswap_file_path(path, directory, volume);
    unlink(path);
    /* Whether that was possible is found when there has to be room. */
    mkdir(directory, 0700);
    r = check_room(directory, size_kib, f);
    if (r == 0)
        r = make_file(path, directory, size_kib, &fd, f);
    if (r < 0)
        return r;
    r = make_device(fd, f);
    unlink(path);
    return r;
}

static bool
is_dropped(const void *ctx)
{
    char text[SYSFS_TEXT_SIZE];

    return sysfs_read(ctx, "loop/backing_file", text) < 0;
}

int
rswap_file_drop(const struct rswap_found_leg *leg, struct rswap_failure *f)
{
    char path[RSWAP_DEVICE_SIZE + sizeof("/dev/")];
    int fd, r = 0;

    snprintf(path, sizeof(path), "/dev/%s", leg->device);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    /* ENXIO: it has no file any more. */
    if (fd < 0 || (ioctl(fd, LOOP_CLR_FD) < 0 && errno != ENXIO))
        r = -errno;
    /* It lets go when the last who has it open does. */
    if (fd >= 0)
        close(fd);
    if (r == 0)
        r = sysfs_wait(is_dropped, leg->device, DROP_MS);
    if (r < 0)
        return rswap_fail(f, RSWAP_SYSTEM, "%s does not let go of its file: %s",
                          path, strerror(-r));
    return 0;
}
