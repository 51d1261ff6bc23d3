/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a line to a verb, and from the verb to an answer. */
#include <config.h>

#include <stdio.h>

#include "ctl-client.h"
#include "ctl-verbs.h"
#include "proto/synopsis.h"

static void
call_verb(struct client *c, const struct verb *verb, struct request *request)
{
    struct ctl *ctl = c->ctl;
    struct verb_call call = {
        .b = ctl->b,
        .params = request->params,
        .pid = c->peer.pid,
        .started_ms = ctl->started_ms,
        .n_clients = ctl->n_clients,
    };

    if (verb_run(verb, &call) < 0)
        client_send_error(c, request->id, &call.error);
    else if (call.wait_id[0])
        client_wait(c, request->id, call.wait_id);
    else
        client_send_result(c, request->id, call.result);
    if (call.has_changed) {
        clients_withdraw(ctl);
        ctl_wake(ctl);
    }
    verb_call_done(&call);
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
