/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of the configuration: from text, to text, and what was expected. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "conf-value.h"
#include "metrics-listen.h"
#include "util/parse.h"
#include "util/text.h"
#include "util/units.h"

/* What of a wrong value is repeated in an error. */
#define SHOWN_SIZE 80

static const char *const level_names[] = {
    [LOG_LEVEL_ERROR] = "error",
    [LOG_LEVEL_WARN] = "warn",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_DEBUG] = "debug",
};
#define N_LEVELS (sizeof(level_names) / sizeof(level_names[0]))

static int
set_amount(const struct conf_limits *limits, uint64_t amount, void *field)
{
    if (amount < limits->min || amount > limits->max)
        return -ERANGE;
    *(uint64_t *)field = amount;
    return 0;
}

static int
parse_size(const struct conf_limits *limits, const char *value, void *field)
{
    uint64_t size_kib;
    int r;

    r = parse_size_kib(value, &size_kib);
    return r < 0 ? r : set_amount(limits, size_kib, field);
}

/* In the largest unit that loses nothing. */
static void
format_size(const void *field, char text[CONF_VALUE_SIZE])
{
    static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
    uint64_t amount = *(const uint64_t *)field;
    size_t unit = 0;

    while (amount > 0 && amount % 1024 == 0 && unit < 3) {
        amount /= 1024;
        unit++;
    }
    snprintf(text, CONF_VALUE_SIZE, "%" PRIu64 "%s", amount, units[unit]);
}

static int
parse_size_or_auto(const struct conf_limits *limits, const char *value,
                   void *field)
{
    if (strcmp(value, "auto") != 0)
        return parse_size(limits, value, field);
    *(uint64_t *)field = CONF_AUTO;
    return 0;
}

static void
format_size_or_auto(const void *field, char text[CONF_VALUE_SIZE])
{
    if (*(const uint64_t *)field == CONF_AUTO)
        snprintf(text, CONF_VALUE_SIZE, "auto");
    else
        format_size(field, text);
}

/* "none", "25%", or a size. */
static int
parse_limit(const struct conf_limits *limits, const char *value, void *field)
{
    struct default_limit *limit = field;
    size_t length = strlen(value);
    uint64_t number = HOST_UNSET;
    bool is_pct = length > 0 && value[length - 1] == '%';
    int r = 0;

    if (is_pct)
        r = parse_u64_n(value, length - 1, 1, 100, &number);
    else if (strcmp(value, "none") != 0)
        r = parse_size(limits, value, &number);
    if (r < 0)
        return is_pct ? -EINVAL : r;
    *limit = (struct default_limit){
        .kib = is_pct ? HOST_UNSET : number,
        .pct = is_pct ? (uint32_t)number : 0,
    };
    return 0;
}

static void
format_limit(const void *field, char text[CONF_VALUE_SIZE])
{
    const struct default_limit *limit = field;

    if (limit->pct > 0)
        snprintf(text, CONF_VALUE_SIZE, "%u%%", limit->pct);
    else if (limit->kib == HOST_UNSET)
        snprintf(text, CONF_VALUE_SIZE, "none");
    else
        format_size(&limit->kib, text);
}

static int
parse_time(const struct conf_limits *limits, const char *value, void *field)
{
    uint64_t time_ms;
    int r;

    r = parse_duration_ms(value, &time_ms);
    return r < 0 ? r : set_amount(limits, time_ms, field);
}

static void
format_time(const void *field, char text[CONF_VALUE_SIZE])
{
    uint64_t time_ms = *(const uint64_t *)field;

    if (time_ms % MS_PER_S == 0)
        snprintf(text, CONF_VALUE_SIZE, "%" PRIu64 "s", time_ms / MS_PER_S);
    else
        snprintf(text, CONF_VALUE_SIZE, "%" PRIu64 "ms", time_ms);
}

static int
parse_number(const struct conf_limits *limits, const char *value, void *field)
{
    return parse_u64(value, limits->min, limits->max, field);
}

static void
format_number(const void *field, char text[CONF_VALUE_SIZE])
{
    snprintf(text, CONF_VALUE_SIZE, "%" PRIu64, *(const uint64_t *)field);
}

static int
parse_yes_no(const struct conf_limits *limits, const char *value, void *field)
{
    (void)limits;
    return parse_bool(value, field);
}

static void
format_yes_no(const void *field, char text[CONF_VALUE_SIZE])
{
    snprintf(text, CONF_VALUE_SIZE, "%s", *(const bool *)field ? "yes" : "no");
}

/* Text must survive being printed and read again: inih takes ';' for the
 * start of a comment and strips blanks at both ends. */
static int
parse_text(const struct conf_limits *limits, const char *value, void *field)
{
    size_t length = strlen(value);

    if (!text_is_printable(value) || strchr(value, ';') || value[0] == ' ' ||
        (length > 0 && value[length - 1] == ' '))
        return -EINVAL;
    if (length >= limits->max)
        return -ERANGE;
    memcpy(field, value, length + 1);
    return 0;
}

static void
format_text(const void *field, char text[CONF_VALUE_SIZE])
{
    snprintf(text, CONF_VALUE_SIZE, "%s", (const char *)field);
}

static int
parse_name(const struct conf_limits *limits, const char *value, void *field)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

    if (!value[0] || value[strspn(value, letters)])
        return -EINVAL;
    return parse_text(limits, value, field);
}

