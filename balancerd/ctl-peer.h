/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is at the other end of a local socket? */
#ifndef CTL_PEER_H
#define CTL_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct peer {
    uint32_t pid;
    bool is_root;  /* or of the user whom the daemon runs as */
    bool may_read; /* of the group, or root */
};

/* group (gid_t)-1: nobody but root.  0 or -errno. */
int peer_identify(int fd, gid_t group, struct peer *ret);

#endif
