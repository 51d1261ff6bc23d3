/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HMAC-SHA256 as proof and as seal. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <nettle/hmac.h>
#include <nettle/memops.h>

#include "peer-auth.h"

#define HELLO "balancer-peer "
#define PROOF "proof "

static enum peer_side
other_side(const struct peer_auth *a)
{
    return a->side == PEER_ASKS ? PEER_ANSWERS : PEER_ASKS;
}

static void
write_digits(char *to, const uint8_t *bytes, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        snprintf(to + 2 * i, 3, "%02x", bytes[i]);
}

static int
read_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
read_digits(const char *text, uint8_t *bytes, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        int high = read_digit(text[2 * i]);
        int low = high < 0 ? -1 : read_digit(text[2 * i + 1]);

        if (low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void
peer_auth_init(struct peer_auth *a, enum peer_side side, const char *name,
               const uint8_t nonce[PEER_AUTH_NONCE])
{
    *a = (struct peer_auth){ .side = side };
    snprintf(a->names[side], PEER_NAME_SIZE, "%s", name);
    memcpy(a->nonces[side], nonce, PEER_AUTH_NONCE);
}

void
peer_auth_hello(const struct peer_auth *a, char line[PEER_AUTH_LINE_SIZE])
{
    char nonce[2 * PEER_AUTH_NONCE + 1];

    write_digits(nonce, a->nonces[a->side], PEER_AUTH_NONCE);
    snprintf(line, PEER_AUTH_LINE_SIZE, HELLO PEER_AUTH_VERSION " %s %s",
             a->names[a->side], nonce);
}

/* The next word of the line, which it is cut off; NULL: there is none, or it
 * is too long. */
static const char *
take_word(const char **line, char *word, size_t size)
{
    size_t length = strcspn(*line, " ");

    if (length == 0 || length >= size)
        return NULL;
    memcpy(word, *line, length);
    word[length] = '\0';
    *line += length + ((*line)[length] == ' ');
    return word;
}

int
peer_auth_take_hello(struct peer_auth *a, const char *untrusted_line)
{
    const char *rest = untrusted_line + strlen(HELLO);
    enum peer_side side = other_side(a);
    uint8_t nonce[PEER_AUTH_NONCE];
    char name[PEER_NAME_SIZE], version[16];

    if (strncmp(untrusted_line, HELLO, strlen(HELLO)) != 0 ||
        !take_word(&rest, version, sizeof(version)) ||
        version[strspn(version, "0123456789")])
        return -EPROTO;
    if (strcmp(version, PEER_AUTH_VERSION) != 0)
        return -EPROTONOSUPPORT;
    if (!take_word(&rest, name, sizeof(name)) || !peer_name_is_valid(name) ||
        strlen(rest) != 2 * sizeof(nonce) ||
        !read_digits(rest, nonce, sizeof(nonce)))
        return -EPROTO;
    if (strcmp(name, a->names[a->side]) == 0)
        return -ELOOP;
    memcpy(a->names[side], name, sizeof(name));
    memcpy(a->nonces[side], nonce, sizeof(nonce));
    return 0;
}

const char *
peer_auth_other(const struct peer_auth *a)
{
    return a->names[other_side(a)];
}

/* Everything that the two said, each part of a length that is known. */
static void
sign_hellos(const struct peer_auth *a, const char *purpose, enum peer_side side,
            uint8_t mac[PEER_AUTH_MAC])
{
    static const char *const sides[PEER_SIDES] = { "asks", "answers" };
    char text[32] = "", names[PEER_SIDES][PEER_NAME_SIZE] = { "" };
    struct hmac_sha256_ctx ctx;

    snprintf(text, sizeof(text), "%s %s", purpose, sides[side]);
    snprintf(names[0], PEER_NAME_SIZE, "%s", a->names[0]);
    snprintf(names[1], PEER_NAME_SIZE, "%s", a->names[1]);
    hmac_sha256_set_key(&ctx, strlen(a->secret), (const uint8_t *)a->secret);
    hmac_sha256_update(&ctx, sizeof(text), (const uint8_t *)text);
    hmac_sha256_update(&ctx, sizeof(names), (const uint8_t *)names);
    hmac_sha256_update(&ctx, sizeof(a->nonces), (const uint8_t *)a->nonces);
    hmac_sha256_digest(&ctx, PEER_AUTH_MAC, mac);
}

void
peer_auth_set_secret(struct peer_auth *a, const char *secret)
{
    snprintf(a->secret, sizeof(a->secret), "%s", secret);
    sign_hellos(a, "lines", PEER_ASKS, a->keys[PEER_ASKS]);
    sign_hellos(a, "lines", PEER_ANSWERS, a->keys[PEER_ANSWERS]);
}

void
peer_auth_proof(const struct peer_auth *a, char line[PEER_AUTH_LINE_SIZE])
{
    uint8_t mac[PEER_AUTH_MAC];
    char digits[PEER_AUTH_DIGITS + 1];

    sign_hellos(a, "proof", a->side, mac);
    write_digits(digits, mac, sizeof(mac));
    snprintf(line, PEER_AUTH_LINE_SIZE, PROOF "%s", digits);
}

int
peer_auth_take_proof(const struct peer_auth *a, const char *untrusted_line)
{
    uint8_t expected[PEER_AUTH_MAC], got[PEER_AUTH_MAC];

    if (strlen(untrusted_line) != strlen(PROOF) + PEER_AUTH_DIGITS ||
        strncmp(untrusted_line, PROOF, strlen(PROOF)) != 0 ||
        !read_digits(untrusted_line + strlen(PROOF), got, sizeof(got)))
        return -EPROTO;
    sign_hellos(a, "proof", other_side(a), expected);
    return memeql_sec(got, expected, sizeof(got)) ? 0 : -EACCES;
}

static void
sign_line(struct peer_auth *a, enum peer_side side, const char *text,
          size_t length, uint8_t mac[PEER_AUTH_MAC])
{
    uint64_t number = a->lines[side]++;
    struct hmac_sha256_ctx ctx;
    uint8_t bytes[8];
    size_t i;

    for (i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    hmac_sha256_set_key(&ctx, PEER_AUTH_MAC, a->keys[side]);
    hmac_sha256_update(&ctx, sizeof(bytes), bytes);
    hmac_sha256_update(&ctx, length, (const uint8_t *)text);
    hmac_sha256_digest(&ctx, PEER_AUTH_MAC, mac);
}

void
peer_auth_seal(struct peer_auth *a, const char *text, size_t length,
               char seal[PEER_AUTH_SEAL_SIZE])
{
    uint8_t mac[PEER_AUTH_MAC];

    sign_line(a, a->side, text, length, mac);
    write_digits(seal, mac, sizeof(mac));
    snprintf(seal + PEER_AUTH_DIGITS, 2, " ");
}

int
peer_auth_open(struct peer_auth *a, const char *untrusted_line, size_t length,
               const char **ret_text)
{
    const char *text = untrusted_line + PEER_AUTH_SEAL_SIZE - 1;
    uint8_t expected[PEER_AUTH_MAC], got[PEER_AUTH_MAC];

    if (length < PEER_AUTH_SEAL_SIZE || text[-1] != ' ' ||
        !read_digits(untrusted_line, got, sizeof(got)))
        return -EBADMSG;
    length -= PEER_AUTH_SEAL_SIZE - 1;
    sign_line(a, other_side(a), text, length, expected);
    if (!memeql_sec(got, expected, sizeof(got)))
        return -EBADMSG;
    *ret_text = text;
    return 0;
}
