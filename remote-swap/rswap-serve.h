/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arguments from a socket: for a unit that systemd starts for each request. */
#ifndef RSWAP_SERVE_H
#define RSWAP_SERVE_H

#include <stddef.h>

#define RSWAP_SERVE "serve"

#define RSWAP_REQUEST_SIZE  8192
#define RSWAP_REQUEST_WORDS 32

/* As of a command line: argv[0] names the program. */
struct rswap_request {
    int argc;
    char *argv[RSWAP_REQUEST_WORDS + 2];
    char text[RSWAP_REQUEST_SIZE];
};

/* Words, each on a line of its own, up to an empty line.  What is no request
 * has no words.  From then on this process ends (SIGIO) when its peer does. */
void rswap_serve(int socket_fd, struct rswap_request *ret);

#endif
