/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* swapon() is quick.  swapoff() moves everything, and the agent has to go on
 * telling. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/swap.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/swap-header.h"
#include "swap-device.h"
#include "util/cleanup.h"
#include "util/units.h"

#define PATH_SIZE      (OFFER_VDEV_SIZE + sizeof("/dev/"))
#define SCHEDULER_PATH "/sys/block/%s/queue/scheduler"

static const char *
path_of(char path[PATH_SIZE], const char *vdev)
{
    snprintf(path, PATH_SIZE, "/dev/%s", vdev);
    return path;
}

static enum offer_why
compare(const struct offer *o, const struct swap_header *h)
{
    char label[SWAP_LABEL_SIZE];

    swap_header_label(o->uuid, label);
    return strcmp(h->uuid, o->uuid) == 0 && strcmp(h->label, label) == 0 &&
                   h->size_kib == o->size_kib
               ? OFFER_WHY_NONE
               : OFFER_WHY_OTHER_AREA;
}

/* Is it the one that is meant, and as large as it says? */
static enum offer_why
check(const struct offer *o, int fd)
{
    unsigned char page[SWAP_HEADER_BYTES];
    struct swap_header header;
    uint64_t size_bytes = 0;

    if (pread(fd, page, sizeof(page), 0) != (ssize_t)sizeof(page) ||
        swap_header_parse(page, &header) < 0)
        return OFFER_WHY_NO_SWAP_AREA;
    if (ioctl(fd, BLKGETSIZE64, &size_bytes) < 0 ||
        size_bytes / BYTES_PER_KIB < o->size_kib)
        return OFFER_WHY_OTHER_AREA;
    return compare(o, &header);
}

/* Memory has no head that moves: nothing is gained by putting requests
 * into order.  It works without, too. */
static void
set_scheduler(const char *vdev)
{
    static const char none[] = "none";
    char path[OFFER_VDEV_SIZE + sizeof(SCHEDULER_PATH)];
    cleanup_close int fd = -1;

    snprintf(path, sizeof(path), SCHEDULER_PATH, vdev);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd >= 0 && write(fd, none, strlen(none)) < 0)
        return; /* an old kernel has no such thing */
}

bool
swap_device_is_there(const char *vdev)
{
    char path[PATH_SIZE];
    cleanup_close int fd = open(path_of(path, vdev), O_RDONLY | O_CLOEXEC);

    return fd >= 0;
}

enum offer_why
swap_device_on(const struct offer *o, int *ret_error)
{
    const int flags =
        SWAP_FLAG_PREFER |
        (int)(o->priority << SWAP_FLAG_PRIO_SHIFT & SWAP_FLAG_PRIO_MASK);
    char path[PATH_SIZE];
    cleanup_close int fd = open(path_of(path, o->vdev), O_RDONLY | O_CLOEXEC);
    enum offer_why why;

    *ret_error = fd < 0 ? -ENODEV : 0;
    if (fd < 0)
        return OFFER_WHY_NONE;
    why = check(o, fd);
    if (why != OFFER_WHY_NONE)
        return why;
    set_scheduler(o->vdev);
    /* EBUSY: it is swapped to. */
    if (swapon(path, flags) == 0 || errno == EBUSY)
        return OFFER_WHY_NONE;
    *ret_error = -errno;
    return OFFER_WHY_SWAPON;
}

int
swap_device_leave(const char *vdev, pid_t *ret_pid)
{
    char path[PATH_SIZE];
    pid_t pid;

    path_of(path, vdev);
    pid = fork();
    if (pid < 0)
        return -errno;
    if (pid == 0) {
        signal(SIGTERM, SIG_DFL);
        signal(SIGINT, SIG_DFL);
        /* EINVAL: it is not swapped to. */
        _exit(swapoff(path) == 0 || errno == EINVAL ? 0 : errno);
    }
    *ret_pid = pid;
    return 0;
}

int
swap_device_left(pid_t pid, int *ret_error)
{
    int status = 0;
    pid_t ended = waitpid(pid, &status, WNOHANG);

    if (ended == 0)
        return -EAGAIN;
    if (ended < 0 || !WIFEXITED(status))
        *ret_error = EINTR;
    else
        *ret_error = WEXITSTATUS(status);
    return 0;
}

void
swap_device_stay(pid_t pid)
{
    kill(pid, SIGKILL);
}
