/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel keeps with each device who has made it, for whom: that is where
 * it is found again. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "nbd-dial.h"
#include "nbd-link.h"
#include "rswap-nbd.h"
#include "rswap-sysfs.h"
#include "util/cleanup.h"
#include "util/units.h"

#define MARK       "rswap:"
#define DEVICE     "nbd"
#define MARK_SIZE  (sizeof(MARK) + PARSE_UUID_SIZE + RSWAP_LEG_NAME_SIZE)
#define UUID_CHARS (PARSE_UUID_SIZE - 1)
/* The last requests of a lender that is gone have to fail first. */
#define DROP_MS (2 * NBD_TIMEOUT_S * MS_PER_S)

bool
rswap_nbd_is_ours(const char *identifier, const char *volume,
                  char ret_volume[PARSE_UUID_SIZE],
                  char ret_leg[RSWAP_LEG_NAME_SIZE])
{
    char uuid[PARSE_UUID_SIZE];

    if (strncmp(identifier, MARK, strlen(MARK)) != 0)
        return false;
    identifier += strlen(MARK);
    if (strlen(identifier) <= UUID_CHARS || identifier[UUID_CHARS] != ':')
        return false;
    memcpy(uuid, identifier, UUID_CHARS);
    uuid[UUID_CHARS] = '\0';
    if (parse_uuid(uuid, uuid) < 0 || (volume && strcmp(uuid, volume) != 0))
        return false;
    memcpy(ret_volume, uuid, sizeof(uuid));
    snprintf(ret_leg, RSWAP_LEG_NAME_SIZE, "%s", identifier + UUID_CHARS + 1);
    return true;
}

/* Without its mark we would not find it again. */
static int
check_made(uint32_t index, const char *mark, struct rswap_failure *f)
{
    char device[RSWAP_DEVICE_SIZE], text[SYSFS_TEXT_SIZE];

    snprintf(device, sizeof(device), DEVICE "%u", index);
    if (sysfs_read(device, "backend", text) == 0 && strcmp(text, mark) == 0) {
        /* Memory has no head that moves: putting requests into order only makes
         * each of them wait for another thread.  It works without, too. */
        sysfs_write(device, "queue/scheduler", "none");
        return 0;
    }
    nbd_link_disconnect(index);
    return rswap_fail(f, RSWAP_NO_DEVICE,
                      "domain 0's kernel cannot mark nbd devices: it has to be "
                      "Linux 5.14 at least");
}

static int
blame(int r, struct rswap_failure *f)
{
    if (r == -ENODEV)
        return rswap_fail(f, RSWAP_NO_DEVICE,
                          "domain 0 has no nbd devices: its kernel module nbd "
                          "is not there");
    return rswap_fail(f, RSWAP_NO_DEVICE,
                      "domain 0 has no nbd device to spare: %s", strerror(-r));
}

int
rswap_nbd_make(const struct rswap_leg *leg, const char *volume,
               uint64_t size_kib, struct rswap_failure *f)
{
    char name[RSWAP_LEG_NAME_SIZE], mark[MARK_SIZE];
    struct nbd_wish wish = { .size_bytes = size_kib * BYTES_PER_KIB,
                             .identifier = mark };
    struct nbd_export e = { .is_known = false };
    cleanup_close int fd = -1;
    uint32_t index = 0;
    int r = nbd_dial(leg, size_kib, &fd, &e, f);

    if (r < 0)
        return r;
    snprintf(mark, sizeof(mark), MARK "%s:%s", volume,
             rswap_leg_name(leg, name));
    wish.fd = fd;
    wish.server_flags = e.flags;
    r = nbd_link_connect(&wish, &index);
    return r < 0 ? blame(r, f) : check_made(index, mark, f);
}

static bool
is_dropped(const void *ctx)
{
    char text[SYSFS_TEXT_SIZE];

    return sysfs_read(ctx, "backend", text) < 0 &&
           sysfs_read(ctx, "pid", text) < 0;
}

int
rswap_nbd_drop(const struct rswap_found_leg *leg, struct rswap_failure *f)
{
    uint64_t index = 0;
    int r = strncmp(leg->device, DEVICE, strlen(DEVICE)) == 0
                ? parse_u64(leg->device + strlen(DEVICE), 0, UINT32_MAX, &index)
                : -EINVAL;

    if (r == 0)
        r = nbd_link_disconnect((uint32_t)index);
    if (r == 0)
        r = sysfs_wait(is_dropped, leg->device, DROP_MS);
    if (r < 0)
        return rswap_fail(f, RSWAP_SYSTEM, "cannot disconnect %s: %s",
                          leg->device, strerror(-r));
    return 0;
}
