/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* balancerctl's exit codes; scripts rely on them. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

enum cli_exit {
    CLI_OK = 0,
    CLI_REFUSED = 1,   /* the daemon said no, and why */
    CLI_USAGE = 2,     /* the command line is wrong */
    CLI_NO_DAEMON = 3, /* there is no answer from the daemon */
    CLI_FAILED = 4,    /* vm-start: sizing or starting the domain failed */
    /* 128 + N: ended by signal N, after everything was given back */
};

#endif
