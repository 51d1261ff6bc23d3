/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads lines like "5s = destroy 3". */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim-domain.h"
#include "sim-event.h"
#include "util/parse.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* What follows the verb. */
enum event_shape {
    SHAPE_DOMAIN,           /* N */
    SHAPE_DOMAIN_KEY_VALUE, /* N KEY VALUE */
    SHAPE_PATH,             /* PATH */
    SHAPE_PATH_VALUE,       /* PATH VALUE */
    SHAPE_AMOUNT,           /* KIB */
    SHAPE_FLAG,             /* yes or no */
};

static const struct {
    const char *verb;
    enum sim_event_kind kind;
    enum event_shape shape;
} verbs[] = {
    { "create", SIM_EVENT_CREATE, SHAPE_DOMAIN },
    { "destroy", SIM_EVENT_DESTROY, SHAPE_DOMAIN },
    { "pause", SIM_EVENT_PAUSE, SHAPE_DOMAIN },
    { "unpause", SIM_EVENT_UNPAUSE, SHAPE_DOMAIN },
    { "shutdown", SIM_EVENT_SHUTDOWN, SHAPE_DOMAIN },
    { "set", SIM_EVENT_SET, SHAPE_DOMAIN_KEY_VALUE },
    { "store", SIM_EVENT_STORE, SHAPE_DOMAIN_KEY_VALUE },
    { "write", SIM_EVENT_WRITE, SHAPE_PATH_VALUE },
    { "remove", SIM_EVENT_REMOVE, SHAPE_PATH },
    { "take", SIM_EVENT_TAKE, SHAPE_AMOUNT },
    { "give", SIM_EVENT_GIVE, SHAPE_AMOUNT },
    { "store-fails", SIM_EVENT_STORE_FAILS, SHAPE_FLAG },
    { "lender", SIM_EVENT_LENDER, SHAPE_PATH_VALUE },
};

int
sim_next_word(const char **text, char *word, int size)
{
    size_t length;

    *text += strspn(*text, " \t");
    length = strcspn(*text, " \t");
    if (length >= (size_t)size)
        return -EINVAL;
    memcpy(word, *text, length);
    word[length] = '\0';
    *text += length;
    return (int)length;
}

static int
parse_domid(const char **text, uint32_t *ret_domid)
{
    char word[SIM_KEY_SIZE];
    uint64_t domid;

    if (sim_next_word(text, word, sizeof(word)) <= 0 ||
        parse_u64(word, 0, UINT32_MAX, &domid) < 0)
        return -EINVAL;
    *ret_domid = (uint32_t)domid;
    return 0;
}

/* A key or path, and what follows it as the value. */
static int
parse_key_value(struct sim_event *e, const char *text)
{
    if (sim_next_word(&text, e->key, sizeof(e->key)) <= 0)
        return -EINVAL;
    text += strspn(text, " \t");
    snprintf(e->value, sizeof(e->value), "%s", text);
    return 0;
}

static int
parse_rest(struct sim_event *e, enum event_shape shape, const char *text)
{
    bool flag;

    switch (shape) {
    case SHAPE_DOMAIN_KEY_VALUE:
        if (parse_domid(&text, &e->domid) < 0)
            return -EINVAL;
        return parse_key_value(e, text);
    case SHAPE_PATH_VALUE:
        return parse_key_value(e, text);
    case SHAPE_PATH:
        if (parse_key_value(e, text) < 0)
            return -EINVAL;
        return e->value[0] == '\0' ? 0 : -EINVAL;
    case SHAPE_DOMAIN:
        if (parse_domid(&text, &e->domid) < 0)
            return -EINVAL;
        return text[strspn(text, " \t")] == '\0' ? 0 : -EINVAL;
    case SHAPE_AMOUNT:
        return parse_kib(text + strspn(text, " \t"), &e->kib);
    case SHAPE_FLAG:
        if (parse_bool(text + strspn(text, " \t"), &flag) < 0)
            return -EINVAL;
        e->kib = flag;
        return 0;
    }
    return -EINVAL;
}

int
sim_event_parse(struct sim_event *ret, const char *when, const char *text)
{
    struct sim_event e = { 0 };
    char verb[SIM_KEY_SIZE];

    if (parse_duration_ms(when, &e.at_ms) < 0 ||
        sim_next_word(&text, verb, sizeof(verb)) <= 0)
        return -EINVAL;
    for (size_t i = 0; i < LENGTH(verbs); i++) {
        if (strcmp(verb, verbs[i].verb) != 0)
            continue;
        e.kind = verbs[i].kind;
        if (parse_rest(&e, verbs[i].shape, text) < 0)
            return -EINVAL;
        *ret = e;
        return 0;
    }
    return -EINVAL;
}
