/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON objects as the control socket's both ends build and read them. */
#ifndef PROTO_REQUEST_JSON_H
#define PROTO_REQUEST_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

#define cleanup_json __attribute__((cleanup(json_unref)))
void json_unref(struct json_object **object);

/* The whole of text is one JSON value, nested no deeper than a request may
 * be.  NULL if not, or if a string in it contains a NUL. */
struct json_object *json_parse(const char *text, size_t length);
/* One line, its newline included; the caller frees.  NULL: no memory. */
char *json_line(struct json_object *object, size_t *ret_length);

/* Members.  HOST_UNSET (UINT64_MAX) and NULL become null. Text is escaped, so
 * that what a guest wrote is valid UTF-8 and harmless (text.h). */
void
json_set_number(struct json_object *object, const char *key, uint64_t value);
void json_set_delta(struct json_object *object, const char *key, int64_t value);
void
json_set_text(struct json_object *object, const char *key, const char *text);
void json_set_bool(struct json_object *object, const char *key, bool value);
/* Takes ownership of value; returns it. */
struct json_object *json_set(struct json_object *object, const char *key,
                             struct json_object *value);

/* NULL if absent or of another type; valid as long as object. */
const char *json_get_text(struct json_object *object, const char *key);
/* The same, "" for NULL. */
const char *json_text(struct json_object *object, const char *key);
struct json_object *json_get_array(struct json_object *object, const char *key);
/* UINT64_MAX if absent, negative or of another type. */
uint64_t json_get_number(struct json_object *object, const char *key);
int64_t json_get_delta(struct json_object *object, const char *key); /* or 0 */
bool json_get_bool(struct json_object *object, const char *key); /* or false */

/* Of a file that is kept: -EINVAL if it has no version, -ENOTSUP and words in
 * error if it is not the one that is known. */
int json_check_version(struct json_object *object, uint64_t known, char *error,
                       size_t size);

#endif
