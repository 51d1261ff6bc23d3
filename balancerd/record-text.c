/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields to words and back. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "record-text.h"
#include "util/parse.h"

#define VALUE_SIZE   512
#define UNSET        "-"
#define PLAIN_LETTER "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define PLAIN        PLAIN_LETTER "0123456789._-+:/@,"
#define HEX          "0123456789ABCDEF"

void
record_escape(const char *from, char *text, size_t size)
{
    size_t n = 0;

    for (; *from && n + 4 < size; from++) {
        unsigned char c = (unsigned char)*from;

        if (strchr(PLAIN, c)) {
            text[n++] = (char)c;
            continue;
        }
        text[n++] = '%';
        text[n++] = HEX[c >> 4];
        text[n++] = HEX[c & 15];
    }
    text[n] = '\0';
}

static int
hex_digit(char c)
{
    const char *place = c ? strchr(HEX, c) : NULL;

    return place ? (int)(place - HEX) : -1;
}

int
record_unescape(const char *from, char *ret, size_t size)
{
    size_t n = 0;

    for (; *from; from++) {
        int c = (unsigned char)*from;

        if (n + 1 >= size)
            return -EINVAL;
        if (c == '%') {
            int high = hex_digit(from[1]);
            int low = high < 0 ? -1 : hex_digit(from[2]);

            if (high < 0 || low < 0 || high + low == 0)
                return -EINVAL;
            c = high << 4 | low;
            from += 2;
        } else if (!strchr(PLAIN, c)) {
            return -EINVAL;
        }
        ret[n++] = (char)c;
    }
    ret[n] = '\0';
    return 0;
}

static void
format(const struct record_field *f, const void *object, char text[VALUE_SIZE])
{
    const void *p = (const char *)object + f->offset;

    switch (f->kind) {
    case RECORD_U64:
        if (*(const uint64_t *)p == UINT64_MAX)
            snprintf(text, VALUE_SIZE, UNSET);
        else
            snprintf(text, VALUE_SIZE, "%" PRIu64, *(const uint64_t *)p);
        return;
    case RECORD_U32:
    case RECORD_ENUM:
        snprintf(text, VALUE_SIZE, "%" PRIu32, *(const uint32_t *)p);
        return;
    case RECORD_I64:
        snprintf(text, VALUE_SIZE, "%" PRId64, *(const int64_t *)p);
        return;
    case RECORD_BOOL:
        snprintf(text, VALUE_SIZE, "%d", *(const bool *)p);
        return;
    case RECORD_TEXT:
        record_escape(p, text, VALUE_SIZE);
        return;
    }
}

static bool
is_same(const struct record_field *f, const void *a, const void *b)
{
    const char *left = (const char *)a + f->offset;
    const char *right = (const char *)b + f->offset;

    if (f->kind == RECORD_TEXT)
        return strncmp(left, right, f->size) == 0;
    return memcmp(left, right, f->size) == 0;
}

/* " name=value"; how long that is. */
static size_t
write_word(const struct record_field *f, const void *object, char *text,
           size_t size)
{
    char value[VALUE_SIZE];
    int length;

    format(f, object, value);
    length = snprintf(text, size, " %s=%s", f->name, value);
    return length > 0 && (size_t)length < size ? (size_t)length : 0;
}

size_t
record_write(const struct record_table *t, const void *base, const void *now,
             char text[RECORD_LINE_SIZE])
{
    size_t length = strlen(text), n = 0;

    for (size_t i = 0; i < t->n; i++) {
        if (is_same(&t->fields[i], base, now))
            continue;
        length += write_word(&t->fields[i], now, text + length,
                             RECORD_LINE_SIZE - length);
        n++;
    }
    return n;
}

static int
read_delta(const char *text, int64_t *ret)
{
    bool is_negative = text[0] == '-';
    uint64_t amount;
    int r = parse_u64(text + is_negative, 0, INT64_MAX, &amount);

    if (r == 0)
        *ret = is_negative ? -(int64_t)amount : (int64_t)amount;
    return r;
}

static int
read_u32(const char *text, uint32_t *ret)
{
    uint64_t number;
    int r = parse_u64(text, 0, UINT32_MAX, &number);

    if (r == 0)
        *ret = (uint32_t)number;
    return r;
}

static int
read_bool(const char *text, bool *ret)
{
    uint64_t number;
    int r = parse_u64(text, 0, 1, &number);

    if (r == 0)
        *ret = number == 1;
    return r;
}

static int
parse(const struct record_field *f, const char *text, void *object)
{
    void *p = (char *)object + f->offset;

    switch (f->kind) {
    case RECORD_U64:
        if (strcmp(text, UNSET) != 0)
            return parse_u64(text, 0, UINT64_MAX, p);
        *(uint64_t *)p = UINT64_MAX;
        return 0;
    case RECORD_U32:
        return read_u32(text, p);
    case RECORD_ENUM: /* none has more */
        return strlen(text) < 3 ? read_u32(text, p) : -EINVAL;
    case RECORD_I64:
        return read_delta(text, p);
    case RECORD_BOOL:
        return read_bool(text, p);
    case RECORD_TEXT:
        return record_unescape(text, p, f->size);
    }
    return -EINVAL;
}

int
record_set(const struct record_table *t, const char *name, const char *value,
           void *ret)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->fields[i].name, name) == 0)
            return parse(&t->fields[i], value, ret);
    return -EINVAL;
}

char *
record_word(char **text)
{
    char *word = *text + strspn(*text, " ");
    char *end = word + strcspn(word, " ");

    if (word == end)
        return NULL;
    *text = end;
    if (*end)
        *(*text)++ = '\0';
    return word;
}

int
record_read(const struct record_table *t, const char *text, void *ret)
{
    char line[RECORD_LINE_SIZE];
    char *rest = line, *word;
    int r = 0;

    if (strlen(text) >= sizeof(line))
        return -EINVAL;
    memcpy(line, text, strlen(text) + 1);
    while (r == 0 && (word = record_word(&rest))) {
        char *value = strchr(word, '=');

        if (!value)
            return -EINVAL;
        *value++ = '\0';
        r = record_set(t, word, value, ret);
    }
    return r < 0 ? -EINVAL : 0;
}
