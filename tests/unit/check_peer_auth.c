/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two hosts prove who they are; nobody else can, and no line is believed
 * twice. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "peer-auth.h"
#include "unit.h"

#define SECRET "correct-horse-battery"

static const uint8_t nonce_a[PEER_AUTH_NONCE] = { 1, 2, 3 };
static const uint8_t nonce_b[PEER_AUTH_NONCE] = { 4, 5, 6 };

struct pair {
    struct peer_auth asks;
    struct peer_auth answers;
};

/* Both have said hello. */
static void
meet(struct pair *p, const char *secret_a, const char *secret_b)
{
    char line[PEER_AUTH_LINE_SIZE];

    peer_auth_init(&p->asks, PEER_ASKS, "near", nonce_a);
    peer_auth_init(&p->answers, PEER_ANSWERS, "far", nonce_b);
    peer_auth_hello(&p->asks, line);
    ck_assert_int_eq(peer_auth_take_hello(&p->answers, line), 0);
    peer_auth_hello(&p->answers, line);
    ck_assert_int_eq(peer_auth_take_hello(&p->asks, line), 0);
    peer_auth_set_secret(&p->asks, secret_a);
    peer_auth_set_secret(&p->answers, secret_b);
}

static int
prove(const struct peer_auth *from, const struct peer_auth *to)
{
    char line[PEER_AUTH_LINE_SIZE];

    peer_auth_proof(from, line);
    return peer_auth_take_proof(to, line);
}

START_TEST(test_peers_with_one_secret_know_each_other)
{
    struct pair p;

    meet(&p, SECRET, SECRET);
    ck_assert_str_eq(peer_auth_other(&p.asks), "far");
    ck_assert_str_eq(peer_auth_other(&p.answers), "near");
    ck_assert_int_eq(prove(&p.asks, &p.answers), 0);
    ck_assert_int_eq(prove(&p.answers, &p.asks), 0);
}
END_TEST

START_TEST(test_peers_with_two_secrets_do_not)
{
    struct pair p;

    meet(&p, SECRET, SECRET "x");
    ck_assert_int_eq(prove(&p.asks, &p.answers), -EACCES);
    ck_assert_int_eq(prove(&p.answers, &p.asks), -EACCES);
}
END_TEST

/* By another implementation: "proof asks" in 32 bytes, two names in 48 each,
 * two nonces. */
#define PROOF_OF_NEAR               \
 "c37aff4b725137aa17af0fb1a5fbc07b" \
 "540020cf6cd0d5f79a9a1a280619312f"

START_TEST(test_a_proof_is_hmac_sha256_of_what_both_said)
{
    char line[PEER_AUTH_LINE_SIZE];
    struct pair p;

    meet(&p, SECRET, SECRET);
    peer_auth_proof(&p.asks, line);
    ck_assert_str_eq(line, "proof " PROOF_OF_NEAR);
}
END_TEST

START_TEST(test_a_proof_cannot_be_sent_back)
{
    char line[PEER_AUTH_LINE_SIZE];
    struct pair p;

    meet(&p, SECRET, SECRET);
    peer_auth_proof(&p.asks, line);
    ck_assert_int_eq(peer_auth_take_proof(&p.asks, line), -EACCES);
}
END_TEST

START_TEST(test_a_proof_is_worth_nothing_with_another_nonce)
{
    char old[PEER_AUTH_LINE_SIZE];
    struct pair p;

    meet(&p, SECRET, SECRET);
    peer_auth_proof(&p.asks, old);
    p.answers.nonces[PEER_ANSWERS][0]++;
    ck_assert_int_eq(peer_auth_take_proof(&p.answers, old), -EACCES);
}
END_TEST

static const char digits[] =
    "0102030000000000000000000000000000000000000000000000000000000000";

static const struct {
    const char *before; /* the digits */
    const char *after;
    int r;
} hello_rows[] = {
    { "balancer-peer 1 near ", "", 0 },
    { "balancer-peer 2 near ", "", -EPROTONOSUPPORT },
    { "balancer-peer 2 what ever", "", -EPROTONOSUPPORT },
    { "balancer-peer 1 far ", "", -ELOOP },
    { "balancer-peer 1 near ", "0", -EPROTO },
    { "balancer-peer 1 near ", " ", -EPROTO },
    { "balancer-peer 1 near  ", "", -EPROTO },
    { "balancer-peer 1 ne/r ", "", -EPROTO },
    { "balancer-peer 1 -near ", "", -EPROTO },
    { "balancer-peer 1 ", "", -EPROTO },
    { "balancer-peer 01x near ", "", -EPROTO },
    { "balancer-peer  1 near ", "", -EPROTO },
    { "GET / ", "", -EPROTO },
    { "", "", -EPROTO },
};

