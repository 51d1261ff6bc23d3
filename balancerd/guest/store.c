/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connects, writes, and backs off when that fails. */
#include <config.h>

#include <errno.h>
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
}

/* A key that does not begin with '/' is below the domain's own directory,
 * whatever its number is after a migration. */
static int
try_write(struct store *st, const char *key, const char *value)
{
    if (!st->xs)
        st->xs = xs_open(0);
    if (!st->xs ||
        !xs_write(st->xs, XBT_NULL, key, value, (unsigned)strlen(value)))
        return -errno;
    return 0;
}

/* Said once: what follows is the same trouble. */
static void
note_failure(struct store *st, const char *key, int error, uint64_t now_ms)
{
    if (st->delay_ms == 0)
        log_warn(error,
                 "cannot write %s to xenstore; the host does not hear of this "
                 "guest's memory",
                 key);
    st->delay_ms = st->delay_ms == 0
                       ? STORE_RETRY_MIN_MS
                       : min_u64(2 * st->delay_ms, STORE_RETRY_MAX_MS);
    st->retry_ms = now_ms + st->delay_ms;
}

int
store_write(struct store *st, const char *key, const char *value,
            uint64_t now_ms)
{
    int r;

    if (st->delay_ms > 0 && now_ms < st->retry_ms)
        return -EAGAIN;
    r = try_write(st, key, value);
    if (r < 0) {
        note_failure(st, key, -r, now_ms);
        disconnect(st);
        return r;
    }
    if (st->delay_ms > 0)
        log_info("%s is written to xenstore again", key);
    st->delay_ms = 0;
    return 0;
}

void
store_close(struct store *st, const char *key)
{
    if (st->xs && key)
        xs_rm(st->xs, XBT_NULL, key);
    disconnect(st);
}
