/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state of the daemon as Prometheus reads it: its text format, 0.0.4. */
#ifndef METRICS_TEXT_H
#define METRICS_TEXT_H

#include <stdint.h>

struct balancer;
struct evbuffer;
struct histogram;

struct metrics_source {
    const struct balancer *b;
    const struct histogram *lags;  /* of the loop's timer */
    const struct histogram *ticks; /* how long they took */
    uint64_t cpu_us;               /* of the process */
};

void metrics_write(const struct metrics_source *source, struct evbuffer *out);

#endif
