/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is a sample different enough from the last one to tell the host of it?
 * Each one costs a write to xenstore, which all guests share. */
#ifndef GUEST_NEWS_H
#define GUEST_NEWS_H

#include <stdbool.h>

#include "proto/sample.h"

/* Something is told this often though nothing changed: the host takes an
 * agent for dead that was silent for three times as long. */
#define NEWS_HEARTBEAT_MS 10000

/* Zeroed at first: nothing was told. */
struct news {
    struct sample last; /* that was told */
    bool was_busy;      /* it told of swapping or stalls, of which the host
                         * will want to know the end */
};

bool news_is_due(const struct news *n, const struct sample *s);
/* s was told. */
void news_note(struct news *n, const struct sample *s);

#endif
