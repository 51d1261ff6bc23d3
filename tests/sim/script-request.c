/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The grammar of requests. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "script-request.h"
#include "settings.h"
#include "sim-domain.h"
#include "util/parse.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define TTL_DEFAULT_MS  600000
#define WAIT_DEFAULT_MS 60000

static const struct {
    const char *verb;
    enum request_kind kind;
    const char *operands; /* Name, Domid, Amount(s), Time, Weight */
} verbs[] = {
    { "reserve", REQUEST_RESERVE, "NA" },
    { "release", REQUEST_RELEASE, "N" },
    { "extend", REQUEST_EXTEND, "NT" },
    { "transfer", REQUEST_TRANSFER, "ND" },
    { "range", REQUEST_RANGE, "DA" },
    { "weight", REQUEST_WEIGHT, "DW" },
    { "pin", REQUEST_PIN, "DA" },
    { "unpin", REQUEST_UNPIN, "D" },
    { "swap-policy", REQUEST_SWAP_POLICY, "DN" },
    { "forget", REQUEST_FORGET, "D" },
    { "balance", REQUEST_BALANCE, "" },
    { "restart", REQUEST_RESTART, "" },
};

static const struct {
    const char *name;
    int number;
} failures[] = {
    { "EINVAL", EINVAL }, { "ENOENT", ENOENT }, { "ESRCH", ESRCH },
    { "EBUSY", EBUSY },   { "EEXIST", EEXIST }, { "ERANGE", ERANGE },
    { "ENOSPC", ENOSPC }, { "EIO", EIO },       { "EDQUOT", EDQUOT },
};

static int
parse_failure(const char *word, int *ret)
{
    for (size_t i = 0; i < LENGTH(failures); i++)
        if (strcmp(word, failures[i].name) == 0) {
            *ret = -failures[i].number;
            return 0;
        }
    return -EINVAL;
}

/* "1000" or "1000..2000". */
static int
parse_amounts(struct request *r, char *word)
{
    char *dots = strstr(word, "..");

    if (!dots) {
        int failure = parse_kib(word, &r->min_kib);

        r->max_kib = r->min_kib;
        return failure;
    }
    *dots = '\0';
    if (parse_kib(word, &r->min_kib) < 0)
        return -EINVAL;
    return parse_kib(dots + 2, &r->max_kib);
}

static int
parse_domid(const char *word, uint32_t *ret)
{
    uint64_t domid;

    if (parse_u64(word, 0, UINT32_MAX - 1, &domid) < 0)
        return -EINVAL;
    *ret = (uint32_t)domid;
    return 0;
}

static int
parse_weight(const char *word, uint32_t *ret)
{
    uint64_t weight;

    if (parse_u64(word, 1, WEIGHT_MAX, &weight) < 0)
        return -EINVAL;
    *ret = (uint32_t)weight;
    return 0;
}

static int
parse_operand(struct request *r, char kind, char *word)
{
    switch (kind) {
    case 'N':
        if (strlen(word) >= sizeof(r->name))
            return -EINVAL;
        snprintf(r->name, sizeof(r->name), "%s", word);
        return 0;
    case 'D':
        return parse_domid(word, &r->domid);
    case 'A':
        return parse_amounts(r, word);
    case 'T':
        return parse_duration_ms(word, &r->ttl_ms);
    case 'W':
        return parse_weight(word, &r->weight);
    default:
        return -EINVAL;
    }
}

/* "ttl 5s" and its like, in any order. */
static int
parse_option(struct request *r, const char *option, const char *word)
{
    if (strcmp(option, "ttl") == 0)
        return parse_duration_ms(word, &r->ttl_ms);
    if (strcmp(option, "wait") == 0)
        return parse_duration_ms(word, &r->wait_ms);
    if (strcmp(option, "overhead") == 0)
        return parse_kib(word, &r->overhead_kib);
    if (strcmp(option, "start") == 0) {
        if (parse_domid(word, &r->starts) < 0)
            return -EINVAL;
        r->domid = r->starts;
        return 0;
    }
    if (strcmp(option, "for") == 0) {
        r->is_for_next = strcmp(word, "next") == 0;
        return r->is_for_next ? 0 : parse_domid(word, &r->domid);
    }
    if (strcmp(option, "->") == 0)
        return parse_failure(word, &r->result);
    if (strcmp(option, "key") == 0 && strlen(word) < sizeof(r->key)) {
        snprintf(r->key, sizeof(r->key), "%s", word);
        return 0;
    }
    return -EINVAL;
}

static int
parse_options(struct request *r, const char *text)
{
    char option[SCRIPT_NAME_SIZE], word[SCRIPT_TEXT_SIZE];
    int n;

    while ((n = sim_next_word(&text, option, sizeof(option))) > 0) {
        if (sim_next_word(&text, word, sizeof(word)) <= 0 ||
            parse_option(r, option, word) < 0)
            return -EINVAL;
    }
    return n;
}

static int
parse_operands(struct request *r, const char *operands, const char *text)
{
    char word[SCRIPT_TEXT_SIZE];

    for (; *operands; operands++)
        if (sim_next_word(&text, word, sizeof(word)) <= 0 ||
            parse_operand(r, *operands, word) < 0)
            return -EINVAL;
    return parse_options(r, text);
}

int
request_parse(struct request *ret, const char *when, const char *text)
{
    struct request r = {
        .domid = UINT32_MAX,
        .starts = UINT32_MAX,
        .ttl_ms = TTL_DEFAULT_MS,
        .wait_ms = WAIT_DEFAULT_MS,
    };
    char verb[SCRIPT_NAME_SIZE];

    snprintf(r.text, sizeof(r.text), "%s", text);
    if (parse_duration_ms(when, &r.at_ms) < 0 ||
        sim_next_word(&text, verb, sizeof(verb)) <= 0)
        return -EINVAL;
    for (size_t i = 0; i < LENGTH(verbs); i++) {
        if (strcmp(verb, verbs[i].verb) != 0)
            continue;
        r.kind = verbs[i].kind;
        if (parse_operands(&r, verbs[i].operands, text) < 0)
            return -EINVAL;
        *ret = r;
        return 0;
    }
    return -EINVAL;
}
