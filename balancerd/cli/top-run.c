/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks, shows, waits: on a terminal for a key, too. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "args.h"
#include "exit.h"
#include "output.h"
#include "proto/params.h"
#include "proto/request-json.h"
#include "rpc.h"
#include "top-draw.h"
#include "top-keys.h"
#include "top-read.h"
#include "top-run.h"
#include "top-term.h"
#include "util/clock.h"
#include "util/parse.h"
#include "util/text.h"
#include "util/units.h"

#define ASK_VERB   "host-memory-show"
#define RANGE_VERB "vm-memory-dynamic-range-set"

#define INTERVAL_MS     MS_PER_S
#define INTERVAL_MIN_MS 100u
#define INTERVAL_MAX_MS (3600u * MS_PER_S)
/* Of lines that go to a file. */
#define PLAIN_COLUMNS 100

struct run {
    const struct args *args;
    struct rpc rpc;
    char error[RPC_ERROR_SIZE];
    uint64_t interval_ms;
    uint64_t left;   /* answers still to be shown */
    bool has_failed; /* the last time it was asked, and says so */
    struct top top;
};

/* One call; a connection that was lost is tried again the next time. */
static int
call(struct run *run, const char *verb, struct json_object *params,
     struct response *ret)
{
    int r = run->rpc.fd < 0 ? rpc_open(&run->rpc, run->args->socket, run->error)
                            : 0;

    if (r == 0)
        r = rpc_call(&run->rpc, verb, params, ret, run->error);
    if (r < 0)
        rpc_close(&run->rpc);
    return r;
}

static const char *
refusal(const struct response *response)
{
    const char *message = json_get_text(response->error, FIELD_MESSAGE);

    return message ? message : "The daemon refused.";
}

/* How it is now.  0 with a result, or -errno and run->error. */
static int
ask(struct run *run, struct response *ret)
{
    int r = call(run, ASK_VERB, NULL, ret);

    if (r < 0 || ret->result)
        return r;
    snprintf(run->error, sizeof(run->error), "%s", refusal(ret));
    response_done(ret);
    return -EREMOTEIO;
}

static void
say(struct top *t, const char *text)
{
    text_escape(t->message, sizeof(t->message), text);
}

static void
refresh(struct run *run)
{
    struct response response = { 0 };
    int r = ask(run, &response);

    if (r == 0) {
        r = top_read(&run->top, response.result);
        snprintf(run->error, sizeof(run->error), "%s", strerror(ENOMEM));
        response_done(&response);
    }
    if (r < 0)
        say(&run->top, run->error);
    else if (run->has_failed)
        run->top.message[0] = '\0';
    run->has_failed = r < 0;
}

/* The request that vm-memory-dynamic-range-set makes, for the domain whose
 * range was being typed, wherever it is in the list by now. */
static void
set_range(struct run *run)
{
    struct top *t = &run->top;
    char min[TOP_INPUT_SIZE], max[TOP_INPUT_SIZE];
    struct response response = { 0 };
    struct json_object *params;

    if (top_typed_range(t, min, max) < 0) {
        say(t, "Two sizes are needed: dynamic-min and dynamic-max, as 512m 2g");
        return;
    }
    params = json_object_new_object();
    json_set_text(params, PARAM_UUID, t->changing.uuid);
    json_set_text(params, PARAM_MIN, min);
    json_set_text(params, PARAM_MAX, max);
    if (call(run, RANGE_VERB, params, &response) < 0)
        say(t, run->error);
    else
        say(t, response.result ? "The range is set." : refusal(&response));
    response_done(&response);
    json_object_put(params);
}

