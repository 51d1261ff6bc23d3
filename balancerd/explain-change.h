/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What would have to happen for a domain's target to be another one. */
#ifndef EXPLAIN_CHANGE_H
#define EXPLAIN_CHANGE_H

#include "guest.h"
#include "plan.h"
#include "snapshot.h"

#define EXPLAIN_SENTENCE_SIZE 160

/* What is planned for a domain now. */
struct explain_facts {
    const struct guest *g;
    const struct wish *wish; /* NULL: nobody plans for it */
    const struct step *step; /* of its target; NULL: it stays */
    const struct snapshot *snapshot;
};

typedef void explain_change_fn(void *arg, const char *sentence);

/* Each a sentence that goes on after "the target changes when". */
void explain_changes(const struct explain_facts *f, explain_change_fn *fn,
                     void *arg);

/* What keeps its lowest target where it is: "its dynamic-min", ... */
const char *explain_floor(const struct guest *g, const struct tuning *tuning);

#endif
