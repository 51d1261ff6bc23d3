/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does a domain suffer, and is that our doing? */
#ifndef GUEST_PAIN_H
#define GUEST_PAIN_H

#include <stdint.h>

struct guest;
struct tuning;

/* Takes in what the domain's facts say of its load, and judges it anew. */
void guest_take_load(struct guest *g, uint64_t now_ms);
void
guest_judge_pain(struct guest *g, const struct tuning *tuning, uint64_t now_ms);

#endif
