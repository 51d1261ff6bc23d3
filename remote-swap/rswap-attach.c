/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attaches swap devices on other hosts' memory to guests.  A program of its
 * own because what it calls allocates, waits and runs programs: it can be
 * killed at any instant, and run again.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rswap-child.h"
#include "rswap-job.h"
#include "rswap-lock.h"
#include "rswap-look.h"
#include "rswap-report.h"
#include "rswap-serve.h"

#define EXIT_USAGE 2

static int
print_failure(const struct rswap_failure *f, bool is_undone)
{
    rswap_report_print(rswap_report_failure(f, is_undone));
    return strcmp(f->code, RSWAP_USAGE) == 0 ||
                   strcmp(f->code, RSWAP_SINGLE_REMOTE_LEG) == 0
               ? EXIT_USAGE
               : EXIT_FAILURE;
}

/* Not each is loaded by who uses it; one that is not there is missed later. */
static void
load_modules(void)
{
    static const char *const args[] = { "modprobe", "-q",    "-a", "nbd",
                                        "loop",     "raid1", NULL };
    struct rswap_failure ignored = { .code = NULL };

    if (access("/sys/module/nbd", F_OK) < 0 ||
        access("/sys/module/loop", F_OK) < 0 ||
        access("/sys/module/raid1", F_OK) < 0)
        rswap_child_run(args, &ignored);
}

static int
do_command(struct rswap_job *job)
{
    switch (job->args.command) {
    case RSWAP_ATTACH:
        load_modules();
        return rswap_attach(job);
    case RSWAP_WITHDRAW:
        return rswap_withdraw(job);
    case RSWAP_DETACH:
        return rswap_detach(job);
    case RSWAP_REMOVE_LEG:
        return rswap_remove_leg(job);
    case RSWAP_ADD_LEG:
        return rswap_add_leg(job);
    case RSWAP_STATUS:
    case RSWAP_LIST:
    case RSWAP_COMMANDS:
        break;
    }
    return 0;
}

/* Looking needs no lock. */
static int
do_alone(struct rswap_job *job)
{
    bool is_alone = job->args.command != RSWAP_STATUS;
    int r = is_alone ? rswap_lock_take(job->args.volume, &job->failure) : 0;

    is_alone = is_alone && r == 0;
    if (r == 0)
        r = do_command(job);
    rswap_look(&job->store, job->args.volume, &job->volume);
    if (is_alone && job->volume.n_legs == 0)
        rswap_lock_remove(job->args.volume);
    if (r < 0)
        return print_failure(&job->failure, job->is_undone);
    return rswap_report_print(rswap_report_volume(&job->volume)) < 0
               ? EXIT_FAILURE
               : EXIT_SUCCESS;
}

static int
list(struct rswap_job *job)
{
    static char uuids[RSWAP_VOLUMES_MAX][PARSE_UUID_SIZE];
    struct json_object *object = json_object_new_object();
    struct json_object *volumes = json_object_new_array();
    size_t n = rswap_look_all(uuids);

    for (size_t i = 0; i < n; i++) {
        rswap_look(&job->store, uuids[i], &job->volume);
        json_object_array_add(volumes, rswap_report_volume(&job->volume));
    }
    json_object_object_add(object, "volumes", volumes);
    return rswap_report_print(object) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
main(int argc, char *argv[])
{
    static struct rswap_request request;
    static struct rswap_job job;
    char error[PARSE_ERROR_SIZE];
    int status;

    if (argc == 2 && strcmp(argv[1], RSWAP_SERVE) == 0) {
        rswap_serve(STDIN_FILENO, &request);
        argc = request.argc;
        argv = request.argv;
    }
    if (rswap_args_parse(&job.args, argc, argv, error) < 0) {
        rswap_fail(&job.failure,
                   job.args.is_single_remote ? RSWAP_SINGLE_REMOTE_LEG
                                             : RSWAP_USAGE,
                   "%s", error);
        return print_failure(&job.failure, false);
    }
    if (rswap_store_open(&job.store, &job.failure) < 0)
        return print_failure(&job.failure, false);
    status = job.args.command == RSWAP_LIST ? list(&job) : do_alone(&job);
    rswap_store_close(&job.store);
    return status;
}
