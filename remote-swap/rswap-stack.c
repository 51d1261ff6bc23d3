/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* md raid1, made and stopped by mdadm, told by way of sysfs. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proto/swap-header.h"
#include "rswap-child.h"
#include "rswap-stack.h"
#include "rswap-sysfs.h"
#include "util/clock.h"
#include "util/units.h"

#define PATH_SIZE 64
#define MD_NAMES  "/dev/md"
#define ARGS_MAX  40
/* A slow disk may be so many writes behind before the guest waits for it. */
#define WRITE_BEHIND "4096"
/* What of a lender that comes back is filled again is counted in these; each
 * first write to one costs a write of its own, so they are large. */
#define BITMAP_CHUNK "16M"
/* How many seconds md waits until it notes that legs are the same again: the
 * next write has to be noted on all legs before it is done. */
#define BITMAP_DELAY "60"
/* The guest's backend, or a program that looks at a new device, may need a
 * moment to let go. */
#define DROP_MS       10000
#define DROP_AGAIN_MS 200
/* Requests that are under way to a leg have to fail first. */
#define REMOVE_MS 10000

struct device_path {
    char text[PATH_SIZE];
};

static const char *
path_of(struct device_path *path, const char *device)
{
    snprintf(path->text, sizeof(path->text), "/dev/%s", device);
    return path->text;
}

/* Above its least speed md fills a little at a time while the guest swaps,
 * below it as much as it can; meanwhile the guest waits. */
static int
set_speed(const char *md, uint64_t kib_per_s, struct rswap_failure *f)
{
    char text[SYSFS_TEXT_SIZE];
    int r;

    snprintf(text, sizeof(text), "%" PRIu64, kib_per_s);
    r = sysfs_write(md, "md/sync_speed_max", text);
    if (r == 0)
        r = sysfs_write(md, "md/sync_speed_min", "1");
    if (r < 0)
        return rswap_fail(f, RSWAP_SYSTEM, "cannot limit the speed of %s: %s",
                          md, strerror(-r));
    return 0;
}

/* Reads go to lenders, as long as there is one.  mdadm's words hold for all
 * devices behind them: the file is failfast, too, which changes nothing. */
static size_t
put_legs(const struct rswap_volume *v, struct device_path *paths,
         const char **args)
{
    size_t n = 0;

    args[n++] = "--failfast";
    for (size_t i = 0; i < v->n_legs; i++)
        if (v->legs[i].kind == RSWAP_LEG_NBD)
            args[n++] = path_of(&paths[i], v->legs[i].device);
    args[n++] = "--write-mostly";
    for (size_t i = 0; i < v->n_legs; i++)
        if (v->legs[i].kind == RSWAP_LEG_FILE)
            args[n++] = path_of(&paths[i], v->legs[i].device);
    return n;
}

/* The content of a new swap device matters to nobody: the legs need not be
 * made the same. */
int
rswap_stack_make(const struct rswap_volume *v, struct rswap_failure *f)
{
    struct device_path paths[RSWAP_LEGS_MAX];
    char label[SWAP_LABEL_SIZE], path[PATH_SIZE], n_legs[40];
    const char *args[ARGS_MAX] = {
        "mdadm",
        "--create",
        path,
        "--run",
        "--quiet",
        "--level=1",
        "--metadata=1.2",
        "--homehost=any",
        "--bitmap=internal",
        "--bitmap-chunk=" BITMAP_CHUNK,
        "--delay=" BITMAP_DELAY,
        "--write-behind=" WRITE_BEHIND,
        "--assume-clean",
        n_legs,
    };
    size_t n = 0;

    swap_header_label(v->uuid, label);
    snprintf(path, sizeof(path), MD_NAMES "/%s", label);
    snprintf(n_legs, sizeof(n_legs), "--raid-devices=%zu", v->n_legs);
    while (args[n])
        n++;
    put_legs(v, paths, args + n);
    return rswap_child_run(args, f);
}

/* Where there is no udev mdadm makes nodes that nobody takes away. */
static void
remove_nodes(const struct rswap_volume *v)
{
    char label[SWAP_LABEL_SIZE], path[PATH_SIZE], state[SYSFS_TEXT_SIZE];
    struct device_path node;

    swap_header_label(v->uuid, label);
    snprintf(path, sizeof(path), MD_NAMES "/%s", label);
    unlink(path);
    if (sysfs_read(v->md, "md/array_state", state) < 0)
        unlink(path_of(&node, v->md));
}

int
rswap_stack_drop(const struct rswap_volume *v, struct rswap_failure *f)
{
    struct device_path path;
    const char *const args[] = { "mdadm", "--quiet", "--stop",
                                 path_of(&path, v->md), NULL };
    uint64_t end_ms = clock_monotonic_ms() + DROP_MS;
    int r;

    for (;;) {
        struct rswap_failure failure = { .code = NULL };

        r = rswap_child_run(args, &failure);
        if (r == 0)
            break;
        if (clock_monotonic_ms() >= end_ms)
            return rswap_fail(f, RSWAP_SYSTEM, "%s", failure.message);
        clock_sleep_ms(DROP_AGAIN_MS);
    }
    remove_nodes(v);
    return 0;
}

struct member {
    const char *md;
    char attribute[SYSFS_PATH_SIZE];
};

/* Its requests may still be under way: asked again until it goes. */
static bool
is_removed(const void *ctx)
{
    const struct member *m = ctx;
    char text[SYSFS_TEXT_SIZE];

    return sysfs_write(m->md, m->attribute, "remove") == 0 ||
           sysfs_read(m->md, m->attribute, text) < 0;
}

int
rswap_stack_remove(const struct rswap_volume *v,
                   const struct rswap_found_leg *leg, struct rswap_failure *f)
{
    struct member m = { .md = v->md };
    int r = 0;

    snprintf(m.attribute, sizeof(m.attribute), "md/dev-%s/state", leg->device);
    if (leg->state != RSWAP_LEG_FAILED)
        r = sysfs_write(v->md, m.attribute, "faulty");
    if (r == 0)
        r = sysfs_wait(is_removed, &m, REMOVE_MS);
    if (r < 0)
        return rswap_fail(f, RSWAP_SYSTEM, "cannot take %s out of %s: %s",
                          leg->device, v->md, strerror(-r));
    return 0;
}

int
rswap_stack_add(const struct rswap_volume *v, const struct rswap_found_leg *leg,
                uint64_t sync_kib_per_s, struct rswap_failure *f)
{
    struct device_path md, path;
    bool is_file = leg->kind == RSWAP_LEG_FILE;
    const char *const args[] = {
        "mdadm",
        "--quiet",
        path_of(&md, v->md),
        "--add",
        is_file ? "--write-mostly" : "--failfast",
        path_of(&path, leg->device),
        NULL,
    };
    int r = set_speed(v->md, sync_kib_per_s, f);

    return r < 0 ? r : rswap_child_run(args, f);
}
