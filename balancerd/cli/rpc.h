/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls of the daemon's verbs over its control socket. */
#ifndef CLI_RPC_H
#define CLI_RPC_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/request.h"

#define RPC_ERROR_SIZE 256

struct rpc {
    const char *path;
    int fd;               /* -1: not connected */
    const sigset_t *mask; /* while waiting; NULL: the program's own */
    uint64_t id;
    char *buffer; /* what has been read of the answer */
    size_t used;
    size_t capacity;
};

/* 0, or -errno and a sentence.  path is kept. */
int rpc_open(struct rpc *ret, const char *path, char error[RPC_ERROR_SIZE]);
/* 0: there is an answer, a result or an error.  -EINTR: a signal came; the
 * answer may still come, to rpc_wait.  Other -errno: there will be none, and
 * a sentence. */
int rpc_call(struct rpc *rpc, const char *verb, struct json_object *params,
             struct response *ret, char error[RPC_ERROR_SIZE]);
int rpc_wait(struct rpc *rpc, struct response *ret, char error[RPC_ERROR_SIZE]);
void rpc_close(struct rpc *rpc);

#endif
