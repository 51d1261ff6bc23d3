/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Serves metrics over HTTP: whoever connects may read them, and only that.
 * What clients cost is bounded: connections, their time, and how often the
 * text is made.
 */
#ifndef METRICS_H
#define METRICS_H

#include <stdint.h>

#define METRICS_ERROR_SIZE 256

struct evbuffer;
struct event_base;
struct metrics;

/* The text as of now. */
typedef void metrics_make_fn(void *arg, struct evbuffer *out);

struct metrics_config {
    struct event_base *base;
    const char *listen; /* an address, or a port on this host alone */
    metrics_make_fn *make;
    void *arg;
};

/* 0, or -errno and a sentence. */
int metrics_open(struct metrics **ret, const struct metrics_config *config,
                 char error[METRICS_ERROR_SIZE]);
struct metrics *metrics_close(struct metrics *m); /* NULL is fine */

#endif
