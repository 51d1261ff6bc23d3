/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of policy engines, and the plan that they make together. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines-dir.h"
#include "engines.h"
#include "policy.h"
#include "tuning.h"

/* What does for a default engine that is set aside. */
static const struct conf_policy stand_in = { .engine = "proportional" };

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
            return t->list[i]->is_set_aside ? 0 : i;
    }
    return 0;
}

struct engine *
engines_of(const struct engines *t, const char *name)
{
    return t->list[owner_of(t, name)];
}

struct policy *
engines_policy(const struct engines *t, const struct engine *e)
{
    if (!e->is_set_aside)
        return e->policy;
    return e == t->list[0] ? t->stand_in : NULL;
}

const char *
engines_code_name(const struct engines *t, const struct engine *e)
{
    const struct policy *policy = engines_policy(t, e);

    return policy ? policy_name(policy) : e->spec.engine;
}

bool
engines_are_failing(const struct engines *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->list[i]->is_failing)
            return true;
    }
    return false;
}

static uint64_t
budget_of(const struct engines *t)
{
    return t->budget_ms > 0 ? t->budget_ms : tuning_default.engine_budget_ms;
}

/* A place for an instance that is not there yet; or NULL, -errno and a
 * sentence. */
static struct engine *
add_engine(struct engines *t, const char *name, int *ret_error,
           char error[CONF_ERROR_SIZE])
{
    struct engine *e;

    *ret_error = engine_check_name(name, error);
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

/* The place of an instance, of spec from now on. */
static struct engine *
claim_place(struct engines *t, const char *name, int *ret_error,
            char error[CONF_ERROR_SIZE])
{
    struct engine *e = engines_find(t, name);

    return e ? e : add_engine(t, name, ret_error, error);
}

/* What is on disk then is what it would be. */
static int
keep(struct engines *t, struct engine *e, const struct conf_policy *spec,
     char error[CONF_ERROR_SIZE])
{
    struct conf_policy old = e->spec;
    int r;

    e->spec = *spec;
    r = engines_dir_save(t, error);
    if (r == 0)
        return 0;
    e->spec = old;
    if (!e->policy && !e->is_set_aside) { /* it is the new one, the last */
        engine_free(e);
        t->n--;
    }
    return r;
}

int
engines_put(struct engines *t, const char *name, const struct conf_policy *spec,
            struct engine **ret, char error[CONF_ERROR_SIZE])
{
    struct policy *policy = NULL;
    struct engine *e;
    int r = engine_build(&policy, spec, t->trial, budget_of(t), error);

    if (r < 0)
        return r;
    e = claim_place(t, name[0] ? name : policy_name(policy), &r, error);
    if (e)
        r = keep(t, e, spec, error);
    if (r < 0) {
        policy_close(policy);
        return r;
    }
    engine_take(e, spec, policy);
    if (e == t->list[0])
        t->stand_in = policy_close(t->stand_in);
    if (ret)
        *ret = e;
    return 0;
}

int
engines_hold(struct engines *t, const char *name,
             const struct conf_policy *spec, char error[CONF_ERROR_SIZE])
{
    char why[CONF_ERROR_SIZE];
    struct engine *e;
    int r = 0;

    snprintf(why, sizeof(why), "%s", error);
    e = claim_place(t, name, &r, error);
    if (!e)
        return r;
    e->spec = *spec;
    engine_set_aside(e, why);
    e->is_aside_told = true;
    return 0;
}

static int
refuse_default(const char *name, char error[CONF_ERROR_SIZE])
{
    snprintf(error, CONF_ERROR_SIZE,
             "engine %s plans for all domains that have no other; it can be "
             "replaced, but not be unloaded",
             name);
    return -EBUSY;
}

int
engines_remove(struct engines *t, const char *name, char error[CONF_ERROR_SIZE])
{
    struct engine *e = engines_find(t, name);
    struct engine *list[ENGINES_MAX];
    size_t n = 0;
    int r;

    if (!e) {
        snprintf(error, CONF_ERROR_SIZE, "there is no engine %.80s", name);
        return -ENOENT;
    }
    if (e == t->list[0])
        return refuse_default(name, error);
    memcpy(list, t->list, sizeof(list));
    for (size_t i = 0; i < t->n; i++)
        if (list[i] != e)
            t->list[n++] = list[i];
    t->n = n;
    r = engines_dir_save(t, error);
    if (r < 0) {
        memcpy(t->list, list, sizeof(list));
        t->n = n + 1;
        return r;
    }
    engine_free(e);
    return 0;
}

void
engines_done(struct engines *t)
{
    for (size_t i = 0; i < t->n; i++)
        engine_free(t->list[i]);
    policy_close(t->stand_in);
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

        t->owners[i] = (uint8_t)(g && t->n > 1 ? owner_of(t, g->engine) : 0);
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
take_wishes(const struct engines *t, size_t engine, const struct policy *policy,
            struct plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        if (t->owners[i] != engine)
            continue;
        plan->wishes[i].target_kib = policy_wish(policy, i);
        plan->wishes[i].wished_kib = plan->wishes[i].target_kib;
        plan->wishes[i].rule = PLAN_SHARE;
    }
}

/* From the next plan on its domains have the default one. */
static void
set_aside(struct engines *t, struct engine *e)
{
    char error[CONF_ERROR_SIZE];

    engine_set_aside(e, policy_trouble(e->policy));
    if (e == t->list[0])
        engine_build(&t->stand_in, &stand_in, NULL, 0, error);
}

static int
plan_one(struct engines *t, size_t i, const struct snapshot *s,
         struct plan *plan)
{
    struct engine *e = t->list[i];
    struct policy *policy = engines_policy(t, e);

    e->is_failing = false;
    if (!policy || !has_work(t, i, plan->n))
        return 0;
    if (policy_ask(policy, s, budget_of(t)) == 0) {
        take_wishes(t, i, policy, plan);
        return 0;
    }
    e->is_failing = true;
    e->failures++;
    snprintf(e->why, sizeof(e->why), "%s", policy_trouble(policy));
    if (policy_is_dead(policy))
        set_aside(t, e);
    return -EIO;
}

int
engines_plan(struct engines *t, const struct snapshot *s, struct plan *plan)
{
    int r = find_owners(t, s);

    if (r < 0)
        return r;
    for (size_t i = 0; i < t->n; i++) {
        if (plan_one(t, i, s, plan) < 0)
            r = -EIO;
    }
    return r;
}
