/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connects, writes, and backs off when that fails. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#include "log.h"
#include "store.h"
#include "util/units.h"

static void
disconnect(struct store *st)
{
    xs_close(st->xs);
    st->xs = NULL;
    st->is_watching = false;
}

static int
connect_store(struct store *st)
{
    if (!st->xs)
        st->xs = xs_open(0);
    return st->xs ? 0 : -errno;
}

/* A key that does not begin with '/' is below the domain's own directory,
 * whatever its number is after a migration. */
static int
try_write(struct store *st, const char *key, const char *value)
{
    int r = connect_store(st);

    if (r == 0 &&
        !xs_write(st->xs, XBT_NULL, key, value, (unsigned)strlen(value)))
        r = -errno;
    return r;
}

static int
try_watch(struct store *st, const char *key)
{
    int r = connect_store(st);

    if (r == 0 && !xs_watch(st->xs, key, key))
        r = -errno;
    st->is_watching = r == 0;
    return r;
}

/* Said once: what follows is the same trouble. */
static void
note_failure(struct store *st, const char *key, int error, uint64_t now_ms)
{
    if (st->delay_ms == 0)
        log_warn(error,
                 "cannot reach %s in xenstore; the host does not hear of this "
                 "guest's memory",
                 key);
    st->delay_ms = st->delay_ms == 0
                       ? STORE_RETRY_MIN_MS
                       : min_u64(2 * st->delay_ms, STORE_RETRY_MAX_MS);
    st->retry_ms = now_ms + st->delay_ms;
}

static bool
is_too_early(const struct store *st, uint64_t now_ms)
{
    return st->delay_ms > 0 && now_ms < st->retry_ms;
}

/* Of an attempt that was not too early. */
static int
note_result(struct store *st, const char *key, int r, uint64_t now_ms)
{
    if (r < 0) {
        note_failure(st, key, -r, now_ms);
        disconnect(st);
        return r;
    }
    if (st->delay_ms > 0)
        log_info("%s in xenstore is reached again", key);
    st->delay_ms = 0;
    return 0;
}

int
store_write(struct store *st, const char *key, const char *value,
            uint64_t now_ms)
{
    if (is_too_early(st, now_ms))
        return -EAGAIN;
    return note_result(st, key, try_write(st, key, value), now_ms);
}

int
store_watch(struct store *st, const char *key, uint64_t now_ms)
{
    if (st->is_watching)
        return 0;
    if (is_too_early(st, now_ms))
        return -EAGAIN;
    return note_result(st, key, try_watch(st, key), now_ms);
}

bool
store_has_changed(struct store *st)
{
    bool has_changed = false;
    char **change;

    if (!st->is_watching)
        return false;
    while ((change = xs_check_watch(st->xs))) {
        has_changed = true;
        free(change);
    }
    /* A dead connection would be readable for ever. */
    if (errno != EAGAIN)
        disconnect(st);
    return has_changed;
}

int
store_fd(const struct store *st)
{
    return st->is_watching ? xs_fileno(st->xs) : -1;
}

char *
store_read(struct store *st, const char *key, unsigned *ret_length)
{
    return st->xs ? xs_read(st->xs, XBT_NULL, key, ret_length) : NULL;
}

char **
store_list(struct store *st, const char *key, unsigned *ret_n)
{
    return st->xs ? xs_directory(st->xs, XBT_NULL, key, ret_n) : NULL;
}

void
store_close(struct store *st, const char *key)
{
    if (st->xs && key)
        xs_rm(st->xs, XBT_NULL, key);
    disconnect(st);
}
