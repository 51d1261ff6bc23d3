/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xenstore without a memory.  Everything returns 0 or -errno. */
#ifndef HOST_XEN_STORE_H
#define HOST_XEN_STORE_H

#include <xenstore.h>

#include "host.h"

/* A path of a domain that is gone is not brought back: -ESRCH (A4). */
int xen_store_write(struct xs_handle *xs, const char *path, const char *value);
/* With everything below it; what is absent is removed already. */
int xen_store_remove(struct xs_handle *xs, const char *path);
/* As host_ops.store_answer, .store_read and .store_list. */
int
xen_store_answer(struct xs_handle *xs, const char *node, const char *expected,
                 const struct host_pair *pairs, size_t n);
int xen_store_read(struct xs_handle *xs, const char *path, char *ret_value,
                   size_t size);
int xen_store_list(struct xs_handle *xs, const char *dir, host_store_fn *fn,
                   void *arg);

#endif
