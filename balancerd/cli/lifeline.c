/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connects, calls, and tries again if the daemon went away meanwhile. */
#include <config.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "lifeline.h"
#include "signals.h"

/* systemd restarts the daemon within a second; ten are for the slowest. */
#define TRIES        50
#define TRY_AGAIN_MS 200

void
lifeline_open(struct lifeline *ret, const struct args *args)
{
    *ret = (struct lifeline){
        .output = output_find(args->output),
        .socket = args->socket,
        .rpc = { .fd = -1 },
    };
}

static int
call_once(struct lifeline *l, const char *verb, struct json_object *params,
          struct response *ret, char error[RPC_ERROR_SIZE])
{
    int r = 0;

    if (l->rpc.fd < 0) {
        r = rpc_open(&l->rpc, l->socket, error);
        l->rpc.mask = signals_mask();
    }
    if (r == 0)
        r = rpc_call(&l->rpc, verb, params, ret, error);
    if (r < 0)
        rpc_close(&l->rpc);
    return r;
}

bool
lifeline_rest(void)
{
    struct timespec time = { .tv_nsec = TRY_AGAIN_MS * 1000000 };

    return ppoll(NULL, 0, &time, signals_mask()) == 0;
}

int
lifeline_call(struct lifeline *l, const char *verb, struct json_object *params,
              struct response *ret)
{
    char error[RPC_ERROR_SIZE] = "";
    bool was_there = l->rpc.fd >= 0;
    int r = call_once(l, verb, params, ret, error);
    int i;

    /* Who was never there is not waited for. */
    for (i = 0; i < TRIES && r < 0 && r != -EINTR && was_there; i++) {
        if (!lifeline_rest())
            r = -EINTR;
        else
            r = call_once(l, verb, params, ret, error);
    }
    if (r == -EINTR)
        return r;
    if (r < 0) {
        if (!l->is_quiet)
            fprintf(stderr, "%s\n", error);
        return -ENOTCONN;
    }
    if (ret->result)
        return 0;
    if (!l->is_quiet)
        l->output->error(ret->error);
    response_done(ret);
    return -EREMOTEIO;
}

void
lifeline_close(struct lifeline *l)
{
    rpc_close(&l->rpc);
}
