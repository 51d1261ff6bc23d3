/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One policy engine in force: an instance, its options, its fate. */
#ifndef ENGINE_H
#define ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"
#include "snapshot.h"

#define ENGINE_TITLE_SIZE (CONF_WORD_SIZE + CONF_ENGINE_SIZE + 4)

struct policy;

struct engine {
    char name[CONF_WORD_SIZE]; /* not that of what it is an instance of */
    struct conf_policy spec;   /* what it was made of */
    struct policy *policy;     /* NULL: it was never loaded */
    bool is_failing;           /* it made no plan the last time ... */
    bool is_told;              /* ... and that was noted */
    /* It does not plan until it is loaded again, and why; that was noted. */
    bool is_set_aside;
    bool is_aside_told;
    char why[CONF_ERROR_SIZE];
    uint64_t failures;
};

/* An instance of spec, ready; if trial is not NULL, one that has planned for
 * it, or refused to.  0 or -errno and a sentence. */
int engine_build(struct policy **ret, const struct conf_policy *spec,
                 const struct snapshot *trial, uint64_t budget_ms,
                 char error[CONF_ERROR_SIZE]);
/* May it be called that?  0, or -EINVAL and a sentence. */
int engine_check_name(const char *name, char error[CONF_ERROR_SIZE]);
/* For people: "low (/path/x.so)". */
void engine_title(const struct engine *e, char title[ENGINE_TITLE_SIZE]);
/* Takes policy, of spec, instead of what it has. */
void engine_take(struct engine *e, const struct conf_policy *spec,
                 struct policy *policy);
void engine_set_aside(struct engine *e, const char *why);
void engine_free(struct engine *e);

#endif
