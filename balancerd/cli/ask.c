/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection for each question, so that a restart of the daemon between two
 * of them does no harm. */
#include <config.h>

#include <stdio.h>
#include <time.h>

#include <json-c/json.h>

#include "ask.h"
#include "exit.h"
#include "output.h"
#include "proto/params.h"
#include "rpc.h"
#include "util/parse.h"
#include "util/units.h"

/* xe gives up after this; it looks once a second. */
#define DEFAULT_TIMEOUT_MS (256 * MS_PER_S)
#define ASK_AGAIN_MS       200

/* CLI_OK with a response, or CLI_NO_DAEMON, and said. */
static int
call(const struct args *args, struct response *ret)
{
    char error[RPC_ERROR_SIZE];
    struct rpc rpc;
    int r = rpc_open(&rpc, args->socket, error);

    if (r == 0)
        r = rpc_call(&rpc, args->verb->verb, args->params, ret, error);
    rpc_close(&rpc);
    if (r == 0)
        return CLI_OK;
    fprintf(stderr, "%s\n", error);
    return CLI_NO_DAEMON;
}

/* Prints the response, and frees it. */
static int
print(const struct args *args, struct response *response)
{
    const struct output *output = output_find(args->output);
    int code = response->result ? CLI_OK : CLI_REFUSED;

    if (response->result)
        output->result(args->verb->verb, response->result);
    else
        output->error(response->error);
    response_done(response);
    return code;
}

int
ask_once(const struct args *args)
{
    struct response response = { 0 };
    int code = call(args, &response);

    return code == CLI_OK ? print(args, &response) : code;
}

static bool
is_there(const struct response *response)
{
    return !response->error || json_get_delta(response->error, FIELD_CODE) !=
                                   REQUEST_TARGET_TIMEOUT;
}

static uint64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * MS_PER_S + (uint64_t)now.tv_nsec / 1000000;
}

static void
rest(void)
{
    struct timespec time = { .tv_nsec = ASK_AGAIN_MS * 1000000 };

    nanosleep(&time, NULL);
}

int
ask_until_there(const struct args *args)
{
    const char *text = json_get_text(args->params, PARAM_TIMEOUT);
    uint64_t timeout_ms = DEFAULT_TIMEOUT_MS;
    uint64_t begun_ms = now_ms();
    struct response response = { 0 };
    int code = call(args, &response);

    /* If it is not a time, the daemon has just said so. */
    if (text && parse_duration_ms(text, &timeout_ms) < 0)
        timeout_ms = 0;
    while (code == CLI_OK && !is_there(&response) &&
           sat_sub(now_ms(), begun_ms) < timeout_ms) {
        rest();
        response_done(&response);
        code = call(args, &response);
    }
    return code == CLI_OK ? print(args, &response) : code;
}
