/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes instances of policy engines, and keeps what is known of them. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf-value.h"
#include "engine.h"
#include "policy.h"

_Static_assert(CONF_WORD_SIZE <= POLICY_WORD_SIZE &&
                   POLICY_NAME_SIZE <= CONF_WORD_SIZE,
               "an option or a name may be cut");

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

/* To have no wishes now is an engine's right. */
static int
try_plan(struct policy *policy, const struct snapshot *trial,
         uint64_t budget_ms, char error[CONF_ERROR_SIZE])
{
    int r = 0;

    if (trial->xbp._struct_size > 0) /* there has been a look at the host */
        r = policy_ask(policy, trial, budget_ms);
    if (r == 0 || r == -EIO)
        return 0;
    snprintf(error, CONF_ERROR_SIZE, "%s", policy_trouble(policy));
    return r;
}

int
engine_build(struct policy **ret, const struct conf_policy *spec,
             const struct snapshot *trial, uint64_t budget_ms,
             char error[CONF_ERROR_SIZE])
{
    char why[CONF_ERROR_SIZE] = "";
    struct policy *policy = NULL;
    int r = policy_open(&policy, spec->engine, budget_ms, why);

    if (r == 0)
        r = set_options(policy, spec, why);
    if (r == 0 && trial)
        r = try_plan(policy, trial, budget_ms, why);
    if (r == 0) {
        *ret = policy;
        return 0;
    }
    /* One of ours names itself in what it says. */
    if (policy && !strchr(spec->engine, '/'))
        snprintf(error, CONF_ERROR_SIZE, "%s", why);
    else
        snprintf(error, CONF_ERROR_SIZE, "engine = %s: %.700s", spec->engine,
                 why);
    policy_close(policy);
    return r;
}

/* What an engine calls itself is as good as what a client says. */
int
engine_check_name(const char *name, char error[CONF_ERROR_SIZE])
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

void
engine_title(const struct engine *e, char title[ENGINE_TITLE_SIZE])
{
    snprintf(title, ENGINE_TITLE_SIZE, "%s (%s)", e->name, e->spec.engine);
}

void
engine_take(struct engine *e, const struct conf_policy *spec,
            struct policy *policy)
{
    policy_close(e->policy);
    e->policy = policy;
    e->spec = *spec;
    e->is_failing = false;
    e->is_told = false;
    e->is_set_aside = false;
    e->is_aside_told = false;
    e->why[0] = '\0';
}

void
engine_set_aside(struct engine *e, const char *why)
{
    e->is_set_aside = true;
    snprintf(e->why, sizeof(e->why), "%s", why);
}

void
engine_free(struct engine *e)
{
    policy_close(e->policy);
    free(e);
}
