/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of Prometheus' text format. */
#ifndef METRICS_WRITE_H
#define METRICS_WRITE_H

#include <stdint.h>

struct evbuffer;
struct histogram;

#define METRICS_PREFIX   "xen_balancer_"
#define METRICS_US_PER_S 1000000u

/* names are without the prefix; help is without a backslash or a newline. */
void metrics_head(struct evbuffer *out, const char *name, const char *type,
                  const char *help);
void metrics_gauge(struct evbuffer *out, const char *name, const char *help,
                   uint64_t value);
void metrics_counter(struct evbuffer *out, const char *name, const char *help,
                     uint64_t value);
void metrics_histogram(struct evbuffer *out, const char *name, const char *help,
                       const struct histogram *h);
/* A label's value, which nothing in it ends, and which is UTF-8. */
void metrics_label(struct evbuffer *out, const char *name, const char *value);
uint64_t metrics_bytes(uint64_t kib);

#endif
