/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an observation says about one domain: its state and its lessons. */
#ifndef GUEST_JUDGE_H
#define GUEST_JUDGE_H

#include <stdint.h>

#include "guest.h"

/* g becomes a domain that nothing is known of but d. */
void guest_judge_first(struct guest *g, const struct host_domain *d,
                       uint64_t now_ms);
/* Takes d in and judges the state anew. */
void guest_judge(struct guest *g, const struct host_domain *d,
                 const struct tuning *tuning, uint64_t now_ms);

#endif
