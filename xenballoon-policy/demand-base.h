/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is seen of a guest, and remembered. */
#ifndef DEMAND_BASE_H
#define DEMAND_BASE_H

#include "demand-need.h"

/* From the moment that a guest allocates until it has got more: two seconds to
 * the second sample, which shows how fast it grows, one of rest (G9), and three
 * for the balloons of who gives and who gets: those chosen on the tune half. */
#define DEMAND_REACTION_MS 6000

/* Who says so often in a row what cannot be lies. */
#define DEMAND_ABSURD_SAMPLES 3
/* What it used at most is remembered for so many lessons.  Chosen on the tune
 * half: with six, an hour, batch jobs leave servers what these used in their
 * last busy time; with one, scenario 44 loses 46 s more. */
#define DEMAND_PEAK_LESSONS 6

/* Says nothing, or nothing that can be, but the host sees it swap? */
bool demand_is_silent(const struct xbp_guest *g, const struct demand_memory *m);
/* What it could not do without, in the measure of a target; XBP_UNKNOWN. */
uint64_t demand_base_kib(const struct demand_look *l, struct demand_memory *m);
/* Is it seen to swap, and its agent says nothing of that? */
bool demand_is_late(const struct xbp_guest *g);
/* Has its agent told anything since it was looked at? */
bool
demand_has_news(const struct demand_look *l, const struct demand_memory *m);
/* Takes news in. */
void demand_take_sample(const struct demand_look *l, struct demand_memory *m,
                        uint64_t now_base_kib);
void demand_watch_peak(const struct demand_look *l, struct demand_memory *m);
void demand_watch_speed(const struct demand_look *l, struct demand_memory *m);
/* What it will use, beyond what it does, before it can get more. */
uint64_t demand_ahead_kib(const struct demand_memory *m);

#endif
