/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's account over the last day: a sample every ten seconds, in a ring
 * of 600 KiB that is allocated once. */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTORY_STEP_MS 10000u
#define HISTORY_SAMPLES (24 * 3600 / 10)

struct history_sample {
    uint64_t time_ms; /* monotonic */
    uint64_t wall_ms; /* since 1970 */
    uint64_t total_kib;
    uint64_t free_kib;     /* promised to nobody */
    uint64_t reserved_kib; /* free, and kept for the host or someone */
    uint64_t dom0_kib;     /* what domain 0 holds ... */
    uint64_t domains_kib;  /* ... and the others ... */
    uint64_t targets_kib;  /* ... and what these are to hold */
    uint32_t n_domains;    /* domain 0 included */
    bool is_squeezing;     /* at any time since the sample before it */
};

struct history;

struct history *history_new(void);               /* NULL: no memory */
struct history *history_free(struct history *h); /* NULL in, NULL out */

/* Is it time for another sample? */
bool history_is_due(const struct history *h, uint64_t now_ms);
/* The oldest makes room.  Times rise. */
void history_add(struct history *h, const struct history_sample *s);

typedef void history_row_fn(void *arg, const struct history_sample *row);
/* A row for each interval_ms that has samples, from since_ms on, the oldest
 * first: means of its amounts, time and number of domains of its last sample,
 * squeezing if it was at any time.  Intervals begin at multiples of their
 * length, so that the same ones come back the next time. */
void history_rows(const struct history *h, uint64_t since_ms,
                  uint64_t interval_ms, history_row_fn *fn, void *arg);

#endif
