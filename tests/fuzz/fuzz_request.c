/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a line of the control socket: a request that is taken is within
 * its limits and reads the same when it is written again; so does an answer. */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "proto/request.h"
#include "proto/synopsis.h"
#include "util/cleanup.h"

#define ID 1

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
    if (!holds)
        abort();
}

static void
check_limits(const struct request *request)
{
    struct json_object_iterator i = json_object_iter_begin(request->params);
    struct json_object_iterator end = json_object_iter_end(request->params);
    char error[SYNOPSIS_ERROR_SIZE];

    require(request->id != NULL);
    require(strlen(request->method) < REQUEST_WORD_SIZE);
    for (; !json_object_iter_equal(&i, &end); json_object_iter_next(&i)) {
        const char *name = json_object_iter_peek_name(&i);

        require(json_get_text(request->params, name) != NULL);
        require(strlen(name) < REQUEST_WORD_SIZE);
        synopsis_refuse_key(&synopsis_table[0], name, error);
    }
    synopsis_refuse_verb(request->method, error);
}

static void
check_rewritten(const struct request *request)
{
    size_t length = 0;
    cleanup_free char *line =
        request_line(ID, request->method, request->params, &length);
    struct request_error error;
    struct request again;
    int r;

    require(line && line[length - 1] == '\n');
    require(memchr(line, '\n', length - 1) == NULL);
    r = request_parse(line, length - 1, &again, &error);
    /* Escapes make a line longer than the one that was taken. */
    if (r == 0) {
        require(strcmp(again.method, request->method) == 0);
        require(json_object_equal(again.params, request->params));
    } else {
        require(length - 1 > REQUEST_LINE_MAX);
    }
    request_done(&again);
}

/* Whatever the answer, the client can read it. */
static void
check_answer(struct json_object *id, const struct request_error *error)
{
    size_t length = 0;
    cleanup_free char *line = response_error_line(id, error, &length);
    struct response response;

    require(line && strcmp(request_code_name(error->code), "UNKNOWN_ERROR"));
    require(response_parse(line, length, ID, &response) == 0);
    require(response.error && !response.result);
    response_done(&response);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request_error error;
    struct request request;
    struct response response;
    const char *line = (const char *)data;

    if (request_parse(line, size, &request, &error) == 0) {
        check_limits(&request);
        check_rewritten(&request);
    } else {
        check_answer(request.id, &error);
    }
    request_done(&request);
    if (response_parse(line, size, ID, &response) == 0) {
        require(!response.result != !response.error);
        response_done(&response);
    }
    return 0;
}
