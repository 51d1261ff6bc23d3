/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The control socket's lines: what is a request, and that both ends agree. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "proto/params.h"
#include "proto/request.h"
#include "proto/synopsis.h"
#include "unit.h"
#include "util/cleanup.h"

struct bad_row {
    const char *line;
    enum request_code code;
    const char *id; /* that the error can name; NULL for none */
};

#define HEAD "{\"jsonrpc\":\"2.0\",\"id\":1,"

static const struct bad_row bad_lines[] = {
    { "", REQUEST_PARSE_ERROR, NULL },
    { "x", REQUEST_PARSE_ERROR, NULL },
    { "{", REQUEST_PARSE_ERROR, NULL },
    { "{}{}", REQUEST_PARSE_ERROR, NULL },
    { "{} x", REQUEST_PARSE_ERROR, NULL },
    { "{id:1}", REQUEST_PARSE_ERROR, NULL },
    { "[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]", REQUEST_PARSE_ERROR,
      NULL },
    { HEAD "\"method\":\"a\\u0000b\"}", REQUEST_PARSE_ERROR, NULL },
    { HEAD "\"method\":\"a\",\"params\":{\"a\":\"b\\u0000\"}}",
      REQUEST_PARSE_ERROR, NULL },
    { "\"x\"", REQUEST_INVALID, NULL },
    { "[]", REQUEST_INVALID, NULL },
    { "{}", REQUEST_INVALID, NULL },
    { "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"a\"}", REQUEST_INVALID, "1" },
    { "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"a\"}", REQUEST_INVALID, "1" },
    { "{\"jsonrpc\":\"2.0\",\"method\":\"a\"}", REQUEST_INVALID, NULL },
    { "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"a\"}", REQUEST_INVALID,
      NULL },
    { "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"a\"}", REQUEST_INVALID,
      NULL },
    { HEAD "\"params\":{}}", REQUEST_INVALID, "1" },
    { HEAD "\"method\":7}", REQUEST_INVALID, "1" },
    { HEAD "\"method\":\"a\",\"params\":[]}", REQUEST_INVALID_PARAMS, "1" },
    { HEAD "\"method\":\"a\",\"params\":null}", REQUEST_INVALID_PARAMS, "1" },
    { HEAD "\"method\":\"a\",\"params\":{\"k\":1}}", REQUEST_INVALID_PARAMS,
      "1" },
    { HEAD "\"method\":\"a\",\"params\":{\"k\":null}}", REQUEST_INVALID_PARAMS,
      "1" },
    { HEAD "\"method\":\"a\",\"params\":{\"k\":{}}}", REQUEST_INVALID_PARAMS,
      "1" },
};

START_TEST(test_request_parse_says_what_is_wrong)
{
    const struct bad_row *row = &bad_lines[_i];
    struct request_error error;
    struct request request;
    int r;

    r = request_parse(row->line, strlen(row->line), &request, &error);
    ck_assert_int_eq(r, -EINVAL);
    ck_assert_int_eq(error.code, row->code);
    ck_assert_str_ne(error.message, "");
    ck_assert_int_eq(request.id == NULL, row->id == NULL);
    if (row->id)
        ck_assert_str_eq(json_object_get_string(request.id), row->id);
    request_done(&request);
}
END_TEST

static char *
line_with(size_t n_params, size_t name_length)
{
    cleanup_json struct json_object *params = json_object_new_object();
    char name[2 * REQUEST_WORD_SIZE];
    size_t length;
    size_t i;

    for (i = 0; i < n_params; i++) {
        memset(name, 'k', name_length);
        name[name_length] = '\0';
        name[0] = (char)('0' + (int)i);
        json_set_text(params, name, "v");
    }
    return request_line(1, "a", params, &length);
}

static int
parse_line(const char *line)
{
    struct request_error error;
    struct request request;
    int r = request_parse(line, strlen(line), &request, &error);

    request_done(&request);
    return r;
}

START_TEST(test_request_parse_keeps_its_limits)
{
    cleanup_free char *all = line_with(32, REQUEST_WORD_SIZE - 1);
    cleanup_free char *too_many = line_with(33, 8);
    cleanup_free char *too_long_a_name = line_with(1, REQUEST_WORD_SIZE);
    cleanup_free char *long_line = calloc(1, REQUEST_LINE_MAX + 2);

    ck_assert_int_eq(parse_line(all), 0);
    ck_assert_int_eq(parse_line(too_many), -EINVAL);
    ck_assert_int_eq(parse_line(too_long_a_name), -EINVAL);
    memset(long_line, ' ', REQUEST_LINE_MAX);
    memcpy(long_line, all, strlen(all));
    ck_assert_int_eq(parse_line(long_line), 0);
    long_line[REQUEST_LINE_MAX] = ' ';
    ck_assert_int_eq(parse_line(long_line), -EINVAL);
}
END_TEST

START_TEST(test_request_line_is_what_request_parse_reads)
{
    cleanup_json struct json_object *params = json_object_new_object();
    cleanup_free char *line = NULL;
    struct request_error error;
    struct request request;
    size_t length;

    json_set_text(params, "vm", "a\"b \xc3\xa9");
    line = request_line(7, "vm-list", params, &length);
    ck_assert_uint_eq(length, strlen(line));
    ck_assert_int_eq(line[length - 1], '\n');
    ck_assert_int_eq(request_parse(line, length - 1, &request, &error), 0);
    ck_assert_str_eq(request.method, "vm-list");
    ck_assert_int_eq(json_object_get_int(request.id), 7);
    ck_assert_str_eq(json_get_text(request.params, "vm"), "a\"b \xc3\xa9");
    request_done(&request);
}
END_TEST

