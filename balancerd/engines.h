/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The policy engines in force.  Each is shown the whole host; what it wishes
 * counts for the domains that are its own.  The first one is everyone's who
 * has no other.
 */
#ifndef ENGINES_H
#define ENGINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine.h"
#include "plan.h"
#include "snapshot.h"

#define ENGINES_MAX     16
#define ENGINES_DEFAULT "default"

/* Zero-initialised before the first engines_put, which makes the default. */
struct engines {
    size_t n;
    struct engine *list[ENGINES_MAX];
    struct policy *stand_in; /* for a default one that is set aside */
    /* How long a plugin is waited for in a tick; 0: tuning_default's. */
    uint64_t budget_ms;
    /* What a new plugin has to plan for before it is in force; or NULL. */
    const struct snapshot *trial;
    const char *dir; /* not owned; where all but the default one last; NULL */
    bool is_foreign; /* what is there is not ours to change */
    uint8_t *owners; /* of the sharers of a snapshot: places in list */
    size_t capacity;
};

/* Puts an instance of spec in the place of the one with that name, or behind
 * all others; it is ready, and kept on disk, before the old one goes.  name "":
 * what the engine calls itself.  0 and, if ret is not NULL, the instance; or
 * -errno and a sentence: nothing has changed. */
int
engines_put(struct engines *t, const char *name, const struct conf_policy *spec,
            struct engine **ret, char error[CONF_ERROR_SIZE]);
/* A place for one that cannot be loaded now, set aside.  error comes in with
 * the reason.  0 or -errno and a sentence. */
int engines_hold(struct engines *t, const char *name,
                 const struct conf_policy *spec, char error[CONF_ERROR_SIZE]);
/* -ENOENT, -EBUSY (the default one), -EIO (not on disk). */
int engines_remove(struct engines *t, const char *name,
                   char error[CONF_ERROR_SIZE]);
void engines_done(struct engines *t);

/* NULL if there is none. */
struct engine *engines_find(const struct engines *t, const char *name);
/* Who plans for a domain with that in its settings: the default one if there
 * is no such instance, any more or yet, or if it is set aside. */
struct engine *engines_of(const struct engines *t, const char *name);
/* What plans in the name of e; NULL if nothing does. */
struct policy *engines_policy(const struct engines *t, const struct engine *e);
/* What that calls itself. */
const char *engines_code_name(const struct engines *t, const struct engine *e);
bool engines_are_failing(const struct engines *t);

/* Fills the wishes of a begun plan.  The domains of an engine that fails keep
 * their targets (PLAN_KEPT).  0, -EIO (some failed: is_failing) or -ENOMEM. */
int
engines_plan(struct engines *t, const struct snapshot *s, struct plan *plan);

#endif
