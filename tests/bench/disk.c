/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disk that turns, as an nbdkit plugin: its bytes lie in a file, and each
 * request takes as long as an arm would take.  One head, no reordering: who
 * asks elsewhere waits for a seek, who goes on where the last request ended
 * has what the medium gives, and the disk reads ahead while nobody asks. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/parse.h"

#define NBDKIT_API_VERSION 2
#include <nbdkit-plugin.h>

#define THREAD_MODEL NBDKIT_THREAD_MODEL_SERIALIZE_ALL_REQUESTS

#define NS_PER_S  UINT64_C(1000000000)
#define NS_PER_US 1000u
/* What a disk reads ahead into its buffer. */
#define BUFFER_BYTES (UINT64_C(8) << 20)

static uint64_t seek_us = 8500;
static uint64_t rate_bytes = 90000000; /* per second */
static char *path;
static int fd = -1;
static uint8_t *medium;
static uint64_t size_bytes;
static uint64_t head_offset; /* where the last request ended, */
static uint64_t head_ns;     /* and when */

static int
disk_config(const char *key, const char *value)
{
    int r = -EINVAL;

    if (strcmp(key, "image") == 0) {
        path = nbdkit_absolute_path(value);
        return path ? 0 : -1;
    }
    if (strcmp(key, "seek-us") == 0)
        r = parse_u64(value, 0, NS_PER_S / NS_PER_US, &seek_us);
    else if (strcmp(key, "rate") == 0)
        r = parse_u64(value, 1, UINT32_MAX, &rate_bytes);
    if (r < 0)
        nbdkit_error("%s=%s: unknown, or out of range", key, value);
    return r < 0 ? -1 : 0;
}

static int
disk_get_ready(void)
{
    struct stat st;

    if (!path) {
        nbdkit_error("image=FILE is missing");
        return -1;
    }
    fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0) {
        nbdkit_error("%s: %m", path);
        return -1;
    }
    size_bytes = (uint64_t)st.st_size;
    medium = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (medium == MAP_FAILED) {
        nbdkit_error("%s: %m", path);
        return -1;
    }
    return 0;
}

static void *
disk_open(int readonly)
{
    (void)readonly;
    return NBDKIT_HANDLE_NOT_NEEDED;
}

static int64_t
disk_get_size(void *handle)
{
    (void)handle;
    return (int64_t)size_bytes;
}

static int
disk_is_rotational(void *handle)
{
    (void)handle;
    return 1;
}

/* --- time ----------------------------------------------------------------- */

static uint64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static uint64_t
turn_ns(uint64_t n_bytes)
{
    return n_bytes * NS_PER_S / rate_bytes;
}

/* When the head has read on to the end of the request, where it is. */
static uint64_t
streamed_ns(uint64_t now, uint64_t end)
{
    uint64_t n_bytes = end - head_offset;
    uint64_t ahead = (now - head_ns) * rate_bytes / NS_PER_S;

    if (ahead > BUFFER_BYTES)
        ahead = BUFFER_BYTES;
    return n_bytes <= ahead ? now : now + turn_ns(n_bytes - ahead);
}

static void
take_time(uint64_t offset, uint32_t count)
{
    uint64_t end = offset + count;
    uint64_t now = now_ns();
    uint64_t done = now + seek_us * NS_PER_US + turn_ns(count);
    struct timespec until;

    if (offset >= head_offset && end - head_offset < rate_bytes &&
        streamed_ns(now, end) < done)
        done = streamed_ns(now, end);
    until.tv_sec = (time_t)(done / NS_PER_S);
    until.tv_nsec = (long)(done % NS_PER_S);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
           EINTR)
        ;
    head_offset = end;
    head_ns = done;
}

static int
disk_pread(void *handle, void *to, uint32_t count, uint64_t offset,
           uint32_t flags)
{
    (void)handle;
    (void)flags;
    take_time(offset, count);
    memcpy(to, medium + offset, count);
    return 0;
}

static int
disk_pwrite(void *handle, const void *from, uint32_t count, uint64_t offset,
            uint32_t flags)
{
    (void)handle;
    (void)flags;
    take_time(offset, count);
    memcpy(medium + offset, from, count);
    return 0;
}

static int
disk_flush(void *handle, uint32_t flags)
{
    (void)handle;
    (void)flags;
    return 0;
}

static void
disk_unload(void)
{
    if (medium && medium != MAP_FAILED)
        munmap(medium, size_bytes);
    if (fd >= 0)
        close(fd);
    free(path);
}

static struct nbdkit_plugin plugin = {
    .name = "disk",
    .longname = "a disk that turns",
    .version = PACKAGE_VERSION,
    .config = disk_config,
    .config_help = "image=FILE   the medium, as large as the disk\n"
                   "seek-us=N    to another place [8500]\n"
                   "rate=N       bytes a second from the medium [90000000]",
    .get_ready = disk_get_ready,
    .unload = disk_unload,
    .open = disk_open,
    .get_size = disk_get_size,
    .is_rotational = disk_is_rotational,
    .pread = disk_pread,
    .pwrite = disk_pwrite,
    .flush = disk_flush,
};

struct nbdkit_plugin *plugin_init(void);
NBDKIT_REGISTER_PLUGIN(plugin)
