/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An engine's options as text; what they mean the engine says. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "conf-value.h"
#include "conf.h"

/* The one with that key, or the next free one, or NULL. */
static struct conf_option *
option_place(struct conf_policy *p, const char *key)
{
    size_t i;

    for (i = 0; i < p->n_options; i++)
        if (strcmp(p->options[i].key, key) == 0)
            return &p->options[i];
    return i < CONF_OPTIONS_MAX ? &p->options[i] : NULL;
}

/* What the daemon does not know itself is for the engine to judge. */
int
conf_policy_set(struct conf_policy *p, const char *key, const char *value,
                char error[CONF_ERROR_SIZE])
{
    const struct conf_limits room = { 0, CONF_WORD_SIZE };
    const struct conf_value name = { &conf_kind_name, room, "name of an option",
                                     key };
    const struct conf_value text = { &conf_kind_text, room, key, value };
    struct conf_option *option, wanted = { 0 };

    if (conf_value_parse(&name, wanted.key, error) < 0 ||
        conf_value_parse(&text, wanted.value, error) < 0)
        return -EINVAL;
    option = option_place(p, key);
    if (!option) {
        snprintf(error, CONF_ERROR_SIZE, "%s: more than %d options", key,
                 CONF_OPTIONS_MAX);
        return -EINVAL;
    }
    if (option == &p->options[p->n_options])
        p->n_options++;
    *option = wanted;
    return 0;
}

int
conf_policy_init(struct conf_policy *ret, const char *engine,
                 char error[CONF_ERROR_SIZE])
{
    const struct conf_value v = {
        .kind = &conf_kind_engine,
        .limits = { 0, CONF_ENGINE_SIZE },
        .key = "engine",
        .value = engine,
    };
    struct conf_policy p = { 0 };
    int r = conf_value_parse(&v, p.engine, error);

    if (r == 0)
        *ret = p;
    return r;
}

bool
conf_policy_is_same(const struct conf_policy *a, const struct conf_policy *b)
{
    if (strcmp(a->engine, b->engine) != 0 || a->n_options != b->n_options)
        return false;
    for (size_t i = 0; i < a->n_options; i++)
        if (strcmp(a->options[i].key, b->options[i].key) != 0 ||
            strcmp(a->options[i].value, b->options[i].value) != 0)
            return false;
    return true;
}
