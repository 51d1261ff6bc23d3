/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and writes xenstore, and never brings a dead domain's path back. */
#include <config.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "host-xen-store.h"
#include "proto/keys.h"
#include "util/cleanup.h"

/* A transaction fails only if someone changed the very nodes that it touches;
 * that this happens so often in a row is not to be believed. */
#define TRANSACTION_TRIES 16

/* "/local/domain/7" of "/local/domain/7/memory/target"; false if path is not
 * below a domain's directory. */
static bool
home_of(const char *path, char ret_home[KEYS_PATH_SIZE])
{
    static const char prefix[] = KEYS_GUESTS "/";
    const char *end;
    size_t length;

    if (strncmp(path, prefix, strlen(prefix)) != 0)
        return false;
    end = strchr(path + strlen(prefix), '/');
    length = end ? (size_t)(end - path) : 0;
    if (length == 0 || length >= KEYS_PATH_SIZE)
        return false;
    memcpy(ret_home, path, length);
    ret_home[length] = '\0';
    return true;
}

static int
write_value(struct xs_handle *xs, xs_transaction_t t, const char *path,
            const char *value)
{
    return xs_write(xs, t, path, value, (unsigned)strlen(value)) ? 0 : -errno;
}

static int
exists(struct xs_handle *xs, xs_transaction_t t, const char *path)
{
    cleanup_free void *value = xs_read(xs, t, path, NULL);

    return value ? 0 : -errno;
}

static int
try_write_in_home(struct xs_handle *xs, const char *home, const char *path,
                  const char *value)
{
    xs_transaction_t t = xs_transaction_start(xs);
    int r;

    if (t == XBT_NULL)
        return -errno;
    r = exists(xs, t, home);
    if (r == 0)
        r = write_value(xs, t, path, value);
    else if (r == -ENOENT)
        r = -ESRCH;
    if (!xs_transaction_end(xs, t, r < 0) && r == 0)
        r = -errno;
    return r;
}

int
xen_store_write(struct xs_handle *xs, const char *path, const char *value)
{
    char home[KEYS_PATH_SIZE];
    int r = -EAGAIN;

    if (!home_of(path, home))
        return write_value(xs, XBT_NULL, path, value);
    for (int i = 0; i < TRANSACTION_TRIES && r == -EAGAIN; i++)
        r = try_write_in_home(xs, home, path, value);
    return r;
}

int
xen_store_remove(struct xs_handle *xs, const char *path)
{
    return xs_rm(xs, XBT_NULL, path) || errno == ENOENT ? 0 : -errno;
}

/* What went away since its directory was read is not an error. */
static int
call_with_value(struct xs_handle *xs, const char *path, const char *name,
                host_store_fn *fn, void *arg)
{
    cleanup_free char *value = xs_read(xs, XBT_NULL, path, NULL);

    if (!value)
        return errno == ENOENT ? 0 : -errno;
    return fn(arg, name, value);
}

int
xen_store_list(struct xs_handle *xs, const char *dir, host_store_fn *fn,
               void *arg)
{
    unsigned n = 0;
    cleanup_free char **names = xs_directory(xs, XBT_NULL, dir, &n);
    int r = 0;

    if (!names)
        return errno == ENOENT ? 0 : -errno;
    for (unsigned i = 0; i < n && r == 0; i++) {
        cleanup_free char *path = NULL;

        if (asprintf(&path, "%s/%s", dir, names[i]) < 0) {
            path = NULL;
            return -ENOMEM;
        }
        r = call_with_value(xs, path, names[i], fn, arg);
    }
    return r < 0 ? r : 0;
}
