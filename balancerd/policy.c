/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leads to an engine of ours in this process or to a plugin in its own. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy-code.h"
#include "policy-file.h"
#include "policy-plugin.h"
#include "policy.h"

struct policy {
    struct policy_code code; /* if there is no plugin */
    struct policy_plugin *plugin;
    uint64_t *wishes;
    size_t capacity;
    char trouble[POLICY_ERROR_SIZE];
};

static int
open_plugin(struct policy *p, const char *path, uint64_t budget_ms,
            char error[POLICY_ERROR_SIZE])
{
    char real_path[PATH_MAX];
    int r = policy_file_check(path, real_path, error);

    return r < 0 ? r
                 : policy_plugin_open(&p->plugin, real_path, budget_ms, error);
}

static int
open_builtin(struct policy *p, const char *name, char error[POLICY_ERROR_SIZE])
{
    int r = policy_code_open(&p->code, name, error);

    return r < 0 ? r : policy_code_create(&p->code, error);
}

int
policy_open(struct policy **ret, const char *name, uint64_t budget_ms,
            char error[POLICY_ERROR_SIZE])
{
    struct policy *p = calloc(1, sizeof(*p));
    int r;

    if (!p) {
        snprintf(error, POLICY_ERROR_SIZE, "out of memory");
        return -ENOMEM;
    }
    r = strchr(name, '/') ? open_plugin(p, name, budget_ms, error)
                          : open_builtin(p, name, error);
    if (r < 0)
        policy_close(p);
    else
        *ret = p;
    return r;
}

int
policy_config(struct policy *p, const char *key, const char *value,
              char error[POLICY_ERROR_SIZE])
{
    return p->plugin ? policy_plugin_config(p->plugin, key, value, error)
                     : policy_code_config(&p->code, key, value, error);
}

int
policy_ready(struct policy *p, char error[POLICY_ERROR_SIZE])
{
    return p->plugin ? policy_plugin_ready(p->plugin, error)
                     : policy_code_ready(&p->code, error);
}

struct policy *
policy_close(struct policy *p)
{
    if (!p)
        return NULL;
    policy_plugin_close(p->plugin);
    policy_code_close(&p->code);
    free(p->wishes);
    free(p);
    return NULL;
}

static const char *
or_nothing(const char *text)
{
    return text ? text : "";
}

const char *
policy_name(const struct policy *p)
{
    return p->plugin ? policy_plugin_about(p->plugin)->name
                     : p->code.engine.name;
}

const char *
policy_version(const struct policy *p)
{
    return p->plugin ? policy_plugin_about(p->plugin)->version
                     : or_nothing(p->code.engine.version);
}

const char *
policy_description(const struct policy *p)
{
    return p->plugin ? policy_plugin_about(p->plugin)->description
                     : or_nothing(p->code.engine.description);
}

static int
wishes_reserve(struct policy *p, size_t n)
{
    uint64_t *grown;

    if (n <= p->capacity)
        return 0;
    grown = realloc(p->wishes, n * sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    p->wishes = grown;
    p->capacity = n;
    return 0;
}

static int
plan_here(struct policy *p, const struct snapshot *s)
{
    int result;

    for (size_t i = 0; i < s->xbp.n_guests; i++)
        p->wishes[i] = s->entries[i].target_kib;
    result = p->code.engine.plan(p->code.ctx, &s->xbp, p->wishes);
    if (result == 0)
        return 0;
    snprintf(p->trouble, sizeof(p->trouble), "its plan returned %d", result);
    return -EIO;
}

/* More than the host has is nonsense, and so is all that came with it. */
static int
check_wishes(struct policy *p, const struct snapshot *s)
{
    for (size_t i = 0; i < s->xbp.n_guests; i++) {
        if (p->wishes[i] <= s->xbp.total_kib)
            continue;
        snprintf(p->trouble, sizeof(p->trouble),
                 "it wished %" PRIu64 " KiB for %s, more than the host has",
                 p->wishes[i],
                 s->guests[i] ? s->entries[i].name : "a reservation");
        return -EIO;
    }
    return 0;
}

int
policy_ask(struct policy *p, const struct snapshot *s, uint64_t budget_ms)
{
    int r = wishes_reserve(p, s->capacity);

    if (r < 0) {
        snprintf(p->trouble, sizeof(p->trouble), "out of memory");
        return r;
    }
    if (p->plugin) {
        policy_plugin_set_budget(p->plugin, budget_ms);
        r = policy_plugin_plan(p->plugin, &s->xbp, p->wishes, p->trouble);
    } else {
        r = plan_here(p, s);
    }
    return r < 0 ? r : check_wishes(p, s);
}

const char *
policy_trouble(const struct policy *p)
{
    return p->trouble;
}

bool
policy_is_dead(const struct policy *p)
{
    return p->plugin && policy_plugin_is_dead(p->plugin);
}

uint64_t
policy_wish(const struct policy *p, size_t i)
{
    return p->wishes[i];
}

void
policy_explain(struct policy *p, size_t i, char *text, size_t size)
{
    if (size == 0)
        return;
    text[0] = '\0';
    if (p->plugin)
        policy_plugin_explain(p->plugin, i, text, size);
    else
        policy_code_explain(&p->code, i, text, size);
}
