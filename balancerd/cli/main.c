/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* balancerctl: asks balancerd, prints the answer. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "args.h"
#include "ask.h"
#include "exit.h"
#include "help.h"
#include "vm-start.h"

static int
help(const struct args *args)
{
    if (args->output == ARGS_MINIMAL)
        help_print_minimal(args->help_on, stdout);
    else
        help_print(args->help_on, stdout);
    return CLI_OK;
}

static int
run(const struct args *args)
{
    if (args->wants_version) {
        printf("balancerctl %s\n", PACKAGE_VERSION);
        return CLI_OK;
    }
    if (args->wants_help)
        return help(args);
    if (strcmp(args->verb->verb, "vm-start") == 0)
        return vm_start(args);
    if (strcmp(args->verb->verb, "vm-memory-target-wait") == 0)
        return ask_until_there(args);
    return ask_once(args);
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
