/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads and unloads engines for clients and for a new configuration. */
#include <config.h>

#include "book-engine.h"
#include "note.h"
#include "policy.h"
#include "tick.h"

int
book_put_engine(struct balancer *b, const char *name,
                const struct conf_policy *spec, struct engine **ret,
                char error[CONF_ERROR_SIZE])
{
    const char *version;
    struct engine *e;
    int r = engines_put(b->engines, name, spec, &e, error);

    if (r < 0)
        return r;
    version = policy_version(e->policy);
    note(b, EVENTS_ENGINE_CHANGED, "engine %s is %s%s%s", e->name,
         policy_name(e->policy), version[0] ? " " : "", version);
    b->is_asked = true;
    if (ret)
        *ret = e;
    return 0;
}

int
book_remove_engine(struct balancer *b, const char *name,
                   char error[CONF_ERROR_SIZE])
{
    int r = engines_remove(b->engines, name, error);

    if (r < 0)
        return r;
    note(b, EVENTS_ENGINE_CHANGED,
         "engine %s is unloaded; its domains have the default one", name);
    b->is_asked = true;
    return 0;
}