/* Keys until it is time to ask again; false: enough. */
static bool
serve_keys(struct run *run, uint64_t due_ms)
{
    struct top *t = &run->top;

    for (;;) {
        uint64_t now_ms = clock_monotonic_ms();
        enum top_deed deed = TOP_NOTHING;
        int key;

        top_term_show(t);
        if (now_ms >= due_ms)
            return true;
        key = top_term_key(due_ms - now_ms);
        if (key >= 0)
            deed = top_press(t, key, top_page(top_term_rows()));
        if (deed == TOP_SET_RANGE)
            set_range(run);
        if (deed == TOP_QUIT || key == TOP_TERM_GONE)
            return false;
        if (deed != TOP_NOTHING)
            return true;
    }
}

static int
run_on_terminal(struct run *run)
{
    bool goes_on = true;

    while (goes_on && run->left-- > 0) {
        refresh(run);
        goes_on = serve_keys(run, clock_monotonic_ms() + run->interval_ms);
    }
    top_term_close();
    return CLI_OK;
}

static int
print_rows(const struct top *t)
{
    size_t n = top_rows_needed(t);
    struct top_row *rows = calloc(n, sizeof(*rows));

    if (!rows)
        return -ENOMEM;
    top_draw(t, PLAIN_COLUMNS, n, rows);
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(rows[i].text);

        while (length > 0 && rows[i].text[length - 1] == ' ')
            length--;
        printf("%.*s\n", (int)length, rows[i].text);
    }
    free(rows);
    return 0;
}

static int
print(struct run *run, struct json_object *result)
{
    int r;

    if (run->args->output != ARGS_TEXT) {
        output_find(run->args->output)->result(ASK_VERB, result);
        return 0;
    }
    r = top_read(&run->top, result);
    return r < 0 ? r : print_rows(&run->top);
}

/* A table for every interval; nobody is there to wait for a daemon. */
static int
run_plain(struct run *run)
{
    bool is_first = true;

    run->top.is_plain = true;
    while (run->left-- > 0) {
        struct response response = { 0 };

        if (!is_first) {
            clock_sleep_ms(run->interval_ms);
            if (run->args->output == ARGS_TEXT)
                putchar('\n');
        }
        is_first = false;
        if (ask(run, &response) < 0) {
            fprintf(stderr, "%s\n", run->error);
            return CLI_NO_DAEMON;
        }
        print(run, response.result);
        response_done(&response);
        if (fflush(stdout) != 0)
            return CLI_FAILED;
    }
    return CLI_OK;
}

static int
read_params(struct run *run)
{
    const char *interval = json_get_text(run->args->params, PARAM_INTERVAL);
    const char *count = json_get_text(run->args->params, PARAM_COUNT);
    char error[PARSE_ERROR_SIZE];

    run->interval_ms = INTERVAL_MS;
    run->left = UINT64_MAX;
    if (interval && (parse_duration_ms(interval, &run->interval_ms) < 0 ||
                     run->interval_ms < INTERVAL_MIN_MS ||
                     run->interval_ms > INTERVAL_MAX_MS)) {
        fprintf(stderr, "The " PARAM_INTERVAL " is 100ms to 1h, not %s\n",
                interval);
        return CLI_USAGE;
    }
    if (count && parse_u64(count, 1, UINT64_MAX, &run->left) < 0) {
        parse_u64_error(error, PARAM_COUNT, count);
        fprintf(stderr, "%s\n", error);
        return CLI_USAGE;
    }
    return CLI_OK;
}

static bool
is_for_terminal(const struct args *args)
{
    return args->output == ARGS_TEXT && isatty(STDIN_FILENO) &&
           isatty(STDOUT_FILENO);
}

int
top_run(const struct args *args)
{
    struct run run = { .args = args, .rpc = { .fd = -1 } };
    int r = read_params(&run);

    if (r != CLI_OK)
        return r;
    if (rpc_open(&run.rpc, args->socket, run.error) < 0) {
        fprintf(stderr, "%s\n", run.error);
        return CLI_NO_DAEMON;
    }
    if (is_for_terminal(args) && top_term_open() == 0)
        r = run_on_terminal(&run);
    else
        r = run_plain(&run);
    top_done(&run.top);
    rpc_close(&run.rpc);
    return r;
}
