/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks the kernel for the client's user and groups. */
#include <config.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctl-peer.h"

/* Linux's limit is 65536; someone in more groups than this is not helped. */
#define GROUPS_MAX 1024

static bool
is_in_group(int fd, const struct ucred *peer, gid_t group)
{
    gid_t groups[GROUPS_MAX];
    socklen_t size = sizeof(groups);
    size_t i;

    if (group == (gid_t)-1)
        return false;
    if (peer->gid == group)
        return true;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0)
        return false;
    for (i = 0; i < size / sizeof(groups[0]); i++)
        if (groups[i] == group)
            return true;
    return false;
}

int
peer_identify(int fd, gid_t group, struct peer *ret)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
        return -errno;
    ret->pid = (uint32_t)peer.pid;
    ret->is_root = peer.uid == 0 || peer.uid == geteuid();
    ret->may_read = ret->is_root || is_in_group(fd, &peer, group);
    return 0;
}
