/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table of what there is of each domain.  Its labels are domid, uuid and
 * name: only the first never names two at once, only the others last. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>

#include <event2/buffer.h>

#include "guest.h"
#include "metrics-domains.h"
#include "metrics-write.h"

/* Labels are a third of a sample's cost: made once for all of them. */
struct labels {
    struct evbuffer *all;
    size_t *lengths;
};

/* KiB; HOST_UNSET: there is no sample. */
typedef uint64_t value_fn(const struct guest *g);

static uint64_t
actual(const struct guest *g)
{
    return g->facts.actual_kib;
}

static uint64_t
target(const struct guest *g)
{
    return g->facts.target_kib;
}

static uint64_t
dynamic_min(const struct guest *g)
{
    return g->has_range ? g->range.dynamic_min_kib : HOST_UNSET;
}

static uint64_t
dynamic_max(const struct guest *g)
{
    return g->has_range ? g->range.dynamic_max_kib : HOST_UNSET;
}

static uint64_t
static_max(const struct guest *g)
{
    return g->facts.static_max_kib;
}

static uint64_t
is_stuck(const struct guest *g)
{
    return g->state == GUEST_STUCK;
}

static uint64_t
is_thrashing(const struct guest *g)
{
    return g->thrash.state >= THRASH_THRASH;
}

static const struct domain_metric {
    const char *name;
    const char *help;
    value_fn *value;
    uint64_t factor; /* of the value: KiB to bytes, or 1 */
} metrics[] = {
    { "domain_memory_actual_bytes", "Memory that the domain holds.", actual,
      1024 },
    { "domain_memory_target_bytes", "Memory that it is to hold.", target,
      1024 },
    { "domain_memory_dynamic_min_bytes", "The least that its target may be.",
      dynamic_min, 1024 },
    { "domain_memory_dynamic_max_bytes", "The most that its target may be.",
      dynamic_max, 1024 },
    { "domain_memory_static_max_bytes", "The most that it can ever hold.",
      static_max, 1024 },
    { "domain_stuck", "Does it not follow its target?", is_stuck, 1 },
    { "domain_thrashing", "Does it lack memory?", is_thrashing, 1 },
};

static void
add_labels(struct evbuffer *out, const struct guest *g)
{
    evbuffer_add_printf(out, "domid=\"%" PRIu32 "\",", g->facts.domid);
    metrics_label(out, "uuid", g->facts.uuid);
    evbuffer_add(out, ",", 1);
    metrics_label(out, "name", g->facts.name);
}

static void
write_metric(struct evbuffer *out, const struct guest_table *guests,
             const struct domain_metric *m, const struct labels *labels)
{
    const char *text = (const char *)evbuffer_pullup(labels->all, -1);

    metrics_head(out, m->name, "gauge", m->help);
    for (size_t i = 0; i < guests->n; i++) {
        uint64_t value = m->value(&guests->guests[i]);

        if (value != HOST_UNSET) {
            evbuffer_add_printf(out, METRICS_PREFIX "%s{", m->name);
            evbuffer_add(out, text, labels->lengths[i]);
            evbuffer_add_printf(out, "} %" PRIu64 "\n", value * m->factor);
        }
        text += labels->lengths[i];
    }
}

/* One sample for each, the state it is in. */
static void
write_states(struct evbuffer *out, const struct guest_table *guests,
             const struct labels *labels)
{
    const char *text = (const char *)evbuffer_pullup(labels->all, -1);

    metrics_head(out, "domain_state", "gauge",
                 "1 for the state that it is in.");
    for (size_t i = 0; i < guests->n; i++) {
        evbuffer_add_printf(out, METRICS_PREFIX "domain_state{");
        evbuffer_add(out, text, labels->lengths[i]);
        evbuffer_add_printf(out, ",state=\"%s\"} 1\n",
                            guest_state_name(guests->guests[i].state));
        text += labels->lengths[i];
    }
}

static void
write_all(struct evbuffer *out, const struct guest_table *guests,
          const struct labels *labels)
{
    size_t before = 0;

    for (size_t i = 0; i < guests->n; i++) {
        add_labels(labels->all, &guests->guests[i]);
        labels->lengths[i] = evbuffer_get_length(labels->all) - before;
        before += labels->lengths[i];
    }
    for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
        write_metric(out, guests, &metrics[i], labels);
    write_states(out, guests, labels);
}

void
metrics_write_domains(struct evbuffer *out, const struct guest_table *guests)
{
    struct labels labels = {
        .all = evbuffer_new(),
        .lengths = calloc(guests->n + 1, sizeof(size_t)),
    };

    if (labels.all && labels.lengths)
        write_all(out, guests, &labels);
    if (labels.all)
        evbuffer_free(labels.all);
    free(labels.lengths);
}
