/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Has rswap-attach(8) run by a unit of its own, behind a socket, so that the
 * daemon need not be allowed all that it does.
 */
#ifndef SWAP_SERVICE_H
#define SWAP_SERVICE_H

#include "swap-child.h"

/* What is read from *ret_fd, without waiting, is what it says, up to its end;
 * who closes it, or shuts it down, ends it.  -ENOENT, -ECONNREFUSED: nobody
 * listens at path; -errno. */
int swap_service_ask(const char *path, const struct swap_child_args *args,
                     int *ret_fd);

#endif
