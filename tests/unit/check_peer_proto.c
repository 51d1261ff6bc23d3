/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What hosts say to each other, there and back; and what they may not say. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "peer-link.h"
#include "peer-proto.h"
#include "proto/request.h"
#include "unit.h"

#define TOKEN "0123456789abcdef0123456789abcdef"

static struct lent *lent;
static struct peers_lease leases[PEER_LEASES_MAX];
static struct peer_recalls recalls;

static void
setup(void)
{
    lent = calloc(1, sizeof(*lent));
    ck_assert_ptr_nonnull(lent);
    lent->port = 10809;
    lent->lend_max_kib = 1000;
    lent->room_kib = 5000;
    lent->pool = (struct lent_pool){ .is_up = true,
                                     .memory_kib = 1000,
                                     .promised_kib = 300 };
}

static void
teardown(void)
{
    free(lent);
}

static void
lend(const char *peer, const char *volume, bool is_recalled)
{
    struct lent_lease *l = &lent->list[lent->n++];

    *l = (struct lent_lease){ .number = lent->n, .size_kib = 100 };
    snprintf(l->token, sizeof(l->token), TOKEN);
    snprintf(l->peer, sizeof(l->peer), "%s", peer);
    snprintf(l->volume, sizeof(l->volume), "%s", volume);
    if (is_recalled)
        lent_recall(l, 5000);
}

START_TEST(test_a_ping_says_what_can_be_lent_and_what_is_wanted_back)
{
    struct peers_status status = { .name = "far" };
    struct json_object *o;

    lend("near", "a", false);
    lend("near", "b", true);
    lend("other", "c", true);
    o = peer_proto_ping(lent, "near", "a-uuid", 2000);
    ck_assert_int_eq(peer_proto_read_ping(o, &status, &recalls), 0);
    ck_assert_str_eq(status.name, "far");
    ck_assert_str_eq(status.uuid, "a-uuid");
    ck_assert_uint_eq(status.lend_max_kib, 1000);
    ck_assert_uint_eq(status.lent_kib, 300);
    ck_assert_uint_eq(status.free_kib, 700);
    ck_assert_uint_eq(recalls.n, 1);
    ck_assert_str_eq(recalls.list[0].volume, "b");
    ck_assert_uint_eq(recalls.list[0].left_ms, 3000);
    json_object_put(o);
}
END_TEST

START_TEST(test_a_borrower_sees_its_own_leases)
{
    struct json_object *o;
    size_t n = 0;

    lend("near", "a", false);
    lend("other", "b", false);
    lend("near", "c", true);
    o = peer_proto_leases(lent, "near", NULL, 6000);
    ck_assert_int_eq(peer_proto_read_leases(o, "10.9.0.2", leases, &n), 0);
    json_object_put(o);
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(leases[0].volume, "a");
    ck_assert_str_eq(leases[0].token, TOKEN);
    ck_assert_str_eq(leases[0].host, "10.9.0.2");
    ck_assert_uint_eq(leases[0].port, 10809);
    ck_assert_uint_eq(leases[0].size_kib, 100);
    ck_assert(!leases[0].is_recalled);
    ck_assert_str_eq(leases[1].volume, "c");
    ck_assert(leases[1].is_recalled);
    ck_assert_uint_eq(leases[1].recall_left_ms, 0);
    o = peer_proto_leases(lent, "near", &lent->list[2], 6000);
    ck_assert_int_eq(peer_proto_read_leases(o, "10.9.0.2", leases, &n), 0);
    json_object_put(o);
    ck_assert_uint_eq(n, 1);
    ck_assert_str_eq(leases[0].volume, "c");
}
END_TEST

/* As many as one peer may have, all at their longest. */
START_TEST(test_the_longest_answers_fit_into_a_line)
{
    char volume[LEASE_VOLUME_SIZE] = "";
    struct json_object *id = json_object_new_int64(INT64_MAX);
    struct json_object *o;
    size_t length = 0;
    char *line;
    int i;

    memset(volume, 'v', sizeof(volume) - 1);
    for (i = 0; i < PEER_LEASES_MAX; i++) {
        lend("near", volume, true);
        lent->list[i].size_kib = UINT64_C(1) << 42;
        lent->list[i].recall_ms = UINT64_C(1) << 42;
    }
    o = peer_proto_leases(lent, "near", NULL, 0);
    line = response_result_line(id, o, &length);
    ck_assert_ptr_nonnull(line);
    ck_assert_uint_lt(length + PEER_AUTH_SEAL_SIZE, PEER_LINK_LINE_MAX);
    free(line);
    json_object_put(o);
    o = peer_proto_ping(lent, "near", "", 0);
    line = response_result_line(id, o, &length);
    ck_assert_ptr_nonnull(line);
    ck_assert_uint_lt(length + PEER_AUTH_SEAL_SIZE, PEER_LINK_LINE_MAX);
    free(line);
    json_object_put(o);
    json_object_put(id);
}
END_TEST

