/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samples of guests' memory to text and back. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "proto/sample.h"
#include "util/parse.h"
#include "util/text.h"

/* Nothing that a 52-bit physical address can name is larger. */
#define KIB_MAX (UINT64_C(1) << 42)
/* The one above is SAMPLE_UNKNOWN. */
#define COUNT_MAX (UINT64_MAX - 1)

#define SWAP_KEY "swap"

static const struct field {
    const char *key;
    size_t offset;
    uint64_t min;
    uint64_t max;
} fields[] = {
    { "seq", offsetof(struct sample, sequence), 1, COUNT_MAX },
    { "up", offsetof(struct sample, uptime_ms), 0, COUNT_MAX },
    { "total", offsetof(struct sample, total_kib), 0, KIB_MAX },
    { "available", offsetof(struct sample, available_kib), 0, KIB_MAX },
    { "cache", offsetof(struct sample, cache_kib), 0, KIB_MAX },
    { "anon", offsetof(struct sample, anon_kib), 0, KIB_MAX },
    { "swap-total", offsetof(struct sample, swap_total_kib), 0, KIB_MAX },
    { "swap-free", offsetof(struct sample, swap_free_kib), 0, KIB_MAX },
    { "swap-in", offsetof(struct sample, swap_in_pages), 0, COUNT_MAX },
    { "swap-out", offsetof(struct sample, swap_out_pages), 0, COUNT_MAX },
    { "refault-anon", offsetof(struct sample, refault_anon_pages), 0,
      COUNT_MAX },
    { "refault-file", offsetof(struct sample, refault_file_pages), 0,
      COUNT_MAX },
    { "major-faults", offsetof(struct sample, major_faults), 0, COUNT_MAX },
    { "scanned", offsetof(struct sample, scanned_pages), 0, COUNT_MAX },
    { "stall-some", offsetof(struct sample, stall_some_us), 0, COUNT_MAX },
    { "stall-full", offsetof(struct sample, stall_full_us), 0, COUNT_MAX },
};
#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))
/* seq and up: without them it says nothing */
#define REQUIRED 0x3u

static uint64_t *
value_of(struct sample *s, const struct field *field)
{
    return (uint64_t *)(void *)((char *)s + field->offset);
}

void
sample_init(struct sample *s)
{
    *s = (struct sample){ 0 };
    for (size_t i = 0; i < N_FIELDS; i++)
        *value_of(s, &fields[i]) = SAMPLE_UNKNOWN;
    s->sequence = 0;
    s->uptime_ms = 0;
}

bool
sample_name_is_good(const char *name, size_t length)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz"
                               "0123456789._+-";

    for (size_t i = 0; i < length; i++)
        if (name[i] == '\0' || !strchr(good, name[i]))
            return false;
    return length > 0 && length < SAMPLE_SWAP_NAME_SIZE;
}

void
sample_format(const struct sample *s, char ret_text[SAMPLE_TEXT_SIZE])
{
    struct sample copy = *s;

    snprintf(ret_text, SAMPLE_TEXT_SIZE, "%d", SAMPLE_VERSION);
    for (size_t i = 0; i < N_FIELDS; i++) {
        uint64_t value = *value_of(&copy, &fields[i]);

        if (value != SAMPLE_UNKNOWN)
            text_append(ret_text, SAMPLE_TEXT_SIZE, " %s=%" PRIu64,
                        fields[i].key, value);
    }
    for (size_t i = 0; i < SAMPLE_SWAPS && s->swaps[i].name[0]; i++)
        text_append(ret_text, SAMPLE_TEXT_SIZE,
                    " " SWAP_KEY "=%s:%" PRIu64 ":%" PRIu64, s->swaps[i].name,
                    s->swaps[i].size_kib, s->swaps[i].used_kib);
}

/* A piece of the line. */
struct word {
    const char *text;
    size_t length;
};

