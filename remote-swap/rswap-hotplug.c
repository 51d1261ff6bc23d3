/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What libxl runs to connect a guest's device with a volume's mirror, in place
 * of Xen's script for block devices of any kind: that makes sure that nobody
 * else has the device, which rswap-attach knows, and takes two seconds of a
 * guest that waits for memory.
 */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <xenstore.h>

#include "proto/keys.h"
#include "util/cleanup.h"

#define NUMBERS_SIZE 32

static int
write_key(struct xs_handle *xs, const char *dir, const char *key,
          const char *value)
{
    char path[KEYS_PATH_SIZE];

    snprintf(path, sizeof(path), "%s/%s", dir, key);
    return xs_write(xs, XBT_NULL, path, value, (unsigned)strlen(value))
               ? 0
               : -errno;
}

/* xen-blkback waits for the device's numbers, libxl for the word. */
static int
connect_device(struct xs_handle *xs, const char *dir)
{
    char path[KEYS_PATH_SIZE], numbers[NUMBERS_SIZE];
    cleanup_free char *device = NULL;
    struct stat status;
    int r;

    snprintf(path, sizeof(path), "%s/" KEY_VBD_PARAMS, dir);
    device = xs_read(xs, XBT_NULL, path, NULL);
    if (!device || stat(device, &status) < 0)
        return -errno;
    if (!S_ISBLK(status.st_mode))
        return -ENOTBLK;
    snprintf(numbers, sizeof(numbers), "%x:%x", major(status.st_rdev),
             minor(status.st_rdev));
    r = write_key(xs, dir, KEY_VBD_NUMBERS, numbers);
    if (r == 0)
        r = write_key(xs, dir, KEY_VBD_PATH, device);
    return r < 0 ? r : write_key(xs, dir, KEY_VBD_HOTPLUG, VBD_IS_CONNECTED);
}

static int
add(const char *dir)
{
    struct xs_handle *xs = xs_open(0);
    int r = xs ? connect_device(xs, dir) : -errno;

    if (r < 0 && xs) {
        write_key(xs, dir, KEY_VBD_ERROR, strerror(-r));
        write_key(xs, dir, KEY_VBD_HOTPLUG, VBD_HAS_FAILED);
    }
    xs_close(xs);
    return r;
}

int
main(int argc, char *argv[])
{
    const char *dir = getenv("XENBUS_PATH");

    if (argc != 2 || !dir) {
        fputs("rswap-hotplug is run by libxl\n", stderr);
        return EXIT_FAILURE;
    }
    /* There is nothing to take back. */
    if (strcmp(argv[1], "add") != 0)
        return EXIT_SUCCESS;
    return add(dir) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
