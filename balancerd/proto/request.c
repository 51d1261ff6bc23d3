/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and writes lines of the control socket, at both of its ends. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "proto/params.h"
#include "proto/request.h"

#define MEMBER_VERSION "jsonrpc"
#define MEMBER_ID      "id"
#define MEMBER_METHOD  "method"
#define MEMBER_PARAMS  "params"
#define MEMBER_RESULT  "result"
#define MEMBER_ERROR   "error"
#define VERSION        "2.0"

/* More keys than any verb has. */
#define PARAMS_MAX 32

struct code_name {
    enum request_code code;
    const char *name;
};

static const struct code_name code_names[] = {
    { REQUEST_PARSE_ERROR, "PARSE_ERROR" },
    { REQUEST_INVALID, "INVALID_REQUEST" },
    { REQUEST_UNKNOWN_VERB, "UNKNOWN_COMMAND" },
    { REQUEST_INVALID_PARAMS, "INVALID_VALUE" },
    { REQUEST_INTERNAL, "INTERNAL_ERROR" },
    { REQUEST_DENIED, "PERMISSION_DENIED" },
    { REQUEST_NO_MATCH, "NO_MATCHING_VMS" },
    { REQUEST_MULTIPLE, "MULTIPLE_MATCHING_VMS" },
    { REQUEST_RANGE_ORDER, "MEMORY_CONSTRAINT_VIOLATION_ORDER" },
    { REQUEST_NOT_ENOUGH_MEMORY, "HOST_NOT_ENOUGH_FREE_MEMORY" },
    { REQUEST_NO_COOPERATION, "VMS_FAILED_TO_COOPERATE" },
    { REQUEST_NO_RESERVATION, "NO_SUCH_RESERVATION" },
    { REQUEST_BUSY, "RESERVATION_IN_USE" },
    { REQUEST_KEY_IN_USE, "KEY_IN_USE" },
    { REQUEST_TOO_MANY, "TOO_MANY" },
    { REQUEST_HOST_FAILED, "HOST_FAILED" },
    { REQUEST_WITHDRAWN, "RESERVATION_WITHDRAWN" },
    { REQUEST_TIMEOUT, "TIMEOUT" },
    { REQUEST_NO_ENGINE, "NO_SUCH_ENGINE" },
    { REQUEST_ENGINE_REFUSED, "ENGINE_REFUSED" },
    { REQUEST_NO_LEASE, "NO_SUCH_LEASE" },
    { REQUEST_NO_PEER, "NO_SUCH_PEER" },
    { REQUEST_SWAP_REFUSED, "SWAP_REFUSED" },
    { REQUEST_SWAP_FAILED, "SWAP_FAILED" },
    { REQUEST_NO_SWAP, "NO_SUCH_VOLUME" },
    { REQUEST_UUID_INVALID, "UUID_INVALID" },
    { REQUEST_NO_PARAMETER, "MISSING_PARAMETER" },
    { REQUEST_TARGET_TIMEOUT, "VM_MEMORY_TARGET_WAIT_TIMEOUT" },
    { REQUEST_POWER_STATE, "VM_BAD_POWER_STATE" },
    { REQUEST_NOT_IMPLEMENTED, "NOT_IMPLEMENTED" },
};

const char *
request_code_name(enum request_code code)
{
    size_t i;

    for (i = 0; i < sizeof(code_names) / sizeof(code_names[0]); i++)
        if (code_names[i].code == code)
            return code_names[i].name;
    return "UNKNOWN_ERROR";
}

void
request_error_done(struct request_error *error)
{
    json_object_put(error->data);
    error->data = NULL;
}

void
request_done(struct request *r)
{
    json_object_put(r->root);
    memset(r, 0, sizeof(*r));
}

static int
refuse(struct request_error *error, enum request_code code, const char *message)
{
    error->code = code;
    snprintf(error->message, sizeof(error->message), "%s", message);
    return -EINVAL;
}

/* A number or a text, as JSON-RPC has it; what is longer is not echoed. */
static struct json_object *
read_id(struct json_object *root)
{
    struct json_object *id;

    if (!json_object_object_get_ex(root, MEMBER_ID, &id))
        return NULL;
    if (json_object_is_type(id, json_type_int))
        return id;
    if (json_object_is_type(id, json_type_string) &&
        json_object_get_string_len(id) < REQUEST_WORD_SIZE)
        return id;
    return NULL;
}

static int
check_params(struct json_object *params, struct request_error *error)
{
    struct json_object_iterator i, end;

    if (!json_object_is_type(params, json_type_object))
        return refuse(error, REQUEST_INVALID_PARAMS,
                      "params is not an object of texts by name");
    if (json_object_object_length(params) > PARAMS_MAX)
        return refuse(error, REQUEST_INVALID_PARAMS, "too many params");
    i = json_object_iter_begin(params);
    end = json_object_iter_end(params);
    for (; !json_object_iter_equal(&i, &end); json_object_iter_next(&i)) {
        if (strlen(json_object_iter_peek_name(&i)) >= REQUEST_WORD_SIZE)
            return refuse(error, REQUEST_INVALID_PARAMS,
                          "the name of a param is too long");
        if (!json_object_is_type(json_object_iter_peek_value(&i),
                                 json_type_string))
            return refuse(error, REQUEST_INVALID_PARAMS,
                          "a param is not a text: write numbers in quotes");
    }
    return 0;
}

