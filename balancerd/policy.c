/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds, checks and calls policy engines. */
#include <config.h>

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy-builtin.h"
#include "policy-file.h"
#include "policy.h"
#include "util/units.h"

#define INIT_SYMBOL "xbp_policy_init"

struct policy {
    struct xbp_policy engine; /* our copy: the common prefix, rest zero */
    void *handle;             /* of dlopen; NULL for a built-in one */
    void *ctx;
    uint64_t *wishes;
    size_t capacity;
};

/* An older or newer engine fills fewer or more members than we know. */
static int
take_engine(struct policy *p, const struct xbp_policy *engine,
            char error[POLICY_ERROR_SIZE])
{
    size_t size;

    if (!engine || engine->_api_version != XBP_API_VERSION) {
        snprintf(error, POLICY_ERROR_SIZE,
                 "its ABI version is %d, this daemon knows %d",
                 engine ? engine->_api_version : 0, XBP_API_VERSION);
        return -EINVAL;
    }
    size = min_u64(engine->_struct_size, sizeof(p->engine));
    memcpy(&p->engine, engine, size);
    if (!p->engine.name || !p->engine.plan) {
        snprintf(error, POLICY_ERROR_SIZE, "it has no %s",
                 p->engine.name ? "plan function" : "name");
        return -EINVAL;
    }
    return 0;
}

static int
open_plugin(struct policy *p, const char *path, char error[POLICY_ERROR_SIZE])
{
    union {
        void *symbol;
        const struct xbp_policy *(*function)(void);
    } init;
    char real_path[PATH_MAX];
    const char *why;
    int r = policy_file_check(path, real_path, error);

    if (r < 0)
        return r;
    p->handle = dlopen(real_path, RTLD_NOW | RTLD_LOCAL);
    if (!p->handle) {
        why = dlerror();
        snprintf(error, POLICY_ERROR_SIZE, "%s", why ? why : path);
        return -EINVAL;
    }
    init.symbol = dlsym(p->handle, INIT_SYMBOL);
    if (!init.symbol) {
        snprintf(error, POLICY_ERROR_SIZE, "%s: it has no %s()", path,
                 INIT_SYMBOL);
        return -EINVAL;
    }
    return take_engine(p, init.function(), error);
}

static int
open_builtin(struct policy *p, const char *name, char error[POLICY_ERROR_SIZE])
{
    for (size_t i = 0; policy_builtins[i]; i++) {
        const struct xbp_policy *engine = policy_builtins[i]();

        if (strcmp(engine->name, name) == 0)
            return take_engine(p, engine, error);
    }
    snprintf(error, POLICY_ERROR_SIZE, "there is no engine called %s", name);
    return -ENOENT;
}

int
policy_open(struct policy **ret, const char *name,
            char error[POLICY_ERROR_SIZE])
{
    struct policy *p = calloc(1, sizeof(*p));
    int r;

    if (!p) {
        snprintf(error, POLICY_ERROR_SIZE, "out of memory");
        return -ENOMEM;
    }
    r = strchr(name, '/') ? open_plugin(p, name, error)
                          : open_builtin(p, name, error);
    if (r == 0 && p->engine.create) {
        p->ctx = p->engine.create();
        if (!p->ctx) {
            snprintf(error, POLICY_ERROR_SIZE, "%s: out of memory", name);
            r = -ENOMEM;
        }
    }
    if (r < 0) {
        p->engine.destroy = NULL; /* there is nothing of its own */
        policy_close(p);
        return r;
    }
    *ret = p;
    return 0;
}

int
policy_config(struct policy *p, const char *key, const char *value,
              char error[POLICY_ERROR_SIZE])
{
    error[0] = '\0';
    if (!p->engine.config) {
        snprintf(error, POLICY_ERROR_SIZE, "engine %s takes no options",
                 p->engine.name);
        return -EINVAL;
    }
    if (p->engine.config(p->ctx, key, value, error, POLICY_ERROR_SIZE) == 0)
        return 0;
    error[POLICY_ERROR_SIZE - 1] = '\0';
    if (error[0] == '\0')
        snprintf(error, POLICY_ERROR_SIZE, "engine %s refuses %s = %s",
                 p->engine.name, key, value);
    return -EINVAL;
}

int
policy_ready(struct policy *p, char error[POLICY_ERROR_SIZE])
{
    error[0] = '\0';
    if (!p->engine.config_complete ||
        p->engine.config_complete(p->ctx, error, POLICY_ERROR_SIZE) == 0)
        return 0;
    error[POLICY_ERROR_SIZE - 1] = '\0';
    if (error[0] == '\0')
        snprintf(error, POLICY_ERROR_SIZE,
                 "engine %s refuses its configuration", p->engine.name);
    return -EINVAL;
}

struct policy *
policy_close(struct policy *p)
{
    if (!p)
        return NULL;
    if (p->engine.destroy)
        p->engine.destroy(p->ctx);
    if (p->handle)
        dlclose(p->handle);
    free(p->wishes);
    free(p);
    return NULL;
}

const char *
policy_name(const struct policy *p)
{
    return p->engine.name;
}

const char *
policy_version(const struct policy *p)
{
    return p->engine.version ? p->engine.version : "";
}

const char *
policy_description(const struct policy *p)
{
    return p->engine.description ? p->engine.description : "";
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

int
policy_ask(struct policy *p, const struct snapshot *s)
{
    size_t n = s->xbp.n_guests;
    int r = wishes_reserve(p, s->capacity);

    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++)
        p->wishes[i] = s->entries[i].target_kib;
    if (p->engine.plan(p->ctx, &s->xbp, p->wishes) != 0)
        return -EIO;
    /* More than the host has is nonsense, and so is all that came with it. */
    for (size_t i = 0; i < n; i++) {
        if (p->wishes[i] > s->xbp.total_kib)
            return -EIO;
    }
    return 0;
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
    if (p->engine.explain)
        p->engine.explain(p->ctx, i, text, size);
    text[size - 1] = '\0';
}
