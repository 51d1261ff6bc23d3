/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as what another host says: nobody proves itself by chance, no line
 * is believed, and what a peer answers is sane once it is taken. */
#include <config.h>

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "peer-auth.h"
#include "peer-proto.h"
#include "proto/request.h"
#include "util/cleanup.h"

#define LEAST_SANE 42

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
    if (!holds)
        abort();
}

static void
try_handshake(const char *line, size_t length)
{
    static const uint8_t nonce[PEER_AUTH_NONCE] = { 1 };
    struct peer_auth a;
    const char *text;

    peer_auth_init(&a, PEER_ANSWERS, "far", nonce);
    if (peer_auth_take_hello(&a, line) == 0)
        require(peer_name_is_valid(peer_auth_other(&a)) &&
                strcmp(peer_auth_other(&a), "far") != 0);
    else
        require(peer_auth_other(&a)[0] == '\0');
    peer_auth_set_secret(&a, "correct-horse-battery");
    require(peer_auth_take_proof(&a, line) < 0);
    require(peer_auth_open(&a, line, length, &text) == -EBADMSG);
}

static void
check_leases(struct json_object *result)
{
    static struct peers_lease leases[PEER_LEASES_MAX];
    size_t n = LEAST_SANE, i;

    if (peer_proto_read_leases(result, "10.9.0.1", leases, &n) < 0) {
        require(n == LEAST_SANE);
        return;
    }
    require(n <= PEER_LEASES_MAX);
    for (i = 0; i < n; i++) {
        require(strlen(leases[i].token) == LEASE_TOKEN_SIZE - 1);
        require(peer_volume_is_valid(leases[i].volume));
        require(leases[i].port > 0);
    }
}

static void
check_ping(struct json_object *result)
{
    static struct peer_recalls recalls;
    struct peers_status status = { .lend_max_kib = LEAST_SANE };
    size_t i;

    recalls.n = 0;
    if (peer_proto_read_ping(result, &status, &recalls) < 0) {
        require(status.lend_max_kib == LEAST_SANE && recalls.n == 0);
        return;
    }
    require(recalls.n <= PEER_LEASES_MAX && status.n_recalls == recalls.n);
    for (i = 0; i < recalls.n; i++)
        require(peer_volume_is_valid(recalls.list[i].volume));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cleanup_free char *line = malloc(size + 1);
    char sentence[PEERS_ERROR_SIZE];
    struct response response;
    uint64_t id;

    memcpy(line, data, size);
    line[size] = '\0';
    try_handshake(line, size);
    if (response_read(line, size, &id, &response) < 0)
        return 0;
    if (response.result) {
        check_leases(response.result);
        check_ping(response.result);
    } else {
        require(peer_proto_read_error(response.error, sentence) < 0);
        require(strlen(sentence) < sizeof(sentence));
    }
    response_done(&response);
    return 0;
}