static int
read_request(struct request *r, struct request_error *error)
{
    struct json_object *params;
    const char *version;

    if (!json_object_is_type(r->root, json_type_object))
        return refuse(error, REQUEST_INVALID,
                      "a request is one JSON object; there are no batches");
    r->id = read_id(r->root);
    version = json_get_text(r->root, MEMBER_VERSION);
    if (!version || strcmp(version, VERSION) != 0)
        return refuse(error, REQUEST_INVALID, "jsonrpc is not \"2.0\"");
    if (!r->id)
        return refuse(error, REQUEST_INVALID,
                      "id is neither an integer nor a short text");
    r->method = json_get_text(r->root, MEMBER_METHOD);
    if (!r->method || strlen(r->method) >= REQUEST_WORD_SIZE)
        return refuse(error, REQUEST_INVALID, "method is not a short text");
    if (!json_object_object_get_ex(r->root, MEMBER_PARAMS, &params))
        params = json_set(r->root, MEMBER_PARAMS, json_object_new_object());
    r->params = params;
    return check_params(params, error);
}

int
request_parse(const char *line, size_t length, struct request *ret_request,
              struct request_error *ret_error)
{
    memset(ret_request, 0, sizeof(*ret_request));
    memset(ret_error, 0, sizeof(*ret_error));
    if (length > REQUEST_LINE_MAX)
        return refuse(ret_error, REQUEST_INVALID, "the request is too long");
    ret_request->root = json_parse(line, length);
    if (!ret_request->root)
        return refuse(ret_error, REQUEST_PARSE_ERROR,
                      "the line is not one JSON object");
    return read_request(ret_request, ret_error);
}

/* { "jsonrpc": "2.0", "id": ... } */
static struct json_object *
envelope(struct json_object *id)
{
    struct json_object *root = json_object_new_object();

    json_set(root, MEMBER_VERSION, json_object_new_string(VERSION));
    json_set(root, MEMBER_ID, json_object_get(id));
    return root;
}

char *
request_line(uint64_t id, const char *method, struct json_object *params,
             size_t *ret_length)
{
    cleanup_json struct json_object *number =
        json_object_new_int64((int64_t)id);
    cleanup_json struct json_object *root = envelope(number);

    json_set(root, MEMBER_METHOD, json_object_new_string(method));
    json_set(root, MEMBER_PARAMS,
             params ? json_object_get(params) : json_object_new_object());
    return json_line(root, ret_length);
}

char *
response_result_line(struct json_object *id, struct json_object *result,
                     size_t *ret_length)
{
    cleanup_json struct json_object *root = envelope(id);

    json_set(root, MEMBER_RESULT,
             result ? json_object_get(result) : json_object_new_object());
    return json_line(root, ret_length);
}

char *
response_error_line(struct json_object *id, const struct request_error *error,
                    size_t *ret_length)
{
    cleanup_json struct json_object *root = envelope(id);
    struct json_object *data =
        error->data ? json_object_get(error->data) : json_object_new_object();
    struct json_object *object;

    json_set_text(data, FIELD_ERROR, request_code_name(error->code));
    object = json_set(root, MEMBER_ERROR, json_object_new_object());
    json_set(object, FIELD_CODE, json_object_new_int(error->code));
    json_set_text(object, FIELD_MESSAGE, error->message);
    json_set(object, FIELD_DATA, data);
    return json_line(root, ret_length);
}

int
response_read(const char *line, size_t length, uint64_t *ret_id,
              struct response *ret)
{
    cleanup_json struct json_object *root = json_parse(line, length);
    struct json_object *result = NULL;
    struct json_object *error = NULL;

    if (!json_object_is_type(root, json_type_object))
        return -EPROTO;
    json_object_object_get_ex(root, MEMBER_RESULT, &result);
    json_object_object_get_ex(root, MEMBER_ERROR, &error);
    if (!result == !error)
        return -EPROTO;
    if (error && !json_get_text(error, FIELD_MESSAGE))
        return -EPROTO;
    *ret_id = json_get_number(root, MEMBER_ID);
    ret->root = json_object_get(root);
    ret->result = result;
    ret->error = error;
    return 0;
}

int
response_parse(const char *line, size_t length, uint64_t id,
               struct response *ret)
{
    struct response response;
    uint64_t its_id;

    if (response_read(line, length, &its_id, &response) < 0)
        return -EPROTO;
    /* An error about a request that could not be read has no id. */
    if (!response.error && its_id != id) {
        response_done(&response);
        return -EPROTO;
    }
    *ret = response;
    return 0;
}

void
response_done(struct response *r)
{
    json_object_put(r->root);
    memset(r, 0, sizeof(*r));
}
