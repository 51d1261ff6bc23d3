/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's NBD client, by way of generic netlink: it takes a connection
 * that is negotiated and makes a block device of it, in one step. */
#ifndef NBD_LINK_H
#define NBD_LINK_H

#include <stdint.h>

/* A request that the lender does not answer for so long fails.  With the second
 * or so that the kernel's timers are late it has to be below the 6 s that a
 * guest may have to wait. */
#define NBD_TIMEOUT_S 4

struct nbd_wish {
    int fd;
    uint64_t size_bytes;
    uint16_t server_flags;
    const char *identifier; /* shown in /sys/block/nbdN/backend */
};

/* The kernel chooses the device.  0; -ENODEV: no nbd in this kernel;
 * -errno. */
int nbd_link_connect(const struct nbd_wish *wish, uint32_t *ret_index);
/* 0 or -errno. */
int nbd_link_disconnect(uint32_t index);

#endif
