/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as lines of lendmem's control socket, several to one pool: each
 * gets an answer that can be read, and no promise is ever broken. */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lend-verbs.h"
#include "lend.h"
#include "log.h"
#include "proto/request.h"
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
no_log(enum log_level level, const char *line)
{
    (void)level;
    (void)line;
}

static void
ask(struct lend *lend, const char *line, size_t length)
{
    struct request_error error;
    struct response response;
    struct request request;
    struct lend_pool pool;
    size_t n = 0;
    cleanup_free char *answer = lend_answer(lend, line, length, &n);

    require(answer && n > 0 && answer[n - 1] == '\n');
    require(memchr(answer, '\n', n - 1) == NULL);
    /* An answer has the request's id, which need not be ours. */
    if (request_parse(line, length, &request, &error) < 0) {
        require(response_parse(answer, n, ID, &response) == 0);
        require(response.error != NULL);
        response_done(&response);
    }
    request_done(&request);
    request_error_done(&error);
    lend_pool(lend, &pool);
    require(pool.memory_kib <= pool.memory_max_kib);
    require(pool.promised_kib <= pool.memory_max_kib);
    require((pool.n_leases == 0) == (pool.promised_kib == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lend_config config = { .memory_kib = 4096, .connections_max = 1 };
    const char *line = (const char *)data;
    struct lend *lend = NULL;

    log_set_sink(no_log);
    require(lend_open(&lend, &config) == 0);
    while (size) {
        const char *end = memchr(line, '\n', size);
        size_t length = end ? (size_t)(end - line) : size;

        ask(lend, line, length);
        length += end != NULL;
        line += length;
        size -= length;
    }
    lend_close(lend);
    return 0;
}
