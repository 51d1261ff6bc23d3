/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nbdkit plugin: NBD's exports are leases of this host's memory. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lease-use.h"
#include "lend-control.h"
#include "lend.h"
#include "log.h"
#include "util/parse.h"

#define NBDKIT_API_VERSION 2
#include <nbdkit-plugin.h>

/* The most that parallel=yes asks for. */
#define THREAD_MODEL NBDKIT_THREAD_MODEL_PARALLEL

#define CONNECTIONS_DEFAULT 16
#define CONNECTIONS_MAX     1024
/* nbdkit's own limit of a request. */
#define REQUEST_BYTES_MAX (32u * 1024 * 1024)

static struct lend_config config = {
    .connections_max = CONNECTIONS_DEFAULT,
    .is_locked = true,
};
static char *control_path;
static bool is_parallel;
static struct lend *lend;
static struct lend_control *control;

/* --- configuration -------------------------------------------------------- */

static int
set_bool(const char *key, const char *value, bool *ret)
{
    if (parse_bool(value, ret) == 0)
        return 0;
    nbdkit_error("%s=%s: neither yes nor no", key, value);
    return -1;
}

static int
set_memory(const char *value)
{
    if (parse_size_kib(value, &config.memory_kib) == 0 &&
        config.memory_kib >= 4)
        return 0;
    nbdkit_error("memory=%s: not a size of at least 4 KiB", value);
    return -1;
}

static int
set_connections(const char *value)
{
    uint64_t n;

    if (parse_u64(value, 1, CONNECTIONS_MAX, &n) < 0) {
        nbdkit_error("connections=%s: not a number from 1 to %d", value,
                     CONNECTIONS_MAX);
        return -1;
    }
    config.connections_max = (unsigned int)n;
    return 0;
}

static int
lendmem_config(const char *key, const char *value)
{
    bool drops_zeroes;

    if (strcmp(key, "memory") == 0)
        return set_memory(value);
    if (strcmp(key, "connections") == 0)
        return set_connections(value);
    if (strcmp(key, "mlock") == 0)
        return set_bool(key, value, &config.is_locked);
    if (strcmp(key, "parallel") == 0)
        return set_bool(key, value, &is_parallel);
    if (strcmp(key, "drop-zeroes") == 0) {
        if (set_bool(key, value, &drops_zeroes) < 0)
            return -1;
        config.keeps_zeroes = !drops_zeroes;
        return 0;
    }
    if (strcmp(key, "control") == 0) {
        free(control_path);
        control_path = nbdkit_absolute_path(value);
        return control_path ? 0 : -1;
    }
    nbdkit_error("there is no parameter %s", key);
    return -1;
}

static int
lendmem_config_complete(void)
{
    if (!config.memory_kib) {
        nbdkit_error("memory=SIZE says how much is lent at most: it is "
                     "missing");
        return -1;
    }
    if (!control_path)
        control_path = nbdkit_absolute_path(RUNDIR "/lendmem.sock");
    return control_path ? 0 : -1;
}

/* --- start and end -------------------------------------------------------- */

static int
failed(int r, const char *what)
{
    errno = -r;
    nbdkit_error("%s: %m", what);
    return -1;
}

static int
lendmem_get_ready(void)
{
    int r;

    /* A service's standard error is the journal. */
    log_set_journal(getenv("JOURNAL_STREAM") != NULL);
    r = lend_open(&lend, &config);
    if (r < 0)
        return failed(r, "cannot set memory apart, and lock it (mlock=yes)");
    r = lend_control_open(&control, control_path, lend);
    return r < 0 ? failed(r, control_path) : 0;
}

static int
lendmem_after_fork(void)
{
    int r = lend_lock_memory(lend);

    if (r < 0)
        return failed(r, "cannot lock memory (mlock=yes)");
    r = lend_control_start(control);
    return r < 0 ? failed(r, "cannot serve the control socket") : 0;
}

static void
lendmem_cleanup(void)
{
    control = lend_control_close(control);
}

static void
lendmem_unload(void)
{
    lend_control_close(control);
    lend_close(lend);
    free(control_path);
}

/* Requests of one connection are answered by one thread, in turn: handing a
 * request from thread to thread takes longer than copying its page. Connections
 * do not wait for each other. */
static int
lendmem_thread_model(void)
{
    return is_parallel ? NBDKIT_THREAD_MODEL_PARALLEL
                       : NBDKIT_THREAD_MODEL_SERIALIZE_REQUESTS;
}

/* --- connections ---------------------------------------------------------- */

/* Who does not know a token learns none. */
static int
lendmem_list_exports(int readonly, int is_tls, struct nbdkit_exports *exports)
{
    (void)readonly;
    (void)is_tls;
    (void)exports;
    return 0;
}

static void *
lendmem_open(int readonly)
{
    const char *name = nbdkit_export_name();
    struct lease *lease = NULL;
    int r = name ? lease_attach(lend, name, &lease) : -ENOENT;

    (void)readonly;
    if (r == 0)
        return lease;
    /* What was asked for may be a token with a slip: not for the log. */
    nbdkit_error(r == -ENOENT ? "a client asks for a lease that there is not"
                              : "a client has too many connections");
    return NULL;
}

static void
lendmem_close(void *handle)
{
    lease_detach(lend, handle);
}

static int64_t
lendmem_get_size(void *handle)
{
    return (int64_t)lease_size_bytes(handle);
}

static int
yes(void *handle)
{
    (void)handle;
    return 1;
}

