/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Xen or a simulated host, by its name on the command line.  Linked only into
 * the daemon: libbalancer.la knows nothing of Xen. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host-open.h"
#include "host-sim.h"
#ifdef HAVE_XEN
# include "host-xen.h"
#endif

#define SIM "sim:"

bool
host_is_simulated(const char *host)
{
    return strncmp(host, SIM, strlen(SIM)) == 0;
}

static int
open_unchecked(const char *name, struct host **ret, char error[HOST_ERROR_SIZE])
{
    if (host_is_simulated(name))
        return host_sim_open(ret, name + strlen(SIM), error);
#ifdef HAVE_XEN
    if (strcmp(name, "xen") == 0)
        return host_xen_open(ret, error);
    snprintf(error, HOST_ERROR_SIZE, "--host is xen or sim:FILE, not '%s'",
             name);
#else
    snprintf(error, HOST_ERROR_SIZE,
             "this balancerd knows only simulated hosts: --host=sim:FILE");
#endif
    return -EINVAL;
}

int
host_open(const char *name, struct host **ret, char error[HOST_ERROR_SIZE])
{
    struct host *host = NULL;
    int r = open_unchecked(name, &host, error);

    if (r < 0)
        return r;
    r = host->ops->check(host, error);
    if (r < 0)
        host->ops->free(host);
    else
        *ret = host;
    return r;
}
