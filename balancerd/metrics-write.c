/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every family has its help and its type before its samples. */
#include <config.h>

#include <inttypes.h>

#include <event2/buffer.h>

#include "metrics-write.h"
#include "util/histogram.h"
#include "util/text.h"
#include "util/units.h"

/* A name in xenstore is cut at 63 bytes, and each may become \xNN. */
#define VALUE_SIZE 320

void
metrics_head(struct evbuffer *out, const char *name, const char *type,
             const char *help)
{
    evbuffer_add_printf(out,
                        "# HELP " METRICS_PREFIX "%s %s\n"
                        "# TYPE " METRICS_PREFIX "%s %s\n",
                        name, help, name, type);
}

void
metrics_gauge(struct evbuffer *out, const char *name, const char *help,
              uint64_t value)
{
    metrics_head(out, name, "gauge", help);
    evbuffer_add_printf(out, METRICS_PREFIX "%s %" PRIu64 "\n", name, value);
}

void
metrics_counter(struct evbuffer *out, const char *name, const char *help,
                uint64_t value)
{
    metrics_head(out, name, "counter", help);
    evbuffer_add_printf(out, METRICS_PREFIX "%s %" PRIu64 "\n", name, value);
}

void
metrics_histogram(struct evbuffer *out, const char *name, const char *help,
                  const struct histogram *h)
{
    uint64_t n = 0;

    metrics_head(out, name, "histogram", help);
    for (size_t i = 0; i < HISTOGRAM_BOUNDS; i++) {
        n += h->counts[i];
        evbuffer_add_printf(out,
                            METRICS_PREFIX "%s_bucket{le=\"%" PRIu64
                                           ".%06" PRIu64 "\"} %" PRIu64 "\n",
                            name, h->bounds_us[i] / METRICS_US_PER_S,
                            h->bounds_us[i] % METRICS_US_PER_S, n);
    }
    n = histogram_count(h);
    evbuffer_add_printf(out,
                        METRICS_PREFIX "%s_bucket{le=\"+Inf\"} %" PRIu64
                                       "\n" METRICS_PREFIX "%s_sum %" PRIu64
                                       ".%06" PRIu64 "\n" METRICS_PREFIX
                                       "%s_count %" PRIu64 "\n",
                        name, n, name, h->sum_us / METRICS_US_PER_S,
                        h->sum_us % METRICS_US_PER_S, name, n);
}

void
metrics_label(struct evbuffer *out, const char *name, const char *value)
{
    char shown[VALUE_SIZE];

    text_escape(shown, sizeof(shown), value);
    evbuffer_add_printf(out, "%s=\"", name);
    for (const char *c = shown; *c; c++) {
        if (*c == '\\' || *c == '"')
            evbuffer_add(out, "\\", 1);
        evbuffer_add(out, c, 1);
    }
    evbuffer_add(out, "\"", 1);
}

uint64_t
metrics_bytes(uint64_t kib)
{
    return mul_div(kib, BYTES_PER_KIB, 1);
}
