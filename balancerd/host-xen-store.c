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

/* -ESRCH if path is gone or has another value than the one expected. */
static int
expect(struct xs_handle *xs, xs_transaction_t t, const char *path,
       const char *expected)
{
    cleanup_free char *value = xs_read(xs, t, path, NULL);

    if (!value)
        return errno == ENOENT ? -ESRCH : -errno;
    return expected && strcmp(value, expected) != 0 ? -ESRCH : 0;
}

/* What is written below a node, on condition that it is there. */
struct change {
    const char *node;
    const char *expected; /* its value, or NULL: any */
    const struct host_pair *pairs;
    size_t n;
};

static int
write_pair(struct xs_handle *xs, xs_transaction_t t, const char *node,
           const struct host_pair *pair)
{
    cleanup_free char *path = NULL;

    if (asprintf(&path, "%s/%s", node, pair->key) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    if (pair->value)
        return write_value(xs, t, path, pair->value);
    return xs_rm(xs, t, path) || errno == ENOENT ? 0 : -errno;
}

static int
try_change(struct xs_handle *xs, const struct change *change)
{
    xs_transaction_t t = xs_transaction_start(xs);
    int r;

    if (t == XBT_NULL)
        return -errno;
    r = expect(xs, t, change->node, change->expected);
    for (size_t i = 0; i < change->n && r == 0; i++)
        r = write_pair(xs, t, change->node, &change->pairs[i]);
    if (!xs_transaction_end(xs, t, r < 0) && r == 0)
        r = -errno;
    return r;
}

static int
make_change(struct xs_handle *xs, const struct change *change)
{
    int r = -EAGAIN;

    for (int i = 0; i < TRANSACTION_TRIES && r == -EAGAIN; i++)
        r = try_change(xs, change);
    return r;
}

int
xen_store_write(struct xs_handle *xs, const char *path, const char *value)
{
    char home[KEYS_PATH_SIZE];
    struct host_pair pair = { .value = value };
    const struct change change = { .node = home, .pairs = &pair, .n = 1 };

    if (!home_of(path, home))
        return write_value(xs, XBT_NULL, path, value);
    pair.key = path + strlen(home) + 1;
    return make_change(xs, &change);
}

int
xen_store_answer(struct xs_handle *xs, const char *node, const char *expected,
                 const struct host_pair *pairs, size_t n)
{
    const struct change change = { node, expected, pairs, n };

    return make_change(xs, &change);
}

int
xen_store_read(struct xs_handle *xs, const char *path, char *ret_value,
               size_t size)
{
    cleanup_free char *value = xs_read(xs, XBT_NULL, path, NULL);
    size_t length = value ? strlen(value) : 0;

    if (!value)
        return -errno;
    if (length >= size)
        return -E2BIG;
    memcpy(ret_value, value, length + 1);
    return 0;
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
