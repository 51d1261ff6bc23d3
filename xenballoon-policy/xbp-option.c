/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads numbers with units. */
#include <config.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/units.h"
#include "xbp-option.h"

/* Four decimals. */
#define FRACTION 10000u

struct unit {
    const char *name;
    uint64_t worth;
};

static const struct unit size_units[] = {
    /* bytes */
    { "", 1 },
    { "B", 1 },
    { "K", 1u << 10 },
    { "KB", 1u << 10 },
    { "KiB", 1u << 10 },
    { "M", 1u << 20 },
    { "MB", 1u << 20 },
    { "MiB", 1u << 20 },
    { "G", 1u << 30 },
    { "GB", 1u << 30 },
    { "GiB", 1u << 30 },
    { "T", UINT64_C(1) << 40 },
    { "TB", UINT64_C(1) << 40 },
    { "TiB", UINT64_C(1) << 40 },
    { NULL, 0 },
};

static const struct unit time_units[] = {
    /* ms */
    { "", 1000 },
    { "ms", 1 },
    { "s", 1000 },
    { "m", 60 * 1000 },
    { "h", 60 * 60 * 1000 },
    { "d", 24 * 60 * 60 * 1000 },
    { NULL, 0 },
};

static const struct unit number_units[] = {
    /* 1/10000 */
    { "", XBP_OPTION_ONE },
    { "%", XBP_OPTION_ONE / 100 },
    { NULL, 0 },
};

static const struct kind {
    const char *name;
    const struct unit *units;
    uint64_t divisor; /* of what the units are worth */
} kinds[] = {
    [XBP_OPTION_SIZE] = { "size", size_units, BYTES_PER_KIB },
    [XBP_OPTION_TIME] = { "time", time_units, 1 },
    [XBP_OPTION_NUMBER] = { "number", number_units, 1 },
};

/* Digits from *text on, times 10 for each that follows. */
static bool
take_digits(const char **text, uint64_t *value)
{
    const char *begin = *text;

    for (; **text >= '0' && **text <= '9'; (*text)++) {
        if (*value > (UINT64_MAX - 9) / 10)
            return false;
        *value = *value * 10 + (uint64_t)(**text - '0');
    }
    return *text != begin;
}

/* "1.25" becomes 12500. */
static bool
take_decimal(const char **text, uint64_t *ret)
{
    uint64_t whole = 0, fraction = 0, scale = FRACTION;
    const char *begin;

    if (!take_digits(text, &whole) || whole > UINT64_MAX / FRACTION / 2)
        return false;
    if (**text == '.') {
        begin = ++*text;
        if (!take_digits(text, &fraction) || *text - begin > 4)
            return false;
        for (; begin < *text; begin++)
            scale /= 10;
        fraction *= scale;
    }
    *ret = whole * FRACTION + fraction;
    return true;
}

static bool
parse(enum xbp_option_kind kind, const char *text, uint64_t *ret)
{
    const struct kind *k = &kinds[kind];
    const struct unit *unit = k->units;
    uint64_t decimal, value;

    if (!take_decimal(&text, &decimal))
        return false;
    while (unit->name && strcasecmp(unit->name, text) != 0)
        unit++;
    if (!unit->name)
        return false;
    value = mul_div(decimal, unit->worth, FRACTION);
    /* A broken KiB counts as a whole one. */
    *ret = value / k->divisor + (value % k->divisor != 0);
    return true;
}

static void
keep(void *ctx, const struct xbp_option *o, uint64_t value)
{
    memcpy((char *)ctx + o->offset, &value, sizeof(value));
}

void *
xbp_option_create(size_t size, const struct xbp_option *table)
{
    struct xbp_options *options = calloc(1, size);
    uint64_t value = 0;

    if (!options)
        return NULL;
    options->table = table;
    for (const struct xbp_option *o = table; o->key; o++) {
        if (parse(o->kind, o->standard, &value))
            keep(options, o, value);
    }
    return options;
}

/* As much of more as there is room for; text ends with a NUL. */
static void
append(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);
    size_t n = min_u64(strlen(more), size - used - 1);

    memcpy(text + used, more, n);
    text[used + n] = '\0';
}

static void
say_which(const struct xbp_option *table, char *error, size_t error_size)
{
    if (error_size == 0)
        return;
    error[0] = '\0';
    append(error, error_size, "there is no such option; there are: ");
    for (const struct xbp_option *o = table; o->key; o++) {
        append(error, error_size, o == table ? "" : ", ");
        append(error, error_size, o->key);
    }
}

int
xbp_option_config(void *ctx, const char *key, const char *value, char *error,
                  size_t error_size)
{
    const struct xbp_options *options = ctx;
    const struct xbp_option *o = options->table;
    uint64_t number, least = 0, most = UINT64_MAX;

    while (o->key && strcmp(o->key, key) != 0)
        o++;
    if (!o->key) {
        say_which(options->table, error, error_size);
        return -1;
    }
    if (!parse(o->kind, o->least, &least) || !parse(o->kind, o->most, &most) ||
        !parse(o->kind, value, &number) || number < least || number > most) {
        snprintf(error, error_size, "expected a %s from %s to %s, not '%.40s'",
                 kinds[o->kind].name, o->least, o->most, value);
        return -1;
    }
    keep(ctx, o, number);
    return 0;
}
