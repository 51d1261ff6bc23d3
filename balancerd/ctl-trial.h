/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What would be done, as clients see it. */
#ifndef CTL_TRIAL_H
#define CTL_TRIAL_H

#include "trial.h"

struct json_object;
struct verb_call;

/* trial_run on the host as it was seen last; after a 0 the caller ends it. 0,
 * or -EINVAL with call->error. */
int verb_try(struct verb_call *call, uint64_t asked_kib, struct trial *ret);
/* The target that the domain would be told. */
uint64_t trial_next_kib(const struct trial *t, const struct guest *g);
void trial_set_next(struct json_object *record, const struct trial *t,
                    const struct guest *g);

#endif
