/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's account and what each domain held over the last day: by the
 * second for a quarter of an hour, by ten seconds for three hours, by the
 * minute for a day: means, not moments.  240 KiB for the host, 27 KiB for each
 * domain.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host-view.h"

#define HISTORY_TIERS   3
#define HISTORY_STEP_MS 1000u /* of the finest */
/* Domains that are remembered; of those that are gone so many. */
#define HISTORY_TRACKS      1024
#define HISTORY_TRACKS_GONE 128

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
/* The oldest makes room.  Times rise.  Several in one step of a ring are one
 * sample there. */
void history_add(struct history *h, const struct history_sample *s);
/* What a domain had at the time of the last sample, which there is; HOST_UNSET:
 * no target.  One that there is no room for is not remembered. */
void history_put(struct history *h, const struct host_domain *d);

/* Samples that make up a row: valid until the next history_add. */
struct history_group {
    size_t tier;
    size_t first;
    size_t n;
};

typedef void history_row_fn(void *arg, const struct history_sample *row,
                            const struct history_group *group);
/* A row for each interval that has samples, from since_ms on, the oldest
 * first: means of its amounts, time and number of domains of its last sample,
 * squeezing if it was at any time.  Intervals begin at multiples of their
 * length, so that the same ones come back the next time; they are as long as
 * interval_ms or, if it was not remembered as closely since then, longer: the
 * length is returned. */
uint64_t history_rows(const struct history *h, uint64_t since_ms,
                      uint64_t interval_ms, history_row_fn *fn, void *arg);

/* A domain that is or was there, by index; names stay until history_put. */
struct history_domain {
    uint32_t domid;
    const char *uuid;
    const char *name;
    uint64_t seen_ms; /* the last time */
};
size_t history_n_domains(const struct history *h);
struct history_domain history_domain(const struct history *h, size_t i);
/* Means over a row; HOST_UNSET where it was not there, or had no target. */
void history_means(const struct history *h, size_t i,
                   const struct history_group *group, uint64_t *ret_target_kib,
                   uint64_t *ret_actual_kib);

#endif
