/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One page, beside the page cache: domain 0 must not remember what the guest
 * changes. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proto/swap-header.h"
#include "rswap-label.h"
#include "rswap-sysfs.h"
#include "util/cleanup.h"

#define PATH_SIZE 64

struct page {
    unsigned char bytes[SWAP_HEADER_BYTES]
        __attribute__((aligned(SWAP_HEADER_BYTES)));
};

static void
wanted_header(const struct rswap_volume *v, struct swap_header *h)
{
    memcpy(h->uuid, v->uuid, sizeof(h->uuid));
    swap_header_label(v->uuid, h->label);
    h->size_kib = v->size_kib;
}

static int
open_device(const struct rswap_volume *v, int flags)
{
    char path[PATH_SIZE];

    snprintf(path, sizeof(path), "/dev/%s", v->md);
    return open(path, flags | O_DIRECT | O_CLOEXEC);
}

/* md notes on all legs when there was nothing to write for 0.2 s, and makes the
 * next write wait until it has noted that, too; of use after a crash only,
 * which no volume outlives. */
static void
forget_crashes(const struct rswap_volume *v)
{
    sysfs_write(v->md, "md/safe_mode_delay", "0");
}

int
rswap_label_make(const struct rswap_volume *v, struct rswap_failure *f)
{
    struct swap_header header;
    struct page page;
    cleanup_close int fd = -1;
    int r;

    forget_crashes(v);
    wanted_header(v, &header);
    r = swap_header_format(&header, page.bytes);
    if (r == 0) {
        fd = open_device(v, O_WRONLY);
        if (fd < 0 || pwrite(fd, page.bytes, sizeof(page.bytes), 0) < 0)
            r = -errno;
    }
    if (r < 0)
        return rswap_fail(f, RSWAP_SYSTEM, "cannot write to %s: %s", v->md,
                          strerror(-r));
    return 0;
}

bool
rswap_label_is_there(const struct rswap_volume *v)
{
    struct swap_header wanted, found;
    struct page page;
    cleanup_close int fd = open_device(v, O_RDONLY);

    wanted_header(v, &wanted);
    return fd >= 0 &&
           pread(fd, page.bytes, sizeof(page.bytes), 0) ==
               (ssize_t)sizeof(page.bytes) &&
           swap_header_parse(page.bytes, &found) == 0 &&
           strcmp(found.uuid, wanted.uuid) == 0 &&
           strcmp(found.label, wanted.label) == 0 &&
           found.size_kib == wanted.size_kib - wanted.size_kib % 4;
}
