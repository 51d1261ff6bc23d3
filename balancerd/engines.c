/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of policy engines, and the plan that they make together. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf-value.h"
#include "engines.h"
#include "policy.h"

static int
set_options(struct policy *policy, const struct conf_policy *spec,
            char error[CONF_ERROR_SIZE])
{
    char why[POLICY_ERROR_SIZE] = "";
    int r;

    for (size_t i = 0; i < spec->n_options; i++) {
        const struct conf_option *o = &spec->options[i];

        r = policy_config(policy, o->key, o->value, why);
        if (r < 0) {
            snprintf(error, CONF_ERROR_SIZE, "%s = %s: %s", o->key, o->value,
                     why);
            return r;
        }
    }
    r = policy_ready(policy, why);
    if (r < 0)
        snprintf(error, CONF_ERROR_SIZE, "%s", why);
    return r;
}

int
engine_build(struct policy **ret, const struct conf_policy *spec,
             char error[CONF_ERROR_SIZE])
{
    char why[POLICY_ERROR_SIZE] = "";
    struct policy *policy = NULL;
    int r = policy_open(&policy, spec->engine, why);

    if (r < 0) {
        snprintf(error, CONF_ERROR_SIZE, "engine = %s: %s", spec->engine, why);
        return r;
    }
    r = set_options(policy, spec, error);
    if (r < 0)
        policy_close(policy);
    else
        *ret = policy;
    return r;
}

struct engine *
engines_find(const struct engines *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++) {
        if (strcmp(t->list[i]->name, name) == 0)
            return t->list[i];
    }
    return NULL;
}

static size_t
owner_of(const struct engines *t, const char *name)
{
    for (size_t i = t->n; name[0] && i-- > 1;) {
        if (strcmp(t->list[i]->name, name) == 0)
            return i;
    }
    return 0;
}

struct engine *
engines_of(const struct engines *t, const char *name)
{
    return t->list[owner_of(t, name)];
}

/* What an engine calls itself is as good as what a client says. */
static int
check_name(const char *name, char error[CONF_ERROR_SIZE])
{
    const struct conf_value v = {
        .kind = &conf_kind_name,
        .limits = { 0, CONF_WORD_SIZE },
        .key = "name of the engine",
        .value = name,
    };
    char copy[CONF_WORD_SIZE];

    return conf_value_parse(&v, copy, error);
}

/* A place for an instance that is not there yet; or NULL, -errno and a
 * sentence. */
static struct engine *
add_engine(struct engines *t, const char *name, int *ret_error,
           char error[CONF_ERROR_SIZE])
{
    struct engine *e;

    *ret_error = check_name(name, error);
    if (*ret_error < 0)
        return NULL;
    if (t->n == ENGINES_MAX) {
        snprintf(error, CONF_ERROR_SIZE,
                 "there are %d engines already, the most there may be",
                 ENGINES_MAX);
        *ret_error = -EDQUOT;
        return NULL;
    }
    e = calloc(1, sizeof(*e));
    if (!e) {
        snprintf(error, CONF_ERROR_SIZE, "out of memory");
        *ret_error = -ENOMEM;
        return NULL;
    }
    snprintf(e->name, sizeof(e->name), "%s", name);
    t->list[t->n++] = e;
    return e;
}

int
engines_put(struct engines *t, const char *name, const struct conf_policy *spec,
            struct engine **ret, char error[CONF_ERROR_SIZE])
{
    struct policy *policy = NULL;
    struct engine *e;
    int r = engine_build(&policy, spec, error);

    if (r < 0)
        return r;
    if (!name[0])
        name = policy_name(policy);
    e = engines_find(t, name);
    if (!e)
        e = add_engine(t, name, &r, error);
    if (!e) {
        policy_close(policy);
        return r;
    }
    policy_close(e->policy);
    e->policy = policy;
    e->spec = *spec;
    e->is_failing = false;
    if (ret)
        *ret = e;
    return 0;
}

static void
free_engine(struct engine *e)
{
    policy_close(e->policy);
    free(e);
}

int
engines_remove(struct engines *t, const char *name, char error[CONF_ERROR_SIZE])
{
    size_t i = 0;

    while (i < t->n && strcmp(t->list[i]->name, name) != 0)
        i++;
    if (i == t->n) {
        snprintf(error, CONF_ERROR_SIZE, "there is no engine %.80s", name);
        return -ENOENT;
    }
    if (i == 0) {
        snprintf(error, CONF_ERROR_SIZE,
                 "engine %s plans for all domains that have no other; it can "
                 "be replaced, but not be unloaded",
                 name);
        return -EBUSY;
    }
    free_engine(t->list[i]);
    for (t->n--; i < t->n; i++)
        t->list[i] = t->list[i + 1];
    return 0;
}

void
engines_done(struct engines *t)
{
    for (size_t i = 0; i < t->n; i++)
        free_engine(t->list[i]);
    free(t->owners);
    *t = (struct engines){ 0 };
}

static int
find_owners(struct engines *t, const struct snapshot *s)
{
    uint8_t *grown;

    if (t->capacity < s->capacity) {
        grown = realloc(t->owners, s->capacity);
        if (!grown)
            return -ENOMEM;
        t->owners = grown;
        t->capacity = s->capacity;
    }
    for (size_t i = 0; i < s->xbp.n_guests; i++) {
        const struct guest *g = s->guests[i];

        t->owners[i] = (uint8_t)(g ? owner_of(t, g->engine) : 0);
    }
    return 0;
}

/* One that owns nobody need not work, but for the default one, which does for
 * reservations. */
static bool
has_work(const struct engines *t, size_t engine, size_t n)
{
    return engine == 0 || memchr(t->owners, (int)engine, n) != NULL;
}

static void
take_wishes(const struct engines *t, size_t engine, struct plan *plan)
{
    const struct policy *policy = t->list[engine]->policy;

    for (size_t i = 0; i < plan->n; i++) {
        if (t->owners[i] != engine)
            continue;
        plan->wishes[i].target_kib = policy_wish(policy, i);
        plan->wishes[i].rule = PLAN_SHARE;
    }
}

int
engines_plan(struct engines *t, const struct snapshot *s, struct plan *plan)
{
    int r = find_owners(t, s);

    if (r < 0)
        return r;
    for (size_t i = 0; i < t->n; i++) {
        struct engine *e = t->list[i];

        if (!has_work(t, i, plan->n))
            continue;
        e->is_failing = policy_ask(e->policy, s) < 0;
        if (e->is_failing) {
            e->failures++;
            r = -EIO;
        } else {
            take_wishes(t, i, plan);
        }
    }
    return r;
}
