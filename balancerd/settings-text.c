/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings to text and back; one table says how each key is done. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

#include "settings-text.h"
#include "util/parse.h"
#include "util/text.h"
#include "util/units.h"

/* 16 TiB: Xen's own limit on x86. */
#define SIZE_MAX_KIB (16ull << 30)
#define KEY_VERSION  "version"
#define KEY_END      "end"
#define SHOWN_SIZE   80

static const char *const swap_names[] = {
    [SETTINGS_SWAP_UNSET] = "",
    [SETTINGS_SWAP_AUTO] = "auto",
    [SETTINGS_SWAP_MANUAL] = "manual",
    [SETTINGS_SWAP_NEVER] = "never",
};
#define N_SWAP_NAMES (sizeof(swap_names) / sizeof(swap_names[0]))

const char *
settings_swap_name(enum settings_swap swap)
{
    return swap_names[swap];
}

int
settings_swap_parse(const char *text, enum settings_swap *ret)
{
    for (size_t i = SETTINGS_SWAP_AUTO; i < N_SWAP_NAMES; i++)
        if (strcmp(text, swap_names[i]) == 0) {
            *ret = (enum settings_swap)i;
            return 0;
        }
    return -EINVAL;
}

/* A size in struct settings, HOST_UNSET if it is not set. */
struct amount {
    const char *key;
    size_t offset;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct amount amounts[] = {
    { "static-min", FIELD(limits.static_min_kib) },
    { "dynamic-min", FIELD(limits.dynamic_min_kib) },
    { "dynamic-max", FIELD(limits.dynamic_max_kib) },
    { "static-max", FIELD(limits.static_max_kib) },
    { "pin", FIELD(pin_kib) },
    { "swap-max", FIELD(swap_max_kib) },
};
#define N_AMOUNTS (sizeof(amounts) / sizeof(amounts[0]))

static uint64_t *
amount_of(struct settings *s, const struct amount *amount)
{
    void *field = (char *)s + amount->offset;

    return field;
}

/* A value must come back from inih as it went: ';' begins a comment there. */
static void
append_text(char *text, const char *key, const char *value)
{
    char safe[HOST_NAME_SIZE];
    size_t length = strnlen(value, sizeof(safe) - 1);

    memcpy(safe, value, length);
    for (size_t i = 0; i < length; i++)
        if (safe[i] == ';')
            safe[i] = '_';
    while (length > 0 && safe[length - 1] == ' ')
        length--;
    safe[length] = '\0';
    if (length > 0)
        text_append(text, SETTINGS_TEXT_SIZE, "%s = %s\n", key, safe);
}

void
settings_format(const struct settings *s, char text[SETTINGS_TEXT_SIZE])
{
    struct settings copy = *s;
    char name[HOST_NAME_SIZE];

    snprintf(text, SETTINGS_TEXT_SIZE,
             "# Kept by balancerd; balancerctl changes it.\n" KEY_VERSION
             " = %d\nuuid = %s\n",
             SETTINGS_VERSION, s->uuid);
    append_text(text, "name", text_escape(name, sizeof(name), s->name));
    for (size_t i = 0; i < N_AMOUNTS; i++) {
        uint64_t kib = *amount_of(&copy, &amounts[i]);

        if (kib != HOST_UNSET)
            text_append(text, SETTINGS_TEXT_SIZE, "%s = %" PRIu64 "KiB\n",
                        amounts[i].key, kib);
    }
    if (s->weight > 0)
        text_append(text, SETTINGS_TEXT_SIZE, "weight = %u\n", s->weight);
    append_text(text, "engine", s->engine);
    append_text(text, "swap-policy", settings_swap_name(s->swap));
    text_append(text, SETTINGS_TEXT_SIZE, KEY_END " = yes\n");
}

struct parsing {
    struct settings settings;
    bool has_version;
    bool has_end;
    int result; /* of the first line that was refused */
    char *error;
};

static int
refuse(struct parsing *p, int r, const char *key, const char *value)
{
    char shown_key[SHOWN_SIZE], shown_value[SHOWN_SIZE];

    p->result = r;
    text_escape(shown_key, sizeof(shown_key), key);
    text_escape(shown_value, sizeof(shown_value), value);
    if (r == -ENOTSUP)
        snprintf(p->error, SETTINGS_ERROR_SIZE,
                 "it has version %s, and this balancerd knows version %d only",
                 shown_value, SETTINGS_VERSION);
    else
        snprintf(p->error, SETTINGS_ERROR_SIZE, "'%s = %s' is not understood",
                 shown_key, shown_value);
    return 0;
}

static int
take_version(struct parsing *p, const char *value)
{
    uint64_t version;

    if (parse_u64(value, 1, UINT32_MAX, &version) < 0)
        return refuse(p, -EINVAL, KEY_VERSION, value);
    if (version > SETTINGS_VERSION)
        return refuse(p, -ENOTSUP, KEY_VERSION, value);
    p->has_version = true;
    return 1;
}

static int
take_text(char *to, size_t size, const char *value)
{
    size_t length = strlen(value);

    if (length >= size || !text_is_printable(value))
        return -EINVAL;
    memcpy(to, value, length + 1);
    return 0;
}

static int
take_weight(struct settings *s, const char *value)
{
    uint64_t weight;
    int r = parse_u64(value, 1, WEIGHT_MAX, &weight);

    if (r == 0)
        s->weight = (uint32_t)weight;
    return r;
}

static int
take_amount(struct settings *s, const char *key, const char *value)
{
    uint64_t kib;

    for (size_t i = 0; i < N_AMOUNTS; i++) {
        if (strcmp(amounts[i].key, key) != 0)
            continue;
        if (parse_size_kib(value, &kib) < 0 || kib > SIZE_MAX_KIB)
            return -EINVAL;
        *amount_of(s, &amounts[i]) = kib;
        return 0;
    }
    return -EINVAL;
}

static int
set_key(struct settings *s, const char *key, const char *value)
{
    if (strcmp(key, "uuid") == 0)
        return parse_uuid(value, s->uuid);
    if (strcmp(key, "name") == 0)
        return take_text(s->name, sizeof(s->name), value);
    if (strcmp(key, "weight") == 0)
        return take_weight(s, value);
    if (strcmp(key, "engine") == 0)
        return take_text(s->engine, sizeof(s->engine), value);
    if (strcmp(key, "swap-policy") == 0)
        return settings_swap_parse(value, &s->swap);
    return take_amount(s, key, value);
}

/* inih wants non-zero for success. */
static int
take_line(void *arg, const char *section, const char *key, const char *value)
{
    struct parsing *p = arg;

    (void)section;
    if (p->result < 0)
        return 0;
    if (strcmp(key, KEY_VERSION) == 0)
        return take_version(p, value);
    if (!p->has_version || p->has_end)
        return refuse(p, -EINVAL, key, value);
    if (strcmp(key, KEY_END) == 0) {
        p->has_end = true;
        return 1;
    }
    return set_key(&p->settings, key, value) == 0
               ? 1
               : refuse(p, -EINVAL, key, value);
}

int
settings_parse(const char *text, size_t length, struct settings *ret,
               char error[SETTINGS_ERROR_SIZE])
{
    char copy[SETTINGS_TEXT_SIZE];
    struct parsing p = { .error = error };
    int line;

    snprintf(error, SETTINGS_ERROR_SIZE, "it is cut short or damaged");
    if (length >= sizeof(copy) || memchr(text, '\0', length))
        return -EINVAL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    settings_init(&p.settings, "");
    line = ini_parse_string(copy, take_line, &p);
    if (p.result < 0)
        return p.result;
    if (line != 0 || !p.has_end || p.settings.uuid[0] == '\0')
        return -EINVAL;
    *ret = p.settings;
    return 0;
}
