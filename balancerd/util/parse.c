/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Digits, sizes, durations and uuids, written out so that nothing slips by. */
#include <config.h>

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "util/parse.h"
#include "util/text.h"
#include "util/units.h"

/* What of a wrong value is repeated in an error. */
#define GOT_SIZE 80

struct suffix {
    const char *name;
    uint64_t factor;
};

static const struct suffix size_suffixes[] = {
    { "", 1 },           { "b", 1 },           { "bytes", 1 },
    { "k", 1ull << 10 }, { "kb", 1ull << 10 }, { "kib", 1ull << 10 },
    { "m", 1ull << 20 }, { "mb", 1ull << 20 }, { "mib", 1ull << 20 },
    { "g", 1ull << 30 }, { "gb", 1ull << 30 }, { "gib", 1ull << 30 },
    { "t", 1ull << 40 }, { "tb", 1ull << 40 }, { "tib", 1ull << 40 },
    { NULL, 0 },
};

static const struct suffix duration_suffixes[] = {
    { "", 1000 },
    { "ms", 1 },
    { "s", 1000 },
    { "m", 60ull * 1000 },
    { "h", 3600ull * 1000 },
    { "d", 86400ull * 1000 },
    { NULL, 0 },
};

/* The digits at the start of text; *ret_used is how many there are. */
static int
read_digits(const char *text, size_t length, size_t *ret_used, uint64_t *ret)
{
    bool is_too_big = false;
    uint64_t value = 0;
    size_t i;

    for (i = 0; i < length && text[i] >= '0' && text[i] <= '9'; i++) {
        unsigned digit = (unsigned)(text[i] - '0');

        is_too_big |= value > (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    *ret_used = i;
    if (i == 0)
        return -EINVAL;
    *ret = is_too_big ? UINT64_MAX : value;
    return is_too_big ? -ERANGE : 0;
}

int
parse_u64_n(const char *text, size_t length, uint64_t min, uint64_t max,
            uint64_t *ret)
{
    uint64_t value = 0;
    size_t used;
    int r;

    if (!text)
        return -EINVAL;
    r = read_digits(text, length, &used, &value);
    if (r == -EINVAL || used != length)
        return -EINVAL;
    if (r < 0 || value < min || value > max)
        return -ERANGE;
    *ret = value;
    return 0;
}

int
parse_hex_n(const char *text, size_t length, uint32_t *ret)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t value = 0;

    if (length == 0 || length > 8)
        return -EINVAL;
    for (size_t i = 0; i < length; i++) {
        const char *digit = text[i] == '\0' ? NULL : strchr(digits, text[i]);

        if (!digit)
            return -EINVAL;
        value = value << 4 | (uint32_t)(digit - digits);
    }
    *ret = value;
    return 0;
}

int
parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *ret)
{
    return parse_u64_n(text, text ? strlen(text) : 0, min, max, ret);
}

static int
parse_suffixed(const char *text, const struct suffix *suffixes, uint64_t *ret)
{
    uint64_t value = 0;
    size_t used;
    int r;

    if (!text)
        return -EINVAL;
    r = read_digits(text, strlen(text), &used, &value);
    if (r == -EINVAL)
        return r;
    text += used;
    if (text[0] == ' ' && text[1] != '\0')
        text++;
    while (suffixes->name && strcasecmp(suffixes->name, text) != 0)
        suffixes++;
    if (!suffixes->name)
        return -EINVAL;
    if (r < 0 || value > UINT64_MAX / suffixes->factor)
        return -ERANGE;
    *ret = value * suffixes->factor;
    return 0;
}

int
parse_size_bytes(const char *text, uint64_t *ret_bytes)
{
    return parse_suffixed(text, size_suffixes, ret_bytes);
}

int
parse_size_kib(const char *text, uint64_t *ret_kib)
{
    uint64_t bytes;
    int r;

    r = parse_size_bytes(text, &bytes);
    if (r < 0)
        return r;
    *ret_kib = bytes / BYTES_PER_KIB + (bytes % BYTES_PER_KIB != 0);
    return 0;
}

int
parse_kib(const char *text, uint64_t *ret_kib)
{
    int r = parse_u64(text, 0, UINT64_MAX / BYTES_PER_KIB + 1, ret_kib);

    return r == -EINVAL ? parse_size_kib(text, ret_kib) : r;
}

int
parse_duration_ms(const char *text, uint64_t *ret_ms)
{
    return parse_suffixed(text, duration_suffixes, ret_ms);
}

/* The digits behind a point, as thousandths; 0 or -EINVAL. */
static int
read_thousandths(const char *text, uint64_t *ret)
{
    size_t used;
    uint64_t ignored, value = 0, unit = 1000;

    if (read_digits(text, strlen(text), &used, &ignored) == -EINVAL ||
        text[used] != '\0')
        return -EINVAL;
    for (size_t i = 0; i < used; i++) {
        unit /= 10;
        value += unit * (uint64_t)(text[i] - '0');
    }
    *ret = value;
    return 0;
}

int
parse_permille(const char *text, uint32_t *ret_permille)
{
    size_t length = text ? strcspn(text, ".") : 0;
    uint64_t whole, part = 0;
    int r = parse_u64_n(text, length, 0, UINT32_MAX / 1000 - 1, &whole);

    if (r != -EINVAL && text[length] == '.' &&
        read_thousandths(text + length + 1, &part) < 0)
        return -EINVAL;
    if (r < 0)
        return r;
    *ret_permille = (uint32_t)(whole * 1000 + part);
    return 0;
}

int
parse_bool(const char *text, bool *ret)
{
    static const char *const words[] = { "no",  "false", "off", "0",
                                         "yes", "true",  "on",  "1" };
    size_t i;

    for (i = 0; text && i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasecmp(text, words[i]) == 0) {
            *ret = i >= 4;
            return 0;
        }
    return -EINVAL;
}

static bool
is_dash_place(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

int
parse_uuid(const char *text, char ret_uuid[PARSE_UUID_SIZE])
{
    char uuid[PARSE_UUID_SIZE];
    size_t i;

    if (!text || strnlen(text, PARSE_UUID_SIZE) != PARSE_UUID_SIZE - 1)
        return -EINVAL;
    for (i = 0; i < PARSE_UUID_SIZE - 1; i++) {
        unsigned char c = (unsigned char)text[i];

        if (is_dash_place(i) ? c != '-' : !isxdigit(c))
            return -EINVAL;
        uuid[i] = (char)tolower(c);
    }
    uuid[i] = '\0';
    memcpy(ret_uuid, uuid, sizeof(uuid));
    return 0;
}

static void
field_error(char error[PARSE_ERROR_SIZE], const char *field,
            const char *expected, const char *got)
{
    char printable[GOT_SIZE];

    text_escape(printable, sizeof(printable), got ? got : "");
    snprintf(error, PARSE_ERROR_SIZE,
             "Failed to parse field '%s': expecting %s, got '%s'", field,
             expected, printable);
}

void
parse_size_error(char error[PARSE_ERROR_SIZE], const char *field,
                 const char *got)
{
    field_error(error, field,
                "an integer (possibly with suffix KiB, MiB, GiB, TiB)", got);
}

void
parse_duration_error(char error[PARSE_ERROR_SIZE], const char *field,
                     const char *got)
{
    field_error(error, field, "a time (possibly with suffix ms, s, m, h, d)",
                got);
}

void
parse_u64_error(char error[PARSE_ERROR_SIZE], const char *field,
                const char *got)
{
    field_error(error, field, "an integer", got);
}
