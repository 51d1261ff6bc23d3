/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds, checks and calls an engine's functions. */
#include <config.h>

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "policy-builtin.h"
#include "policy-code.h"
#include "util/units.h"

#define INIT_SYMBOL "xbp_policy_init"

/* An engine must have all up to its plan.  The ABI grows by a few members in
 * years: with so many it is no ABI, and what would be copied no functions. */
#define LEAST_SIZE (offsetof(struct xbp_policy, plan) + sizeof(void (*)(void)))
#define MOST_SIZE  4096

static bool
is_name(const char *name)
{
    size_t length = strnlen(name, POLICY_NAME_SIZE);

    return length > 0 && length < POLICY_NAME_SIZE &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static int
check_engine(const struct xbp_policy *engine, char error[POLICY_ERROR_SIZE])
{
    if (!engine->name || !engine->plan)
        snprintf(error, POLICY_ERROR_SIZE, "it has no %s",
                 engine->name ? "plan function" : "name");
    else if (!is_name(engine->name))
        snprintf(error, POLICY_ERROR_SIZE,
                 "its name is not one to %d small letters, digits and '-'",
                 POLICY_NAME_SIZE - 1);
    else
        return 0;
    return -EINVAL;
}

/* An older or newer engine fills fewer or more members than we know. */
static int
take_engine(struct policy_code *c, const struct xbp_policy *engine,
            char error[POLICY_ERROR_SIZE])
{
    size_t size;

    if (!engine || engine->_api_version != XBP_API_VERSION) {
        snprintf(error, POLICY_ERROR_SIZE,
                 "its ABI version is %d, this daemon knows %d",
                 engine ? engine->_api_version : 0, XBP_API_VERSION);
        return -EINVAL;
    }
    if (engine->_struct_size < LEAST_SIZE || engine->_struct_size > MOST_SIZE) {
        snprintf(error, POLICY_ERROR_SIZE,
                 "the size of its struct is %" PRIu64
                 ", not one of %zu to %d bytes",
                 engine->_struct_size, LEAST_SIZE, MOST_SIZE);
        return -EINVAL;
    }
    size = min_u64(engine->_struct_size, sizeof(c->engine));
    memcpy(&c->engine, engine, size);
    return check_engine(&c->engine, error);
}

static int
open_file(struct policy_code *c, const char *path,
          char error[POLICY_ERROR_SIZE])
{
    union {
        void *symbol;
        const struct xbp_policy *(*function)(void);
    } init;
    const char *why;

    c->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!c->handle) {
        why = dlerror();
        snprintf(error, POLICY_ERROR_SIZE, "%s", why ? why : path);
        return -EINVAL;
    }
    init.symbol = dlsym(c->handle, INIT_SYMBOL);
    if (!init.symbol) {
        snprintf(error, POLICY_ERROR_SIZE, "it has no %s()", INIT_SYMBOL);
        return -EINVAL;
    }
    return take_engine(c, init.function(), error);
}

static int
open_builtin(struct policy_code *c, const char *name,
             char error[POLICY_ERROR_SIZE])
{
    for (size_t i = 0; policy_builtins[i]; i++) {
        const struct xbp_policy *engine = policy_builtins[i]();

        if (strcmp(engine->name, name) == 0)
            return take_engine(c, engine, error);
    }
    snprintf(error, POLICY_ERROR_SIZE, "there is no engine called %s", name);
    return -ENOENT;
}

int
policy_code_open(struct policy_code *c, const char *name,
                 char error[POLICY_ERROR_SIZE])
{
    int r = strchr(name, '/') ? open_file(c, name, error)
                              : open_builtin(c, name, error);

    if (r < 0)
        c->engine.destroy = NULL; /* there is nothing of its own */
    return r;
}

int
policy_code_create(struct policy_code *c, char error[POLICY_ERROR_SIZE])
{
    if (!c->engine.create)
        return 0;
    c->ctx = c->engine.create();
    if (c->ctx)
        return 0;
    c->engine.destroy = NULL;
    snprintf(error, POLICY_ERROR_SIZE, "out of memory: its create failed");
    return -ENOMEM;
}

int
policy_code_config(const struct policy_code *c, const char *key,
                   const char *value, char error[POLICY_ERROR_SIZE])
{
    error[0] = '\0';
    if (!c->engine.config) {
        snprintf(error, POLICY_ERROR_SIZE, "engine %s takes no options",
                 c->engine.name);
        return -EINVAL;
    }
    if (c->engine.config(c->ctx, key, value, error, POLICY_ERROR_SIZE) == 0)
        return 0;
    error[POLICY_ERROR_SIZE - 1] = '\0';
    if (error[0] == '\0')
        snprintf(error, POLICY_ERROR_SIZE, "engine %s refuses %s = %s",
                 c->engine.name, key, value);
    return -EINVAL;
}

int
policy_code_ready(const struct policy_code *c, char error[POLICY_ERROR_SIZE])
{
    error[0] = '\0';
    if (!c->engine.config_complete ||
        c->engine.config_complete(c->ctx, error, POLICY_ERROR_SIZE) == 0)
        return 0;
    error[POLICY_ERROR_SIZE - 1] = '\0';
    if (error[0] == '\0')
        snprintf(error, POLICY_ERROR_SIZE,
                 "engine %s refuses its configuration", c->engine.name);
    return -EINVAL;
}

void
policy_code_explain(const struct policy_code *c, uint64_t i, char *text,
                    size_t size)
{
    text[0] = '\0';
    if (c->engine.explain)
        c->engine.explain(c->ctx, i, text, size);
    text[size - 1] = '\0';
}

void
policy_code_close(struct policy_code *c)
{
    if (c->engine.destroy)
        c->engine.destroy(c->ctx);
    if (c->handle)
        dlclose(c->handle);
    *c = (struct policy_code){ 0 };
}