static int
no(void *handle)
{
    (void)handle;
    return 0;
}

static int
lendmem_can_fua(void *handle)
{
    (void)handle;
    return NBDKIT_FUA_NATIVE;
}

static int
lendmem_can_cache(void *handle)
{
    (void)handle;
    return NBDKIT_CACHE_NATIVE;
}

static int
lendmem_block_size(void *handle, uint32_t *minimum, uint32_t *preferred,
                   uint32_t *maximum)
{
    (void)handle;
    *minimum = 1;
    *preferred = 4096;
    *maximum = REQUEST_BYTES_MAX;
    return 0;
}

/* --- requests ------------------------------------------------------------- */

static const char *
sentence(int r)
{
    switch (r) {
    case -ENOSPC:
        return "refused: its quota, or the pool, is used up";
    case -ENOMEM:
        return "refused: the system has no memory";
    case -ESHUTDOWN:
        return "refused: it has ended";
    case -EINVAL:
        return "refused: beyond its size, which has changed";
    default:
        return "refused";
    }
}

/* nbdkit tells the client; lease-list counts what was refused. */
static int
answer(struct lease *lease, int r, const char *what)
{
    if (r == 0)
        return 0;
    if (lease_may_log(lease))
        nbdkit_error("lease %" PRIu64 ": a %s is %s", lease_number(lease), what,
                     sentence(r));
    nbdkit_set_error(-r);
    return -1;
}

static int
lendmem_pread(void *handle, void *to, uint32_t count, uint64_t offset,
              uint32_t flags)
{
    (void)flags;
    return answer(handle, lease_read(handle, to, count, offset), "read");
}

static int
lendmem_pwrite(void *handle, const void *from, uint32_t count, uint64_t offset,
               uint32_t flags)
{
    (void)flags;
    return answer(handle, lease_write(handle, from, count, offset), "write");
}

static int
lendmem_zero(void *handle, uint32_t count, uint64_t offset, uint32_t flags)
{
    (void)flags;
    return answer(handle, lease_zero(handle, count, offset), "zero");
}

static int
lendmem_trim(void *handle, uint32_t count, uint64_t offset, uint32_t flags)
{
    (void)flags;
    return answer(handle, lease_zero(handle, count, offset), "trim");
}

/* Memory needs neither to be written out nor to be read in. */
static int
lendmem_flush(void *handle, uint32_t flags)
{
    (void)handle;
    (void)flags;
    return 0;
}

static int
lendmem_cache(void *handle, uint32_t count, uint64_t offset, uint32_t flags)
{
    (void)handle;
    (void)count;
    (void)offset;
    (void)flags;
    return 0;
}

static int
add_runs(struct lease *lease, struct pages_span *span, bool is_one,
         struct nbdkit_extents *extents)
{
    while (span->length) {
        uint64_t length = 0;
        bool is_stored = false;
        int r = lease_run(lease, span, &length, &is_stored);

        if (r < 0)
            return answer(lease, r, "block status");
        if (nbdkit_add_extent(extents, span->offset, length,
                              is_stored ? 0
                                        : NBDKIT_EXTENT_HOLE |
                                              NBDKIT_EXTENT_ZERO) < 0)
            return -1;
        if (is_one)
            break;
        span->offset += length;
        span->length -= length;
    }
    return 0;
}

static int
lendmem_extents(void *handle, uint32_t count, uint64_t offset, uint32_t flags,
                struct nbdkit_extents *extents)
{
    struct pages_span span = { .offset = offset, .length = count };

    return add_runs(handle, &span, flags & NBDKIT_FLAG_REQ_ONE, extents);
}

static struct nbdkit_plugin plugin = {
    .name = "lendmem",
    .longname = "memory lent to other hosts",
    .version = PACKAGE_VERSION,
    .description = "Lends this host's memory, page by page, lease by lease.",
    .config = lendmem_config,
    .config_complete = lendmem_config_complete,
    .config_help = "memory=SIZE        the most that is lent (required)\n"
                   "control=PATH       the control socket\n"
                   "                   [" RUNDIR "/lendmem.sock]\n"
                   "connections=N      to one lease at most [16]\n"
                   "mlock=yes|no       never swap lent memory out [yes]\n"
                   "drop-zeroes=yes|no pages of zeroes take none [yes]\n"
                   "parallel=yes|no    several threads per connection [no]",
    .thread_model = lendmem_thread_model,
    .get_ready = lendmem_get_ready,
    .after_fork = lendmem_after_fork,
    .cleanup = lendmem_cleanup,
    .unload = lendmem_unload,
    .list_exports = lendmem_list_exports,
    .open = lendmem_open,
    .close = lendmem_close,
    .get_size = lendmem_get_size,
    .block_size = lendmem_block_size,
    .is_rotational = no,
    .can_write = yes,
    .can_flush = yes,
    .can_fua = lendmem_can_fua,
    .can_trim = yes,
    .can_zero = yes,
    .can_fast_zero = yes,
    .can_extents = yes,
    .can_cache = lendmem_can_cache,
    .can_multi_conn = yes,
    .pread = lendmem_pread,
    .pwrite = lendmem_pwrite,
    .zero = lendmem_zero,
    .trim = lendmem_trim,
    .flush = lendmem_flush,
    .cache = lendmem_cache,
    .extents = lendmem_extents,
};

struct nbdkit_plugin *plugin_init(void);
NBDKIT_REGISTER_PLUGIN(plugin)
