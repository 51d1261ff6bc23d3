/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engines of a recording. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "record-text.h"
#include "replay-private.h"

#define SET_ENGINE "engine="

bool
replay_set_is_engine(const char *set)
{
    return strncmp(set, SET_ENGINE, strlen(SET_ENGINE)) == 0;
}

int
replay_take_engines(struct replay *p, char *rest)
{
    (void)rest;
    p->wanted.n = 0;
    p->are_engines_new = true;
    return 0;
}

int
replay_take_engine(struct replay *p, char *rest)
{
    struct engine_kept *e = &p->wanted.list[p->wanted.n];
    const char *name = record_word(&rest), *engine = record_word(&rest);

    if (!engine || p->wanted.n == ENGINES_MAX)
        return -EINVAL;
    *e = (struct engine_kept){ 0 };
    p->wanted.n++;
    if (record_unescape(name, e->name, sizeof(e->name)) < 0)
        return -EINVAL;
    return record_unescape(engine, e->spec.engine, sizeof(e->spec.engine));
}

/* Of the engine that came last. */
int
replay_take_option(struct replay *p, char *rest)
{
    struct conf_policy *spec;
    struct conf_option *o;
    const char *key, *value;

    record_word(&rest);
    key = record_word(&rest);
    value = record_word(&rest);
    if (!value || p->wanted.n == 0)
        return -EINVAL;
    spec = &p->wanted.list[p->wanted.n - 1].spec;
    if (spec->n_options == CONF_OPTIONS_MAX)
        return -EINVAL;
    o = &spec->options[spec->n_options++];
    if (record_unescape(key, o->key, sizeof(o->key)) < 0)
        return -EINVAL;
    return record_unescape(value, o->value, sizeof(o->value));
}

static const struct engine_kept *
find_wanted(const struct replay *p, const char *name)
{
    for (size_t i = 0; i < p->wanted.n; i++)
        if (strcmp(p->wanted.list[i].name, name) == 0)
            return &p->wanted.list[i];
    return NULL;
}

static int
put_engine(struct replay *p, const struct engine_kept *wanted)
{
    const struct engine *e = engines_find(&p->engines, wanted->name);
    char error[CONF_ERROR_SIZE] = "";
    int r;

    if (e && conf_policy_is_same(&e->spec, &wanted->spec))
        return 0;
    r = engines_put(&p->engines, wanted->name, &wanted->spec, NULL, error);
    if (r < 0)
        fprintf(p->out, "engine %s cannot be had: %s\n", wanted->spec.engine,
                error);
    return r;
}

/* --set engine=NAME is in the place of the default one. */
static int
replace_default(struct replay *p)
{
    char error[CONF_ERROR_SIZE];
    int r = 0;

    for (size_t i = 0; i < p->how->n_sets && r == 0 && p->wanted.n > 0; i++)
        if (replay_set_is_engine(p->how->sets[i]))
            r = conf_policy_init(&p->wanted.list[0].spec,
                                 p->how->sets[i] + strlen(SET_ENGINE), error);
    return r;
}

int
replay_put_engines(struct replay *p)
{
    char error[CONF_ERROR_SIZE];
    int r = 0;

    if (!p->are_engines_new)
        return p->engines.n > 0 ? 0 : -EINVAL;
    p->are_engines_new = false;
    r = replace_default(p);
    for (size_t i = 0; i < p->wanted.n && r == 0; i++)
        r = put_engine(p, &p->wanted.list[i]);
    for (size_t i = p->engines.n; r == 0 && i-- > 1;)
        if (!find_wanted(p, p->engines.list[i]->name))
            r = engines_remove(&p->engines, p->engines.list[i]->name, error);
    return r == 0 && p->engines.n == 0 ? -EINVAL : r;
}
