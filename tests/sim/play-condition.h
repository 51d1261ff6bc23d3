/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions that a scenario expects to hold. */
#ifndef PLAY_CONDITION_H
#define PLAY_CONDITION_H

#include "play.h"

/* false, true, or -EINVAL: it makes no sense. */
int play_condition(struct play *p, const char *text);
/* The same of "actual 3 <= 1250", of which "actual" was read. */
int play_comparison(struct play *p, const char *quantity, const char *text);
/* "actual 3 = 1300" for the same text, as it is now; "" for another. */
void
play_comparison_now(struct play *p, const char *text, char *now, size_t size);

#endif
