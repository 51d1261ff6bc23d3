/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads phases like "60s anon=2GiB hot=1GiB touch=64MiB". */
#include <config.h>

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "sim-event.h"
#include "sim-work.h"
#include "util/parse.h"
#include "util/units.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Source: tests/bench/calibration.md: 3,900 MiB/s are touched first by a thread
 * that does nothing else, 200 to 2,000 by one that also computes. */
#define GROWTH_KIB_PER_S (200 * KIB_PER_MIB)
/* Source: a judgement.  Reading a page and doing nothing else takes 2 us
 * (calibration.md), which is 2,000 MiB/s; a key-value store with 10,000
 * requests a second touches a page or two for each. */
#define TOUCH_KIB_PER_S (64 * KIB_PER_MIB)
/* Source: a judgement: a web or file server with some 4,000 reads a second. */
#define READ_KIB_PER_S (16 * KIB_PER_MIB)
#define TASKS_MAX      64

static const struct {
    const char *word;
    size_t offset;
} amounts[] = {
    { "anon", offsetof(struct sim_demand, anon_kib) },
    { "hot", offsetof(struct sim_demand, hot_kib) },
    { "file", offsetof(struct sim_demand, file_kib) },
    { "touch", offsetof(struct sim_demand, touch_kib_per_s) },
    { "read", offsetof(struct sim_demand, read_kib_per_s) },
    { "scan", offsetof(struct sim_demand, scan_kib_per_s) },
    { "growth", offsetof(struct sim_demand, growth_kib_per_s) },
};

static int
take_word(struct sim_demand *d, const char *key, const char *value)
{
    for (size_t i = 0; i < LENGTH(amounts); i++)
        if (strcmp(key, amounts[i].word) == 0)
            return parse_kib(value, (uint64_t *)(void *)((char *)d +
                                                         amounts[i].offset));
    if (strcmp(key, "tasks") == 0)
        return parse_u64(value, 1, TASKS_MAX, &d->tasks);
    if (strcmp(key, "curve") == 0)
        return sim_curve_find(value, &d->curve);
    return -EINVAL;
}

/* "key=value", taken apart in place. */
static int
take_pair(struct sim_demand *d, char *pair)
{
    char *equals = strchr(pair, '=');

    if (!equals)
        return -EINVAL;
    *equals = '\0';
    return take_word(d, pair, equals + 1);
}

int
sim_work_add(struct sim_work *w, const char *text)
{
    struct sim_phase phase = {
        .demand =
            {
                .touch_kib_per_s = TOUCH_KIB_PER_S,
                .read_kib_per_s = READ_KIB_PER_S,
                .growth_kib_per_s = GROWTH_KIB_PER_S,
                .tasks = 1,
            },
    };
    char word[SIM_KEY_SIZE];
    int n;

    if (w->n == SIM_WORK_PHASES)
        return -EINVAL;
    if (w->n > 0)
        phase.demand = w->phases[w->n - 1].demand;
    if (sim_next_word(&text, word, sizeof(word)) <= 0 ||
        parse_duration_ms(word, &phase.at_ms) < 0)
        return -EINVAL;
    while ((n = sim_next_word(&text, word, sizeof(word))) > 0)
        if (take_pair(&phase.demand, word) < 0)
            return -EINVAL;
    if (n < 0 || (w->n > 0 && phase.at_ms <= w->phases[w->n - 1].at_ms))
        return -EINVAL;
    w->phases[w->n++] = phase;
    return 0;
}
