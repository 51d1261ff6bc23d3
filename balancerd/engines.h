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

#include "conf.h"
#include "plan.h"
#include "snapshot.h"

#define ENGINES_MAX     16
#define ENGINES_DEFAULT "default"

struct policy;

struct engine {
    char name[CONF_WORD_SIZE]; /* not that of what it is an instance of */
    struct conf_policy spec;   /* what it was made of */
    struct policy *policy;
    bool is_failing; /* it made no plan the last time ... */
    bool is_told;    /* ... and that was noted */
    uint64_t failures;
};

/* Zero-initialised before the first engines_put, which makes the default. */
struct engines {
    size_t n;
    struct engine *list[ENGINES_MAX];
    uint8_t *owners; /* of the sharers of a snapshot: places in list */
    size_t capacity;
};

/* An instance of spec, ready.  0 or -errno and a sentence. */
int engine_build(struct policy **ret, const struct conf_policy *spec,
                 char error[CONF_ERROR_SIZE]);

/* Puts an instance of spec in the place of the one with that name, or behind
 * all others; it is ready before the old one goes.  name "": what the engine
 * calls itself.  0 and, if ret is not NULL, the instance; or -errno and a
 * sentence: nothing has changed. */
int
engines_put(struct engines *t, const char *name, const struct conf_policy *spec,
            struct engine **ret, char error[CONF_ERROR_SIZE]);
/* -ENOENT, -EBUSY (the default one). */
int engines_remove(struct engines *t, const char *name,
                   char error[CONF_ERROR_SIZE]);
void engines_done(struct engines *t);

/* NULL if there is none. */
struct engine *engines_find(const struct engines *t, const char *name);
/* Who plans for a domain with that in its settings: the default one if there
 * is no such instance, any more or yet. */
struct engine *engines_of(const struct engines *t, const char *name);

/* Fills the wishes of a begun plan.  The domains of an engine that fails keep
 * their targets (PLAN_KEPT).  0, -EIO (some failed: is_failing) or -ENOMEM. */
int
engines_plan(struct engines *t, const struct snapshot *s, struct plan *plan);

#endif
