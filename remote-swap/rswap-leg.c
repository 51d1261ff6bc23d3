/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of legs, and which of them may stand together. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "rswap-leg.h"
#include "util/parse.h"
#include "util/text.h"

#define NBD_PREFIX  "nbd:"
#define FILE_PREFIX "file:"

static int
copy(char *to, size_t size, const char *from, size_t length)
{
    if (length == 0 || length >= size)
        return -EINVAL;
    memcpy(to, from, length);
    to[length] = '\0';
    return 0;
}

/* Letters, digits, dots and dashes, or an IPv6 address with its zone. */
static bool
is_host(const char *host)
{
    for (const char *c = host; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                    "0123456789.-:%_",
                    *c))
            return false;
    return host[0] && host[0] != '-';
}

/* "HOST" or "[HOST]"; *ret_rest is behind the colon that follows. */
static int
parse_host(const char *text, struct rswap_leg *leg, const char **ret_rest)
{
    bool has_brackets = text[0] == '[';
    size_t length;
    int r;

    text += has_brackets;
    length = strcspn(text, has_brackets ? "]" : ":");
    r = copy(leg->host, sizeof(leg->host), text, length);
    text += length;
    if (has_brackets)
        text += *text == ']';
    if (r < 0 || *text != ':' || !is_host(leg->host))
        return -EINVAL;
    *ret_rest = text + 1;
    return 0;
}

static int
parse_nbd(const char *text, struct rswap_leg *leg)
{
    const char *rest = NULL;
    uint64_t port = 0;
    size_t length;
    int r = parse_host(text, leg, &rest);

    if (r < 0)
        return r;
    length = strcspn(rest, ":");
    if (parse_u64_n(rest, length, 1, UINT16_MAX, &port) < 0)
        return -EINVAL;
    leg->port = (uint16_t)port;
    if (rest[length] == '\0')
        return 0;
    rest += length + 1;
    if (!text_is_printable(rest))
        return -EINVAL;
    return copy(leg->export_name, sizeof(leg->export_name), rest, strlen(rest));
}

/* Everything is done below the directory: it has to be the same for all. */
static int
parse_file(const char *text, struct rswap_leg *leg)
{
    size_t length = strlen(text);

    if (text[0] != '/' || !text_is_printable(text))
        return -EINVAL;
    while (length > 1 && text[length - 1] == '/')
        length--;
    return copy(leg->directory, sizeof(leg->directory), text, length);
}

int
rswap_leg_parse(const char *text, struct rswap_leg *ret)
{
    struct rswap_leg leg = { .kind = RSWAP_LEG_NONE };
    int r = -EINVAL;

    if (strncmp(text, NBD_PREFIX, strlen(NBD_PREFIX)) == 0) {
        leg.kind = RSWAP_LEG_NBD;
        r = parse_nbd(text + strlen(NBD_PREFIX), &leg);
    } else if (strncmp(text, FILE_PREFIX, strlen(FILE_PREFIX)) == 0) {
        leg.kind = RSWAP_LEG_FILE;
        r = parse_file(text + strlen(FILE_PREFIX), &leg);
    }
    if (r == 0)
        *ret = leg;
    return r;
}

const char *
rswap_leg_name(const struct rswap_leg *leg, char name[RSWAP_LEG_NAME_SIZE])
{
    bool has_colon = strchr(leg->host, ':') != NULL;

    if (leg->kind == RSWAP_LEG_FILE)
        snprintf(name, RSWAP_LEG_NAME_SIZE, FILE_PREFIX "%s", leg->directory);
    else
        snprintf(name, RSWAP_LEG_NAME_SIZE, NBD_PREFIX "%s%s%s:%u",
                 has_colon ? "[" : "", leg->host, has_colon ? "]" : "",
                 leg->port);
    return name;
}

bool
rswap_legs_could_stand(size_t n_nbd, size_t n_files)
{
    return n_files <= 1 && n_nbd + n_files >= RSWAP_LEGS_MIN;
}

static bool
have_same_host(const struct rswap_leg *a, const struct rswap_leg *b)
{
    return a->kind == RSWAP_LEG_NBD && b->kind == RSWAP_LEG_NBD &&
           strcasecmp(a->host, b->host) == 0;
}

const char *
rswap_legs_fault(const struct rswap_leg *legs, size_t n)
{
    size_t n_files = 0;

    for (size_t i = 0; i < n; i++) {
        n_files += legs[i].kind == RSWAP_LEG_FILE;
        for (size_t j = 0; j < i; j++)
            if (have_same_host(&legs[i], &legs[j]))
                return "two legs are on the same host, and would fail together";
    }
    if (n_files > 1)
        return "two legs are files of this host, and would fail together";
    if (!rswap_legs_could_stand(n - n_files, n_files))
        return "a volume needs two legs at least: with its only copy the "
               "guest would die";
    return NULL;
}
