/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a request was refused: a stable code, a sentence and the numbers. */
#ifndef PROTO_REQUEST_ERROR_H
#define PROTO_REQUEST_ERROR_H

#define REQUEST_ERROR_SIZE 1024

struct json_object;

/* JSON-RPC's own codes, then ours: stable, only ever added to. */
enum request_code {
    REQUEST_PARSE_ERROR = -32700,
    REQUEST_INVALID = -32600,
    REQUEST_UNKNOWN_VERB = -32601,
    REQUEST_INVALID_PARAMS = -32602,
    REQUEST_INTERNAL = -32603,
    REQUEST_DENIED = 1,
    REQUEST_NO_MATCH = 2,
    REQUEST_MULTIPLE = 3,
    REQUEST_RANGE_ORDER = 4,
    REQUEST_NOT_ENOUGH_MEMORY = 5,
    REQUEST_NO_COOPERATION = 6,
    REQUEST_NO_RESERVATION = 7,
    REQUEST_BUSY = 8,
    REQUEST_KEY_IN_USE = 9,
    REQUEST_TOO_MANY = 10,
    REQUEST_HOST_FAILED = 11,
    REQUEST_WITHDRAWN = 12,
    REQUEST_TIMEOUT = 13,
    REQUEST_NO_ENGINE = 14,
    REQUEST_ENGINE_REFUSED = 15,
    REQUEST_NO_LEASE = 16,
    REQUEST_NO_PEER = 17,
    REQUEST_SWAP_REFUSED = 18,
    REQUEST_SWAP_FAILED = 19,
    REQUEST_NO_SWAP = 20,
    REQUEST_UUID_INVALID = 20,
    REQUEST_NO_PARAMETER = 21,
    REQUEST_TARGET_TIMEOUT = 22,
    REQUEST_POWER_STATE = 23,
    REQUEST_NOT_IMPLEMENTED = 30,
};

/* The code in capitals, xe's name where xe has one; "UNKNOWN_ERROR". */
const char *request_code_name(enum request_code code);

struct request_error {
    enum request_code code;
    char message[REQUEST_ERROR_SIZE];
    struct json_object *data; /* an object or NULL; owned */
};

void request_error_done(struct request_error *error);

#endif