START_TEST(test_a_hello_is_taken_strictly)
{
    struct peer_auth a;
    char line[PEER_AUTH_LINE_SIZE];

    peer_auth_init(&a, PEER_ANSWERS, "far", nonce_b);
    snprintf(line, sizeof(line), "%s%s%s", hello_rows[_i].before, digits,
             hello_rows[_i].after);
    ck_assert_int_eq(peer_auth_take_hello(&a, line), hello_rows[_i].r);
    ck_assert_str_eq(peer_auth_other(&a), hello_rows[_i].r ? "" : "near");
}
END_TEST

START_TEST(test_a_name_that_is_too_long_is_no_name)
{
    struct peer_auth a;
    char line[PEER_AUTH_LINE_SIZE];

    peer_auth_init(&a, PEER_ANSWERS, "far", nonce_b);
    snprintf(line, sizeof(line), "balancer-peer 1 %048d %s", 1, digits);
    ck_assert_int_eq(peer_auth_take_hello(&a, line), -EPROTO);
}
END_TEST

/* --- lines ---------------------------------------------------------------- */

static void
seal(struct peer_auth *a, const char *text, char line[256])
{
    char mark[PEER_AUTH_SEAL_SIZE];

    peer_auth_seal(a, text, strlen(text), mark);
    snprintf(line, 256, "%s%s", mark, text);
}

static int
open_line(struct peer_auth *a, const char *line)
{
    const char *text;

    return peer_auth_open(a, line, strlen(line), &text);
}

START_TEST(test_lines_arrive_in_order)
{
    char one[256], two[256];
    const char *text = NULL;
    struct pair p;

    meet(&p, SECRET, SECRET);
    seal(&p.asks, "{}", one);
    seal(&p.asks, "{}", two);
    ck_assert_str_ne(one, two);
    ck_assert_int_eq(peer_auth_open(&p.answers, one, strlen(one), &text), 0);
    ck_assert_str_eq(text, "{}");
    ck_assert_int_eq(open_line(&p.answers, two), 0);
    seal(&p.answers, "back", one);
    ck_assert_int_eq(open_line(&p.asks, one), 0);
}
END_TEST

START_TEST(test_a_line_is_not_believed_twice)
{
    char one[256];
    struct pair p;

    meet(&p, SECRET, SECRET);
    seal(&p.asks, "{}", one);
    ck_assert_int_eq(open_line(&p.answers, one), 0);
    ck_assert_int_eq(open_line(&p.answers, one), -EBADMSG);
}
END_TEST

START_TEST(test_a_line_that_is_left_out_is_missed)
{
    char one[256];
    struct pair p;

    meet(&p, SECRET, SECRET);
    seal(&p.asks, "first", one);
    seal(&p.asks, "second", one);
    ck_assert_int_eq(open_line(&p.answers, one), -EBADMSG);
}
END_TEST

START_TEST(test_a_line_cannot_be_sent_back)
{
    char one[256];
    struct pair p;

    meet(&p, SECRET, SECRET);
    seal(&p.asks, "{}", one);
    ck_assert_int_eq(open_line(&p.asks, one), -EBADMSG);
}
END_TEST

START_TEST(test_every_changed_character_is_seen)
{
    char one[256];
    size_t i;

    for (i = 0; i < PEER_AUTH_DIGITS + 3; i++) {
        struct pair p;

        meet(&p, SECRET, SECRET);
        seal(&p.asks, "ab", one);
        one[i] = one[i] == 'b' ? 'a' : 'b';
        ck_assert_int_eq(open_line(&p.answers, one), -EBADMSG);
    }
}
END_TEST

START_TEST(test_a_short_line_has_no_seal)
{
    char one[256];
    size_t length;

    for (length = 0; length < PEER_AUTH_SEAL_SIZE; length++) {
        const char *text;
        struct pair p;

        meet(&p, SECRET, SECRET);
        seal(&p.asks, "a", one);
        ck_assert_int_eq(peer_auth_open(&p.answers, one, length, &text),
                         -EBADMSG);
    }
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_test(tests, test_peers_with_one_secret_know_each_other);
    tcase_add_test(tests, test_peers_with_two_secrets_do_not);
    tcase_add_test(tests, test_a_proof_is_hmac_sha256_of_what_both_said);
    tcase_add_test(tests, test_a_proof_cannot_be_sent_back);
    tcase_add_test(tests, test_a_proof_is_worth_nothing_with_another_nonce);
    tcase_add_test(tests, test_a_name_that_is_too_long_is_no_name);
    tcase_add_test(tests, test_lines_arrive_in_order);
    tcase_add_test(tests, test_a_line_is_not_believed_twice);
    tcase_add_test(tests, test_a_line_that_is_left_out_is_missed);
    tcase_add_test(tests, test_a_line_cannot_be_sent_back);
    tcase_add_test(tests, test_every_changed_character_is_seen);
    tcase_add_test(tests, test_a_short_line_has_no_seal);
    UNIT_ADD_ROWS(tests, test_a_hello_is_taken_strictly, hello_rows);
}

int
main(void)
{
    return unit_run("peer_auth", add);
}
