/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verbs of lendmem's control socket, as a table of requests. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lend-verbs.h"
#include "lend.h"
#include "log.h"
#include "unit.h"

static struct lend *lend;
static char token[LEND_TOKEN_SIZE];

static void
no_log(enum log_level level, const char *line)
{
    (void)level;
    (void)line;
}

static void
setup(void)
{
    struct lend_config config = { .memory_kib = 65536, .connections_max = 2 };
    struct lend_wish wish = { 4096, 4096, "test" };

    log_set_sink(no_log);
    ck_assert_int_eq(lend_open(&lend, &config), 0);
    ck_assert_int_eq(lend_create(lend, &wish, token), 0);
}

static void
teardown(void)
{
    lend = lend_close(lend);
}

/* $ stands for the token of a lease of 4 MiB. */
static const struct {
    const char *method, *params;
    const char *says;
} requests[] = {
    { "lease-create", "{\"size\":\"1m\"}", "\"result\":{\"token\":\"" },
    { "lease-create", "{\"size\":\"1m\",\"quota\":\"4k\",\"label\":\"h2 vm1\"}",
      "\"token\"" },
    { "lease-create", "{}", "\"code\":21" },
    { "lease-create", "{\"size\":\"\"}", "\"code\":-32602" },
    { "lease-create", "{\"size\":\"-1\"}", "\"code\":-32602" },
    { "lease-create", "{\"size\":\"0\"}", "\"code\":-32602" },
    { "lease-create", "{\"size\":\"9999999t\"}", "\"code\":-32602" },
    { "lease-create", "{\"size\":\"1m\",\"quota\":\"2m\"}", "\"code\":-32602" },
    { "lease-create", "{\"size\":\"1m\",\"label\":\"a\\nb\"}",
      "\"code\":-32602" },
    { "lease-create", "{\"size\":\"1g\"}", "HOST_NOT_ENOUGH_FREE_MEMORY" },
    { "lease-create", "{\"size\":\"1g\"}", "\"needed_kib\":1049604" },
    { "lease-create", "{\"size\":\"1m\",\"length\":\"2m\"}",
      "lease-create has no parameter length" },
    { "lease-resize", "{\"token\":\"$\",\"size\":\"8m\"}", "\"result\":{}" },
    { "lease-resize", "{\"token\":\"$\",\"size\":\"1m\"}", "\"result\":{}" },
    { "lease-resize", "{\"token\":\"$\",\"quota\":\"1m\"}", "\"result\":{}" },
    { "lease-resize", "{\"token\":\"$\",\"quota\":\"8m\"}", "\"code\":-32602" },
    { "lease-resize", "{\"token\":\"x\",\"size\":\"1m\"}", "\"code\":16" },
    { "lease-resize", "{\"size\":\"1m\"}", "\"code\":21" },
    { "lease-list", "{}", "\"label\":\"test\",\"size_kib\":4096" },
    { "lease-list", "{\"token\":\"$\"}", "\"quota_kib\":4096" },
    { "lease-list", "{\"token\":\"x\"}", "\"code\":16" },
    { "lease-end", "{\"token\":\"$\"}", "\"result\":{}" },
    { "lease-end", "{\"token\":\"x\"}", "NO_SUCH_LEASE" },
    { "lease-end", "{}", "\"code\":21" },
    { "pool-show", "{}", "\"memory_kib\":65536" },
    { "pool-show", "{}", "\"promised_kib\":4104,\"available_kib\":61432" },
    { "pool-set", "{\"memory\":\"1m\"}", "\"result\":{}" },
    { "pool-set", "{\"memory\":\"1g\"}", "\"code\":-32602" },
    { "pool-set", "{}", "\"code\":21" },
    { "vm-list", "{}", "\"code\":-32601" },
};

/* pattern with the token in place of its $ */
static void
fill_in(char *to, size_t size, const char *pattern)
{
    size_t n = 0;

    for (; *pattern && n + LEND_TOKEN_SIZE < size; pattern++) {
        if (*pattern == '$') {
            memcpy(to + n, token, LEND_TOKEN_SIZE - 1);
            n += LEND_TOKEN_SIZE - 1;
        } else {
            to[n++] = *pattern;
        }
    }
    to[n] = '\0';
}

START_TEST(test_verb_answers)
{
    char line[1024];
    char params[512];
    size_t length = 0;
    char *answer;
    int n;

    fill_in(params, sizeof(params), requests[_i].params);
    n = snprintf(line, sizeof(line),
                 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\","
                 "\"params\":%s}",
                 requests[_i].method, params);
    answer = lend_answer(lend, line, (size_t)n, &length);
    ck_assert_ptr_nonnull(answer);
    ck_assert_uint_eq(strlen(answer), length);
    if (!strstr(answer, requests[_i].says))
        ck_abort_msg("%s does not say %s", answer, requests[_i].says);
    free(answer);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    UNIT_ADD_ROWS(tests, test_verb_answers, requests);
}

int
main(void)
{
    return unit_run("lend_verbs", add);
}
