/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How two hosts know each other: both prove that they know their common secret,
 * without showing it, and sign every line from then on.
 *
 *     asks    -> balancer-peer 1 NAME NONCE
 *     answers -> balancer-peer 1 NAME NONCE
 *     asks    -> proof HMAC(secret, "asks", both names and nonces)
 *     answers -> proof HMAC(secret, "answers", both names and nonces)
 *     both    -> HMAC(key of this side, number of the line, TEXT) TEXT
 *
 * Who asks is first to prove itself: anyone can ask, but only who is at a
 * peer's address can answer.  Fresh nonces make old proofs worthless, numbers
 * make lines so that are repeated, left out or put elsewhere.  Nothing is
 * encrypted.
 */
#ifndef PEER_AUTH_H
#define PEER_AUTH_H

#include <stddef.h>
#include <stdint.h>

#include "peer-name.h"

#define PEER_AUTH_VERSION   "1"
#define PEER_AUTH_NONCE     32 /* bytes */
#define PEER_AUTH_MAC       32 /* SHA-256's */
#define PEER_AUTH_DIGITS    (2 * PEER_AUTH_MAC)
#define PEER_AUTH_LINE_SIZE 192                    /* of the handshake */
#define PEER_AUTH_SEAL_SIZE (PEER_AUTH_DIGITS + 2) /* a blank, and a NUL */

enum peer_side {
    PEER_ASKS,
    PEER_ANSWERS
};
#define PEER_SIDES 2

struct peer_auth {
    enum peer_side side; /* ours */
    char names[PEER_SIDES][PEER_NAME_SIZE];
    uint8_t nonces[PEER_SIDES][PEER_AUTH_NONCE];
    char secret[PEER_SECRET_SIZE];
    uint8_t keys[PEER_SIDES][PEER_AUTH_MAC];
    uint64_t lines[PEER_SIDES]; /* that each has signed */
};

/* The nonce is random. */
void peer_auth_init(struct peer_auth *a, enum peer_side side, const char *name,
                    const uint8_t nonce[PEER_AUTH_NONCE]);

/* The lines of the handshake, without newlines; what is taken may be anything.
 * -EPROTO: no such line, -EPROTONOSUPPORT: another version, -ELOOP: it is who
 * we are; else 0. */
void peer_auth_hello(const struct peer_auth *a, char line[PEER_AUTH_LINE_SIZE]);
int peer_auth_take_hello(struct peer_auth *a, const char *untrusted_line);
/* The other's name, once its hello is taken. */
const char *peer_auth_other(const struct peer_auth *a);
/* Of it, before the first proof. */
void peer_auth_set_secret(struct peer_auth *a, const char *secret);
void peer_auth_proof(const struct peer_auth *a, char line[PEER_AUTH_LINE_SIZE]);
/* -EACCES: it does not know the secret. */
int peer_auth_take_proof(const struct peer_auth *a, const char *untrusted_line);

/* What goes before a text of ours, which is the next one. */
void peer_auth_seal(struct peer_auth *a, const char *text, size_t length,
                    char seal[PEER_AUTH_SEAL_SIZE]);
/* A signed line of the other's.  0 and its text, which is not terminated, or
 * -EBADMSG. */
int peer_auth_open(struct peer_auth *a, const char *untrusted_line,
                   size_t length, const char **ret_text);

#endif