#define PING(lend_max, recalls)                                      \
 "{\"lend_max_kib\":" lend_max ",\"lent_kib\":1,\"lendable_kib\":1," \
 "\"recalls\":" recalls "}"

static const struct {
    const char *text;
    int r;
} ping_rows[] = {
    { PING("1", "[]"), 0 },
    { PING("1", "[{\"volume\":\"a\",\"recall_left_ms\":1}]"), 0 },
    { PING("-1", "[]"), -EPROTO },
    { PING("9000000000000000000", "[]"), -EPROTO },
    { PING("\"1\"", "[]"), -EPROTO },
    { PING("1", "{}"), -EPROTO },
    { PING("1", "[1]"), -EPROTO },
    { PING("1", "[{\"volume\":\"a/b\",\"recall_left_ms\":1}]"), -EPROTO },
    { PING("1", "[{\"volume\":\"a\"}]"), -EPROTO },
    { "{}", -EPROTO },
    { "[]", -EPROTO },

};

START_TEST(test_pings_are_not_believed)
{
    const char *text = ping_rows[_i].text;
    struct json_object *o = json_parse(text, strlen(text));
    struct peers_status status = { .lend_max_kib = 42 };

    ck_assert_ptr_nonnull(o);
    ck_assert_int_eq(peer_proto_read_ping(o, &status, &recalls),
                     ping_rows[_i].r);
    ck_assert_uint_eq(status.lend_max_kib, ping_rows[_i].r ? 42 : 1);
    json_object_put(o);
}
END_TEST

#define LEASE(token, port)                                               \
 "{\"leases\":[{\"volume\":\"a\",\"token\":\"" token "\",\"port\":" port \
 ",\"size_kib\":1,\"is_recalled\":false,\"recall_left_ms\":0}]}"

static const struct {
    const char *text;
    int r;
} lease_rows[] = {
    { LEASE(TOKEN, "1"), 0 },
    { LEASE(TOKEN, "65535"), 0 },
    { LEASE(TOKEN, "65536"), -EPROTO },
    { LEASE(TOKEN, "0"), -EPROTO },
    { LEASE(TOKEN "0", "1"), -EPROTO },
    { LEASE("0123456789abcdef0123456789abcde", "1"), -EPROTO },
    { LEASE("-N 3456789abcdef0123456789abcdef", "1"), -EPROTO },
    { LEASE("0123456789ABCDEF0123456789abcdef", "1"), -EPROTO },
    { "{\"leases\":[]}", 0 },
    { "{\"leases\":[{}]}", -EPROTO },
    { "{\"leases\":{}}", -EPROTO },
    { "{}", -EPROTO },
};

START_TEST(test_leases_are_not_believed)
{
    const char *text = lease_rows[_i].text;
    struct json_object *o = json_parse(text, strlen(text));
    size_t n = 42;

    ck_assert_ptr_nonnull(o);
    ck_assert_int_eq(peer_proto_read_leases(o, "h", leases, &n),
                     lease_rows[_i].r);
    if (lease_rows[_i].r < 0)
        ck_assert_uint_eq(n, 42);
    json_object_put(o);
}
END_TEST

static const struct {
    const char *text;
    int r;
    const char *says;
} error_rows[] = {
    { "{\"code\":16,\"message\":\"x\"}", -ENOENT, "x" },
    { "{\"code\":5,\"message\":\"x\"}", -ENOSPC, "x" },
    { "{\"code\":9,\"message\":\"x\"}", -EEXIST, "x" },
    { "{\"code\":-32602,\"message\":\"x\"}", -EINVAL, "x" },
    { "{\"code\":12345,\"message\":\"\\u001b[2J\"}", -EIO, "\\x1b[2J" },
    { "{}", -EIO, "" },
};

START_TEST(test_errors_are_errno_and_a_harmless_sentence)
{
    const char *text = error_rows[_i].text;
    struct json_object *o = json_parse(text, strlen(text));
    char sentence[PEERS_ERROR_SIZE];

    ck_assert_int_eq(peer_proto_read_error(o, sentence), error_rows[_i].r);
    ck_assert_str_eq(sentence, error_rows[_i].says);
    json_object_put(o);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests,
                   test_a_ping_says_what_can_be_lent_and_what_is_wanted_back);
    tcase_add_test(tests, test_a_borrower_sees_its_own_leases);
    tcase_add_test(tests, test_the_longest_answers_fit_into_a_line);
    UNIT_ADD_ROWS(tests, test_pings_are_not_believed, ping_rows);
    UNIT_ADD_ROWS(tests, test_leases_are_not_believed, lease_rows);
    UNIT_ADD_ROWS(tests, test_errors_are_errno_and_a_harmless_sentence,
                  error_rows);
}

int
main(void)
{
    return unit_run("peer_proto", add);
}
