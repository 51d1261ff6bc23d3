/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The demand engine's reasons, in words. */
#ifndef DEMAND_WORDS_H
#define DEMAND_WORDS_H

#include <stddef.h>

#include "demand-share.h"

/* One sentence: what the guest needs, and so gets or gives. */
void demand_words(const struct demand_part *p, char *text, size_t text_size);

#endif
