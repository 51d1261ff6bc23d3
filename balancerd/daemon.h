/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The running daemon: the event loop around tick(), the signals, the control
 * socket, and what a new configuration changes.
 */
#ifndef DAEMON_H
#define DAEMON_H

#include "conf.h"
#include "host.h"
#include "options.h"

struct daemon;

/* A host that has been checked, by its name on the command line. */
typedef int daemon_host_fn(const char *name, struct host **ret,
                           char error[HOST_ERROR_SIZE]);

struct daemon_config {
    struct host *host;             /* owned by the daemon */
    daemon_host_fn *open_host;     /* for a host whose connection is lost */
    const struct options *options; /* kept, for the next reload */
    const struct conf *conf;       /* copied */
    /* Where settings last unless the configuration says otherwise; NULL: they
     * do not. */
    const char *settings_dir;
};

/* Is there the engine that c names, and does it take its options?  0 or -errno
 * and a sentence. */
int daemon_check_engine(const struct conf *c, char error[CONF_ERROR_SIZE]);

/* Engine, balancer, events, control socket: all but the loop.  0 or -errno
 * and a sentence; then the host is freed too. */
int daemon_open(struct daemon **ret, const struct daemon_config *config,
                char error[CONF_ERROR_SIZE]);
/* Until SIGTERM or SIGINT.  0, or -errno if the loop failed. */
int daemon_run(struct daemon *d);
struct daemon *daemon_close(struct daemon *d); /* NULL is fine */

#endif
