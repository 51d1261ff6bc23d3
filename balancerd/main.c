/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* balancerd: options, configuration, one instance, host, daemon, loop; and
 * back in reverse order. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "daemon.h"
#include "host-open.h"
#include "lock.h"
#include "log.h"
#include "options.h"
#include "process.h"

#define PID_PATH     RUNDIR "/balancerd.pid"
#define PATH_SIZE    (CONF_PATH_SIZE + 8)
#define EXIT_OPTIONS 2

static int
check_only(const struct options *o, const struct conf *c)
{
    char error[CONF_ERROR_SIZE];

    if (daemon_check_engine(c, error) < 0) {
        log_error("%s", error);
        return EXIT_FAILURE;
    }
    if (o->is_verbose)
        conf_print(c, stdout);
    fputs("configuration OK\n", stderr);
    return 0;
}

/* One daemon per host; a simulated host is whoever answers at its socket. */
static int
lock_host(const struct options *o, const struct conf *c, int *ret_fd)
{
    bool is_simulated = host_is_simulated(o->host);
    char path[PATH_SIZE], error[LOCK_ERROR_SIZE];
    int r;

    snprintf(path, sizeof(path), "%s%s", is_simulated ? c->socket : PID_PATH,
             is_simulated ? ".pid" : "");
    r = lock_take(ret_fd, path, error);
    if (r < 0)
        log_error("%s", error);
    return r;
}

static int
serve(const struct options *o, const struct conf *c, struct host *host)
{
    const struct daemon_config config = {
        .host = host,
        .open_host = host_open,
        .options = o,
        .conf = c,
        /* What is set for simulated domains need not outlive them. */
        .settings_dir = host_is_simulated(o->host) ? NULL : STATEDIR,
    };
    char error[CONF_ERROR_SIZE];
    struct daemon *d = NULL;
    int r;

    if (daemon_open(&d, &config, error) < 0) {
        log_error("%s", error);
        return EXIT_FAILURE;
    }
    if (!host_is_simulated(o->host))
        process_protect();
    log_info("balancerd " PACKAGE_VERSION " is ready at %s", c->socket);
    r = daemon_run(d);
    daemon_close(d);
    return r < 0 ? EXIT_FAILURE : 0;
}

/* What is wrong with the host is said before a file is made for it. */
static int
run(const struct options *o, const struct conf *c)
{
    char error[HOST_ERROR_SIZE];
    struct host *host = NULL;
    int lock = -1, status = EXIT_FAILURE;

    if (host_open(o->host, &host, error) < 0) {
        log_error("%s", error);
        return EXIT_FAILURE;
    }
    if (lock_host(o, c, &lock) < 0)
        host->ops->free(host);
    else
        status = serve(o, c, host);
    lock_release(lock);
    return status;
}

static int
replay(const struct options *o)
{
    char error[CONF_ERROR_SIZE] = "";
    int r;

    log_set_level(LOG_LEVEL_ERROR);
    r = replay_file(o->replay, &o->replay_how, stdout, error);
    if (r < 0)
        log_error("%s cannot be played again: %s", o->replay, error);
    return r == 0 ? 0 : EXIT_FAILURE;
}

int
main(int argc, char *argv[])
{
    char error[CONF_ERROR_SIZE];
    struct options options;
    struct conf conf;

    if (options_parse(&options, argc, argv) < 0)
        return EXIT_OPTIONS;
    if (options.is_answered)
        return 0;
    if (options.replay)
        return replay(&options);
    umask(022);
    log_set_journal(process_logs_to_journal());
    if (options_read_conf(&options, &conf, error) < 0) {
        log_error("%s", error);
        return EXIT_FAILURE;
    }
    if (options.checks_only)
        return check_only(&options, &conf);
    log_set_level(conf.log_level);
    return run(&options, &conf);
}
