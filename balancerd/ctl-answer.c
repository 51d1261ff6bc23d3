/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a line to a verb, and from the verb to an answer. */
#include <config.h>

#include <stdio.h>

#include "ctl-client.h"
#include "ctl-verbs.h"
#include "proto/synopsis.h"

static struct verb_call
call_of(const struct client *c, struct json_object *params)
{
    return (struct verb_call){
        .b = c->ctl->b,
        .params = params,
        .pid = c->peer.pid,
        .started_ms = c->ctl->started_ms,
        .n_clients = c->ctl->n_clients,
        .n_waiting = clients_count_waiting(c->ctl),
    };
}

static void
finish_call(struct client *c, struct verb_call *call)
{
    if (call->has_changed) {
        clients_withdraw(c->ctl);
        ctl_wake(c->ctl);
    }
    verb_call_done(call);
}

static bool
verb_waits(const struct verb_call *call)
{
    return call->wait.again || call->wait.reservation[0];
}

static void
call_verb(struct client *c, const struct verb *verb, struct request *request)
{
    struct verb_call call = call_of(c, request->params);
    int r = verb_run(verb, &call);

    call.wait.synopsis = call.synopsis;
    if (r < 0)
        client_send_error(c, request->id, &call.error);
    else if (call.result || !verb_waits(&call))
        client_send_result(c, request->id, call.result);
    else if (client_wait(c, request->id, request->params, &call.wait) < 0)
        client_refuse(c, request->id, REQUEST_INTERNAL, "Out of memory");
    finish_call(c, &call);
}

void
client_ask_again(struct client *c, bool is_late)
{
    struct verb_call call = call_of(c, c->params);

    call.wait = c->wait;
    call.synopsis = c->wait.synopsis;
    call.is_late = is_late;
    if (c->wait.again(&call) < 0)
        client_give_error(c, &call.error);
    else if (call.result)
        client_give_result(c, call.result);
    else
        c->wait = call.wait;
    finish_call(c, &call);
}

void
client_refuse(struct client *c, struct json_object *id, enum request_code code,
              const char *message)
{
    struct request_error error = { .code = code };

    snprintf(error.message, sizeof(error.message), "%s", message);
    client_send_error(c, id, &error);
}

void
client_answer(struct client *c, const char *line, size_t length)
{
    char unknown[SYNOPSIS_ERROR_SIZE];
    struct request_error error;
    struct request request;
    const struct verb *verb;
    int r = request_parse(line, length, &request, &error);

    if (r < 0) {
        client_send_error(c, request.id, &error);
        request_done(&request);
        return;
    }
    verb = verb_find(request.method);
    if (!verb) {
        synopsis_refuse_verb(request.method, unknown);
        client_refuse(c, request.id, REQUEST_UNKNOWN_VERB, unknown);
    } else if (!c->peer.is_root && !verb->only_reads) {
        client_refuse(c, request.id, REQUEST_DENIED, "Only root may do that");
    } else {
        call_verb(c, verb, &request);
    }
    request_done(&request);
}
