/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ring of samples, and their means over intervals. */
#include <config.h>

#include <stdlib.h>

#include "history.h"

struct history {
    size_t n; /* ever added */
    struct history_sample samples[HISTORY_SAMPLES];
};

struct history *
history_new(void)
{
    return calloc(1, sizeof(struct history));
}

struct history *
history_free(struct history *h)
{
    free(h);
    return NULL;
}

static const struct history_sample *
sample(const struct history *h, size_t i)
{
    return &h->samples[i % HISTORY_SAMPLES];
}

bool
history_is_due(const struct history *h, uint64_t now_ms)
{
    return h->n == 0 || now_ms / HISTORY_STEP_MS !=
                            sample(h, h->n - 1)->time_ms / HISTORY_STEP_MS;
}

void
history_add(struct history *h, const struct history_sample *s)
{
    h->samples[h->n++ % HISTORY_SAMPLES] = *s;
}

static void
add_up(struct history_sample *sum, const struct history_sample *s)
{
    sum->total_kib += s->total_kib;
    sum->free_kib += s->free_kib;
    sum->reserved_kib += s->reserved_kib;
    sum->dom0_kib += s->dom0_kib;
    sum->domains_kib += s->domains_kib;
    sum->targets_kib += s->targets_kib;
    sum->is_squeezing |= s->is_squeezing;
    sum->time_ms = s->time_ms;
    sum->wall_ms = s->wall_ms;
    sum->n_domains = s->n_domains;
}

static struct history_sample
mean_of(const struct history_sample *sum, size_t n)
{
    struct history_sample mean = *sum;

    mean.total_kib /= n;
    mean.free_kib /= n;
    mean.reserved_kib /= n;
    mean.dom0_kib /= n;
    mean.domains_kib /= n;
    mean.targets_kib /= n;
    return mean;
}

/* The first sample of since_ms or later; h->n if there is none. */
static size_t
first_since(const struct history *h, uint64_t since_ms)
{
    size_t i = h->n > HISTORY_SAMPLES ? h->n - HISTORY_SAMPLES : 0;

    while (i < h->n && sample(h, i)->time_ms < since_ms)
        i++;
    return i;
}

void
history_rows(const struct history *h, uint64_t since_ms, uint64_t interval_ms,
             history_row_fn *fn, void *arg)
{
    size_t i = first_since(h, since_ms);

    while (i < h->n) {
        uint64_t interval = sample(h, i)->time_ms / interval_ms;
        struct history_sample sum = { 0 }, row;
        size_t n = 0;

        for (; i < h->n && sample(h, i)->time_ms / interval_ms == interval; n++)
            add_up(&sum, sample(h, i++));
        row = mean_of(&sum, n);
        fn(arg, &row);
    }
}
