/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* balancerctl: asks balancerd, prints the answer. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "args.h"
#include "exit.h"
#include "help.h"
#include "output.h"
#include "proto/params.h"
#include "proto/request-json.h"
#include "rpc.h"
#include "sizing.h"
#include "top-run.h"
#include "vm-start.h"

static int
ask_daemon(const struct args *args)
{
    const struct output *output = output_find(args->output);
    char error[RPC_ERROR_SIZE];
    struct response response = { 0 };
    struct rpc rpc;
    int r = rpc_open(&rpc, args->socket, error);

    if (r == 0)
        r = rpc_call(&rpc, args->verb->verb, args->params, &response, error);
    rpc_close(&rpc);
    if (r < 0) {
        fprintf(stderr, "%s\n", error);
        return CLI_NO_DAEMON;
    }
    if (response.result)
        output->result(args->verb->verb, response.result);
    else
        output->error(response.error);
    r = response.result ? CLI_OK : CLI_REFUSED;
    response_done(&response);
    return r;
}

static int
help(const struct args *args)
{
    if (args->output == ARGS_MINIMAL)
        help_print_minimal(args->help_on, stdout);
    else
        help_print(args->help_on, stdout);
    return CLI_OK;
}

static bool
is_sized_by_config(const struct args *args, const char *verb)
{
    return strcmp(args->verb->verb, verb) == 0 &&
           json_get_text(args->params, PARAM_CONFIG);
}

static int
run(const struct args *args)
{
    int r = CLI_OK;

    if (args->wants_version) {
        printf("balancerctl %s\n", PACKAGE_VERSION);
        return CLI_OK;
    }
    if (args->wants_help)
        return help(args);
    if (strcmp(args->verb->verb, "vm-start") == 0)
        return vm_start(args);
    if (strcmp(args->verb->verb, "top") == 0)
        return top_run(args);
    if (is_sized_by_config(args, "vm-compute-memory-overhead"))
        return sizing_show(args);
    if (is_sized_by_config(args, "what-if"))
        r = sizing_take(args);
    return r == CLI_OK ? ask_daemon(args) : r;
}

int
main(int argc, char **argv)
{
    char error[ARGS_ERROR_SIZE];
    int code = CLI_USAGE;
    struct args args;

    if (args_parse(&args, argc, argv, error) < 0)
        fprintf(stderr, "%s\nFor usage run: 'balancerctl help%s%s'\n", error,
                args.verb ? " " : "", args.verb ? args.verb->verb : "");
    else
        code = run(&args);
    args_done(&args);
    if (fflush(stdout) != 0 && code == CLI_OK) {
        perror("balancerctl: standard output");
        code = CLI_FAILED;
    }
    return code;
}