/* Cuts off what is before the first separator, which goes, too; false if
 * there is no separator: then it is all of rest, of which nothing is left. */
static bool
cut(struct word *rest, char separator, struct word *ret)
{
    const char *at = memchr(rest->text, separator, rest->length);

    *ret = *rest;
    if (!at) {
        rest->text += rest->length;
        rest->length = 0;
        return false;
    }
    ret->length = (size_t)(at - rest->text);
    rest->text += ret->length + 1;
    rest->length -= ret->length + 1;
    return true;
}

static bool
is_word(const struct word *word, const char *text)
{
    return word->length == strlen(text) &&
           memcmp(word->text, text, word->length) == 0;
}

/* Only what prints, no blanks. */
static bool
is_clean(const struct word *word)
{
    for (size_t i = 0; i < word->length; i++)
        if (word->text[i] <= ' ' || word->text[i] > '~')
            return false;
    return word->length > 0;
}

/* name:size:used */
static int
take_swap(struct sample *s, struct word value)
{
    struct word name, size;
    struct sample_swap swap = { "", 0, 0 };
    size_t i = 0;
    int r;

    if (!cut(&value, ':', &name) || !cut(&value, ':', &size) ||
        !sample_name_is_good(name.text, name.length))
        return -EINVAL;
    while (i < SAMPLE_SWAPS && s->swaps[i].name[0])
        i++;
    if (i == SAMPLE_SWAPS)
        return -ERANGE;
    memcpy(swap.name, name.text, name.length);
    r = parse_u64_n(size.text, size.length, 0, KIB_MAX, &swap.size_kib);
    if (r == 0)
        r = parse_u64_n(value.text, value.length, 0, KIB_MAX, &swap.used_kib);
    if (r == 0)
        s->swaps[i] = swap;
    return r;
}

static int
take_field(struct sample *s, const struct word *key, const struct word *value,
           uint32_t *seen)
{
    size_t i = 0;

    while (i < N_FIELDS && !is_word(key, fields[i].key))
        i++;
    if (i == N_FIELDS)
        return 0; /* of a later release of this version */
    if (*seen & 1u << i)
        return -EINVAL;
    *seen |= 1u << i;
    return parse_u64_n(value->text, value->length, fields[i].min, fields[i].max,
                       value_of(s, &fields[i]));
}

static int
take_word(struct sample *s, struct word word, uint32_t *seen)
{
    struct word key;

    if (!is_clean(&word) || !cut(&word, '=', &key) || key.length == 0)
        return -EINVAL;
    if (is_word(&key, SWAP_KEY))
        return take_swap(s, word);
    return take_field(s, &key, &word, seen);
}

static int
check_version(const struct word *word)
{
    uint64_t version;
    int r = parse_u64_n(word->text, word->length, 1, UINT32_MAX, &version);

    if (r < 0)
        return r;
    return version == SAMPLE_VERSION ? 0 : -EPROTONOSUPPORT;
}

int
sample_parse(const char *text, size_t length, struct sample *ret)
{
    struct word rest = { text, length };
    struct word word;
    struct sample s;
    uint32_t seen = 0;
    bool is_more;
    int r;

    if (length >= SAMPLE_TEXT_SIZE)
        return -E2BIG;
    sample_init(&s);
    is_more = cut(&rest, ' ', &word);
    r = check_version(&word);
    while (r == 0 && is_more) {
        is_more = cut(&rest, ' ', &word);
        r = take_word(&s, word, &seen);
    }
    if (r == 0 && (seen & REQUIRED) != REQUIRED)
        r = -EINVAL;
    if (r == 0)
        *ret = s;
    return r;
}

const char *
sample_error(int error)
{
    switch (error) {
    case -EPROTONOSUPPORT:
        return "of a newer version";
    case -E2BIG:
        return "too long";
    case -ERANGE:
        return "no sample: a number in it cannot be";
    default:
        return "no sample";
    }
}
