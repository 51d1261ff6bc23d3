/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest says of its memory, as members of its record. */
#ifndef CTL_LOAD_H
#define CTL_LOAD_H

#include <stdint.h>

#include "guest.h"

struct json_object;

/* A map of what is known; the caller owns it. */
struct json_object *load_map(const struct guest *g, uint64_t now_ms);
/* Whether it has an agent, and the rates of what that told last. */
void load_explain(struct json_object *record, const struct guest *g,
                  uint64_t now_ms);

#endif
