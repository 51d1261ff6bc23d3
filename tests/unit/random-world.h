/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Worlds by chance, for tests of what holds in all of them. */
#ifndef TESTS_UNIT_RANDOM_WORLD_H
#define TESTS_UNIT_RANDOM_WORLD_H

#include <stdbool.h>

#include "world.h"

/* A number that who runs the tests may set, as PROPERTIES_SEED. */
uint64_t random_setting(const char *variable, uint64_t otherwise);
/* The dice begin anew; the same seed throws the same. */
void random_begin(uint64_t seed);
/* 0 .. sides - 1. */
uint64_t dice(uint64_t sides);
bool one_in(uint64_t sides);

/* Any host, any domains, good and bad, with a past of a few looks.  Done with
 * world_done. */
void random_world(struct world *w);

#endif