START_TEST(test_request_parse_adds_missing_params)
{
    static const char line[] = HEAD "\"method\":\"a\"}";
    struct request_error error;
    struct request request;

    ck_assert_int_eq(request_parse(line, strlen(line), &request, &error), 0);
    ck_assert_int_eq(json_object_object_length(request.params), 0);
    request_done(&request);
}
END_TEST

START_TEST(test_response_carries_a_result)
{
    cleanup_json struct json_object *id = json_object_new_int(7);
    cleanup_json struct json_object *result = json_object_new_object();
    cleanup_free char *line = NULL;
    struct response response;
    size_t length;

    json_set_number(result, "big", INT64_MAX);
    json_set_number(result, "unknown", UINT64_MAX);
    json_set_text(result, "text", "\033[2J");
    line = response_result_line(id, result, &length);
    ck_assert_int_eq(response_parse(line, length, 8, &response), -EPROTO);
    ck_assert_int_eq(response_parse(line, length, 7, &response), 0);
    ck_assert_ptr_null(response.error);
    ck_assert_uint_eq(json_get_number(response.result, "big"), INT64_MAX);
    ck_assert_uint_eq(json_get_number(response.result, "unknown"), UINT64_MAX);
    ck_assert_uint_eq(json_get_number(response.result, "none"), UINT64_MAX);
    ck_assert_str_eq(json_get_text(response.result, "text"), "\\x1b[2J");
    ck_assert_ptr_null(json_get_text(response.result, "big"));
    response_done(&response);
}
END_TEST

START_TEST(test_response_carries_an_error_with_its_name)
{
    struct request_error error = { .code = REQUEST_RANGE_ORDER,
                                   .message = "no" };
    cleanup_free char *line = NULL;
    struct json_object *data = NULL;
    struct response response;
    size_t length;

    line = response_error_line(NULL, &error, &length);
    ck_assert_int_eq(response_parse(line, length, 7, &response), 0);
    ck_assert_ptr_null(response.result);
    ck_assert_str_eq(json_get_text(response.error, FIELD_MESSAGE), "no");
    json_object_object_get_ex(response.error, FIELD_DATA, &data);
    ck_assert_str_eq(json_get_text(data, FIELD_ERROR),
                     "MEMORY_CONSTRAINT_VIOLATION_ORDER");
    response_done(&response);
}
END_TEST

static const char *const bad_responses[] = {
    "",
    "{}",
    "[]",
    "{\"id\":7}",
    "{\"id\":7,\"result\":{},\"error\":{\"message\":\"x\"}}",
    "{\"id\":7,\"error\":{}}",
    "{\"id\":\"7\",\"result\":{}}",
    "{\"result\":{}}",
};

START_TEST(test_response_parse_refuses_what_is_none)
{
    const char *line = bad_responses[_i];
    struct response response;

    ck_assert_int_eq(response_parse(line, strlen(line), 7, &response), -EPROTO);
}
END_TEST

START_TEST(test_synopsis_finds_a_verb_by_its_old_name)
{
    ck_assert_ptr_eq(synopsis_find("vm-memory-balloon"),
                     synopsis_find("vm-memory-target-set"));
    ck_assert_ptr_null(synopsis_find("vm-memory-balloo"));
}
END_TEST

START_TEST(test_synopsis_guesses_what_was_meant)
{
    const struct synopsis *s = synopsis_find("vm-memory-target-set");
    char error[SYNOPSIS_ERROR_SIZE];

    ck_assert_ptr_nonnull(s);
    ck_assert_str_eq(s->topic, "Domains");
    ck_assert(synopsis_key(s, "target")->is_required);
    ck_assert_ptr_nonnull(synopsis_key(s, "target")->meaning);
    ck_assert(synopsis_key(s, "vm")->is_selector);
    ck_assert_str_eq(synopsis_key(s, "multiple")->value, "");
    ck_assert_ptr_null(synopsis_key(s, "min"));
    synopsis_refuse_key(s, "tarqet", error);
    ck_assert_str_eq(error, "Unknown field 'tarqet' (did you mean target?)");
    synopsis_refuse_verb("vm-memory-targets-set", error);
    ck_assert_str_eq(error, "Unknown command: vm-memory-targets-set (did you "
                            "mean vm-memory-target-set?)");
    synopsis_refuse_verb("reboot\n", error);
    ck_assert_str_eq(error, "Unknown command: reboot\\x0a");
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_request_parse_says_what_is_wrong, bad_lines);
    tcase_add_test(tests, test_request_parse_keeps_its_limits);
    tcase_add_test(tests, test_request_line_is_what_request_parse_reads);
    tcase_add_test(tests, test_request_parse_adds_missing_params);
    tcase_add_test(tests, test_response_carries_a_result);
    tcase_add_test(tests, test_response_carries_an_error_with_its_name);
    UNIT_ADD_ROWS(tests, test_response_parse_refuses_what_is_none,
                  bad_responses);
    tcase_add_test(tests, test_synopsis_finds_a_verb_by_its_old_name);
    tcase_add_test(tests, test_synopsis_guesses_what_was_meant);
}

int
main(void)
{
    return unit_run("request", add);
}