static int
parse_path(const struct conf_limits *limits, const char *value, void *field)
{
    return value[0] == '/' ? parse_text(limits, value, field) : -EINVAL;
}

static int
parse_path_or_auto(const struct conf_limits *limits, const char *value,
                   void *field)
{
    return strcmp(value, "auto") != 0 ? parse_path(limits, value, field)
                                      : parse_text(limits, "", field);
}

static void
format_path_or_auto(const void *field, char text[CONF_VALUE_SIZE])
{
    const char *path = field;

    snprintf(text, CONF_VALUE_SIZE, "%s", path[0] ? path : "auto");
}

static int
parse_engine(const struct conf_limits *limits, const char *value, void *field)
{
    return value[0] == '/' ? parse_path(limits, value, field)
                           : parse_name(limits, value, field);
}

static int
parse_peer(const struct conf_limits *limits, const char *value, void *field)
{
    if (value[0] && !peer_name_is_valid(value))
        return -EINVAL;
    return parse_text(limits, value, field);
}

static int
parse_address(const struct conf_limits *limits, const char *value, void *field)
{
    struct peer_address unused;

    if (value[0] && peer_address_parse(value, &unused) < 0)
        return -EINVAL;
    return parse_text(limits, value, field);
}

static int
parse_listen(const struct conf_limits *limits, const char *value, void *field)
{
    char unused[METRICS_ADDRESS_SIZE];

    if (value[0] && metrics_address(value, unused) < 0)
        return -EINVAL;
    return parse_text(limits, value, field);
}

static int
parse_level(const struct conf_limits *limits, const char *value, void *field)
{
    size_t i;

    (void)limits;
    for (i = 0; i < N_LEVELS; i++)
        if (strcmp(value, level_names[i]) == 0) {
            *(enum log_level *)field = (enum log_level)i;
            return 0;
        }
    return -EINVAL;
}

static void
format_level(const void *field, char text[CONF_VALUE_SIZE])
{
    snprintf(text, CONF_VALUE_SIZE, "%s",
             level_names[*(const enum log_level *)field]);
}

const struct conf_kind conf_kind_size = { "a size (as 512MiB or 2GiB)", true,
                                          parse_size, format_size };
const struct conf_kind conf_kind_size_or_auto = {
    "a size (as 512MiB or 2GiB) or auto", true, parse_size_or_auto,
    format_size_or_auto
};
/* Not an amount: its bounds in words would not be what is expected. */
const struct conf_kind conf_kind_limit = {
    "a size (as 512MiB), 1% to 100% of static-max, or none", false, parse_limit,
    format_limit
};
const struct conf_kind conf_kind_time = { "a time (as 10s or 2m)", true,
                                          parse_time, format_time };
const struct conf_kind conf_kind_number = { "a number", true, parse_number,
                                            format_number };
const struct conf_kind conf_kind_bool = { "yes or no", false, parse_yes_no,
                                          format_yes_no };
const struct conf_kind conf_kind_engine = {
    "an engine's name or the absolute path of a plugin", false, parse_engine,
    format_text
};
const struct conf_kind conf_kind_name = { "small letters, digits and '-'",
                                          false, parse_name, format_text };
const struct conf_kind conf_kind_path = { "an absolute path", false, parse_path,
                                          format_text };
const struct conf_kind conf_kind_path_or_auto = { "an absolute path or auto",
                                                  false, parse_path_or_auto,
                                                  format_path_or_auto };
const struct conf_kind conf_kind_text = { "printable text without ';'", false,
                                          parse_text, format_text };
const struct conf_kind conf_kind_peer = { "letters, digits, '-', '.' and '_'",
                                          false, parse_peer, format_text };
const struct conf_kind conf_kind_address = {
    "an IP address, with a port or without one", false, parse_address,
    format_text
};
const struct conf_kind conf_kind_listen = {
    "a port, or an IP address, with a port or without one", false, parse_listen,
    format_text
};
const struct conf_kind conf_kind_level = { "error, warn, info or debug", false,
                                           parse_level, format_level };

static void
refuse(const struct conf_value *v, int r, char error[CONF_ERROR_SIZE])
{
    char shown[SHOWN_SIZE], low[CONF_VALUE_SIZE], high[CONF_VALUE_SIZE];

    text_escape(shown, sizeof(shown), v->value);
    if (r != -ERANGE) {
        snprintf(error, CONF_ERROR_SIZE, "%s: expected %s, not '%s'", v->key,
                 v->kind->expects, shown);
    } else if (v->kind->is_amount) {
        v->kind->format(&v->limits.min, low);
        v->kind->format(&v->limits.max, high);
        snprintf(error, CONF_ERROR_SIZE, "%s: %s is not within %s and %s",
                 v->key, shown, low, high);
    } else {
        snprintf(error, CONF_ERROR_SIZE,
                 "%s: '%s' is longer than %" PRIu64 " characters", v->key,
                 shown, v->limits.max - 1);
    }
}

int
conf_value_parse(const struct conf_value *v, void *field,
                 char error[CONF_ERROR_SIZE])
{
    int r = v->kind->parse(&v->limits, v->value, field);

    if (r < 0)
        refuse(v, r, error);
    return r;
}
