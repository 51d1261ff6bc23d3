/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A unix socket that only root, and perhaps a group, can connect to. */
#ifndef CTL_LISTEN_H
#define CTL_LISTEN_H

#include <sys/types.h>

/* Binds and listens; makes the directory if need be.  The descriptor does not
 * block.  -EADDRINUSE if somebody answers there; a dead socket is replaced.
 * group (gid_t)-1: only the owner. */
int ctl_listen(const char *path, gid_t group, int *ret_fd);

#endif
