/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names and units are those of Prometheus' conventions: bytes, seconds,
 * _total for what only rises. */
#include <config.h>

#include <inttypes.h>

#include <event2/buffer.h>

#include "events.h"
#include "metrics-domains.h"
#include "metrics-text.h"
#include "metrics-write.h"
#include "tick.h"
#include "util/histogram.h"
#include "util/units.h"

static void
write_account(struct evbuffer *out, const struct account *a)
{
    const struct {
        const char *use;
        uint64_t kib;
    } uses[] = {
        { "xen", a->xen_kib },         { "dom0", a->dom0_kib },
        { "domains", a->domains_kib }, { "reserved", a->reserved_kib },
        { "free", a->free_kib },
    };

    metrics_gauge(out, "host_memory_size_bytes", "Memory of the host.",
                  metrics_bytes(a->total_kib));
    metrics_head(out, "host_memory_bytes", "gauge",
                 "Who has the host's memory; the sum is its size.");
    for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
        evbuffer_add_printf(out,
                            METRICS_PREFIX
                            "host_memory_bytes{use=\"%s\"} %" PRIu64 "\n",
                            uses[i].use, metrics_bytes(uses[i].kib));
    metrics_gauge(out, "host_reserve_bytes",
                  "Memory to be kept free for the host.",
                  metrics_bytes(a->host_reserve_kib));
    metrics_gauge(out, "host_promised_bytes",
                  "Memory promised to reservations and not taken up.",
                  metrics_bytes(a->reservations_kib));
    metrics_gauge(out, "host_committed_bytes",
                  "Memory that domains may take up without asking again.",
                  metrics_bytes(a->commitments_kib));
}

static uint64_t
count_reservations(const struct balancer *b, enum reserve_state state)
{
    uint64_t n = 0;

    for (size_t i = 0; i < b->reservations.n; i++)
        n += b->reservations.list[i].state == state;
    return n;
}

static void
write_state(struct evbuffer *out, const struct balancer *b)
{
    metrics_head(out, "build_info", "gauge", "Its version.");
    evbuffer_add_printf(out, METRICS_PREFIX "build_info{version=\"%s\"} 1\n",
                        PACKAGE_VERSION);
    metrics_gauge(out, "host_up", "Can the host be observed?",
                  !b->is_host_lost);
    metrics_gauge(out, "host_squeezing",
                  "Is free memory short of what is promised?",
                  b->snapshot.is_squeezing);
    metrics_gauge(out, "domains", "Domains, domain 0 included.", b->guests.n);
    metrics_head(out, "reservations", "gauge", "Reservations by state.");
    evbuffer_add_printf(out,
                        METRICS_PREFIX
                        "reservations{state=\"pending\"} %" PRIu64
                        "\n" METRICS_PREFIX
                        "reservations{state=\"granted\"} %" PRIu64 "\n",
                        count_reservations(b, RESERVE_PENDING),
                        count_reservations(b, RESERVE_GRANTED));
}

static void
write_counters(struct evbuffer *out, const struct balancer *b)
{
    const struct tick_stats *s = &b->stats;

    metrics_counter(out, "ticks_total", "Looks at the host.", s->ticks);
    metrics_counter(out, "failed_ticks_total",
                    "Looks at the host that changed nothing, because of an "
                    "error.",
                    s->failed_ticks);
    metrics_counter(out, "target_writes_total", "Targets written.",
                    s->target_writes);
    metrics_counter(out, "reservations_granted_total", "Reservations granted.",
                    s->grants);
    metrics_counter(out, "reservations_refused_total",
                    "Reservations refused, at once or later.", s->refusals);
    metrics_counter(out, "engine_failures_total",
                    "Plans that an engine did not make.", s->engine_failures);
    metrics_counter(out, "unsafe_plans_total",
                    "Plans that were not safe, and dropped.",
                    s->guard_failures);
    metrics_counter(out, "events_total", "Events noted.",
                    events_last_id(b->events));
}

void
metrics_write(const struct metrics_source *source, struct evbuffer *out)
{
    const struct balancer *b = source->b;

    write_state(out, b);
    write_account(out, &b->snapshot.account);
    metrics_write_domains(out, &b->guests);
    write_counters(out, b);
    metrics_histogram(out, "squeeze_duration_seconds",
                      "Times for which free memory was short of what was "
                      "promised.",
                      &b->squeezes);
    metrics_histogram(out, "tick_duration_seconds",
                      "Times that looks at the host took.", source->ticks);
    metrics_histogram(out, "loop_lag_seconds",
                      "How much later than planned the loop looked.",
                      source->lags);
    evbuffer_add_printf(
        out,
        "# HELP process_cpu_seconds_total CPU time of the daemon.\n"
        "# TYPE process_cpu_seconds_total counter\n"
        "process_cpu_seconds_total %" PRIu64 ".%06" PRIu64 "\n",
        source->cpu_us / METRICS_US_PER_S, source->cpu_us % METRICS_US_PER_S);
}
