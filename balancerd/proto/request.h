/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control socket's lines: JSON-RPC 2.0, one object a line.  The method is
 * a verb; params is an object of texts, as typed on balancerctl's command line.
 */
#ifndef PROTO_REQUEST_H
#define PROTO_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "proto/request-error.h"
#include "proto/request-json.h"

#define REQUEST_LINE_MAX  (64 * 1024)        /* bytes of a request */
#define RESPONSE_LINE_MAX (16 * 1024 * 1024) /* of an answer: 10,000 domains */
#define REQUEST_WORD_SIZE 64                 /* a method, a key, an id */

struct request {
    struct json_object *root; /* owns the others */
    struct json_object *id;   /* an integer or a short text; NULL unread */
    const char *method;
    struct json_object *params; /* an object of texts, maybe empty */
};

/* line is without its newline.  0, or -EINVAL with *ret_error; then
 * ret_request->id is there if it could be read.  request_done either way. */
int request_parse(const char *line, size_t length, struct request *ret_request,
                  struct request_error *ret_error);
void request_done(struct request *r);

/* Lines with their newline, which the caller frees; NULL: no memory.
 * params and result stay the caller's, and NULL is an empty object. */
char *request_line(uint64_t id, const char *method, struct json_object *params,
                   size_t *ret_length);
char *response_result_line(struct json_object *id, struct json_object *result,
                           size_t *ret_length);
char *
response_error_line(struct json_object *id, const struct request_error *error,
                    size_t *ret_length);

struct response {
    struct json_object *root;   /* owns the others */
    struct json_object *result; /* NULL: an error */
    struct json_object *error;  /* NULL: a result */
};

/* 0 or -EPROTO: not the answer to the request with that id. */
int response_parse(const char *line, size_t length, uint64_t id,
                   struct response *ret);
/* The answer to whichever request: *ret_id is the request's, UINT64_MAX if that
 * could not be read.  0 or -EPROTO. */
int response_read(const char *line, size_t length, uint64_t *ret_id,
                  struct response *ret);
void response_done(struct response *r);

#endif
