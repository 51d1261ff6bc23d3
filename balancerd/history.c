/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rings of samples, coarser the further back they reach, and their means over
 * intervals.  What domains had is in rings of their own beside them.  The last
 * sample of each ring is the mean so far of its step. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "util/units.h"

static const struct tier_shape {
    uint64_t step_ms;
    size_t size;  /* samples in it */
    size_t begin; /* where they begin in an array of all */
} shapes[HISTORY_TIERS] = {
    { HISTORY_STEP_MS, 900, 0 },
    { 10 * HISTORY_STEP_MS, 1080, 900 },
    { 60 * HISTORY_STEP_MS, 1440, 1980 },
};
#define N_SAMPLES 3420
#define DAY_MS    (24 * 3600 * 1000ull)

/* In pages of 4 KiB: 16 TiB fit in. */
struct point {
    uint32_t target;
    uint32_t actual;
};
#define POINT_UNSET UINT32_MAX

/* A mean on its way. */
struct mean {
    uint64_t sum;
    uint64_t n;
};

struct track {
    uint32_t domid;
    char uuid[HOST_UUID_SIZE];
    char name[HOST_NAME_SIZE];
    uint64_t seen_ms;
    size_t first[HISTORY_TIERS]; /* of its points; those before it are unset */
    struct mean targets[HISTORY_TIERS]; /* in pages, of the last point */
    struct mean actuals[HISTORY_TIERS];
    struct point points[N_SAMPLES];
};

/* Half of them are empty at least. */
#define SLOTS (2 * HISTORY_TRACKS)

/* The sum spares looking at tracks, which lie far apart. */
struct slot {
    uint32_t sum;   /* of the uuid */
    uint16_t track; /* 1 + its index, 0 for none */
};

struct history {
    size_t n[HISTORY_TIERS];    /* ever added */
    size_t n_in[HISTORY_TIERS]; /* looks that its last sample is made of, */
    struct history_sample sums[HISTORY_TIERS]; /* and their sum */
    struct history_sample samples[N_SAMPLES];
    uint64_t now_ms;    /* of the last sample ... */
    uint64_t before_ms; /* ... and of the one before it */
    bool is_full;       /* nobody who is gone makes room now */
    size_t n_tracks;
    struct track *tracks[HISTORY_TRACKS];
    struct slot slots[SLOTS]; /* hashed by uuid */
};

struct history *
history_new(void)
{
    return calloc(1, sizeof(struct history));
}

struct history *
history_free(struct history *h)
{
    for (size_t i = 0; h && i < h->n_tracks; i++)
        free(h->tracks[i]);
    free(h);
    return NULL;
}

static size_t
place(size_t tier, size_t i)
{
    return shapes[tier].begin + i % shapes[tier].size;
}

static const struct history_sample *
sample(const struct history *h, size_t tier, size_t i)
{
    return &h->samples[place(tier, i)];
}

static bool
is_due(const struct history *h, size_t tier, uint64_t now_ms)
{
    uint64_t step_ms = shapes[tier].step_ms;

    return h->n[tier] == 0 ||
           now_ms / step_ms !=
               sample(h, tier, h->n[tier] - 1)->time_ms / step_ms;
}

bool
history_is_due(const struct history *h, uint64_t now_ms)
{
    return is_due(h, 0, now_ms);
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

static void
open_step(struct history *h, size_t tier)
{
    size_t at = place(tier, h->n[tier]);

    h->sums[tier] = (struct history_sample){ 0 };
    h->n_in[tier] = 0;
    h->n[tier]++;
    for (size_t i = 0; i < h->n_tracks; i++) {
        struct track *t = h->tracks[i];

        t->points[at] = (struct point){ POINT_UNSET, POINT_UNSET };
        t->targets[tier] = t->actuals[tier] = (struct mean){ 0 };
    }
}

static void
add_to_tier(struct history *h, size_t tier, const struct history_sample *s)
{
    if (is_due(h, tier, s->time_ms))
        open_step(h, tier);
    add_up(&h->sums[tier], s);
    h->n_in[tier]++;
    h->samples[place(tier, h->n[tier] - 1)] =
        mean_of(&h->sums[tier], h->n_in[tier]);
}

/* FNV-1a */
static uint32_t
hash(const char *text)
{
    uint64_t sum = 0xcbf29ce484222325u;

    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 0x100000001b3u;
    return (uint32_t)sum;
}

/* Where the domain's track is, or where it would be. */
static struct slot *
find_slot(struct history *h, const char *uuid, uint32_t domid)
{
    uint32_t sum = hash(uuid);
    struct slot *slot = &h->slots[sum % SLOTS];

    while (slot->track > 0) {
        const struct track *t = h->tracks[slot->track - 1];

        if (slot->sum == sum && strcmp(t->uuid, uuid) == 0 &&
            (uuid[0] || t->domid == domid))
            break;
        slot = slot == &h->slots[SLOTS - 1] ? h->slots : slot + 1;
    }
    return slot;
}

static void
enter(struct history *h, size_t i)
{
    const struct track *t = h->tracks[i];

    *find_slot(h, t->uuid, t->domid) = (struct slot){
        .sum = hash(t->uuid),
        .track = (uint16_t)(i + 1),
    };
}

static void
forget(struct history *h, size_t i)
{
    free(h->tracks[i]);
    h->n_tracks--;
    for (; i < h->n_tracks; i++)
        h->tracks[i] = h->tracks[i + 1];
    memset(h->slots, 0, sizeof(h->slots));
    for (i = 0; i < h->n_tracks; i++)
        enter(h, i);
}

void
history_add(struct history *h, const struct history_sample *s)
{
    for (size_t i = 0; i < HISTORY_TIERS; i++)
        add_to_tier(h, i, s);
    h->before_ms = h->now_ms;
    h->now_ms = s->time_ms;
    h->is_full = false;
    for (size_t i = 0; i < h->n_tracks; i++)
        if (sat_sub(s->time_ms, h->tracks[i]->seen_ms) > DAY_MS)
            forget(h, i--);
}

/* Not even in the sample before this one. */
static bool
is_gone(const struct history *h, const struct track *t)
{
    return t->seen_ms < h->before_ms;
}

/* One that is gone makes room, the one that has been for longest. */
static void
make_room(struct history *h)
{
    size_t n_gone = 0, oldest = h->n_tracks;

    for (size_t i = 0; i < h->n_tracks; i++) {
        if (!is_gone(h, h->tracks[i]))
            continue;
        n_gone++;
        if (oldest == h->n_tracks ||
            h->tracks[i]->seen_ms < h->tracks[oldest]->seen_ms)
            oldest = i;
    }
    if (n_gone > 0 &&
        (n_gone > HISTORY_TRACKS_GONE || h->n_tracks == HISTORY_TRACKS))
        forget(h, oldest);
}

static struct track *
new_track(struct history *h, const struct host_domain *d)
{
    struct track *t;

    if (h->is_full)
        return NULL;
    make_room(h);
    h->is_full = h->n_tracks == HISTORY_TRACKS;
    if (h->is_full)
        return NULL;
    t = calloc(1, sizeof(*t));
    if (!t)
        return NULL;
    memcpy(t->uuid, d->uuid, sizeof(t->uuid));
    for (size_t i = 0; i < HISTORY_TIERS; i++)
        t->first[i] = h->n[i] - 1;
    t->domid = d->domid;
    h->tracks[h->n_tracks] = t;
    enter(h, h->n_tracks++);
    return t;
}

static uint32_t
to_pages(uint64_t kib)
{
    return (uint32_t)min_u64(kib / PAGE_KIB, POINT_UNSET);
}

static void
take(struct mean *m, uint32_t pages)
{
    if (pages == POINT_UNSET)
        return;
    m->sum += pages;
    m->n++;
}

static uint32_t
mean_pages(const struct mean *m)
{
    return m->n > 0 ? (uint32_t)(m->sum / m->n) : POINT_UNSET;
}

static void
put_in_tier(struct track *t, size_t tier, size_t at,
            const struct host_domain *d)
{
    take(&t->targets[tier], to_pages(d->target_kib));
    take(&t->actuals[tier], to_pages(d->actual_kib));
    t->points[at] = (struct point){
        mean_pages(&t->targets[tier]),
        mean_pages(&t->actuals[tier]),
    };
}

void
history_put(struct history *h, const struct host_domain *d)
{
    uint16_t slot = find_slot(h, d->uuid, d->domid)->track;
    struct track *t = slot > 0 ? h->tracks[slot - 1] : new_track(h, d);

    if (!t)
        return;
    t->domid = d->domid;
    memcpy(t->name, d->name, sizeof(t->name));
    t->seen_ms = h->now_ms;
    for (size_t i = 0; i < HISTORY_TIERS; i++)
        put_in_tier(t, i, place(i, h->n[i] - 1), d);
}

static size_t
first_of(const struct history *h, size_t tier)
{
    return (size_t)sat_sub(h->n[tier], shapes[tier].size);
}

static uint64_t
step_begin_ms(size_t tier, const struct history_sample *s)
{
    return s->time_ms - s->time_ms % shapes[tier].step_ms;
}

/* The finest one that reaches back to then, or that has all there ever was. */
static size_t
choose_tier(const struct history *h, uint64_t since_ms)
{
    size_t tier = 0;

    while (tier + 1 < HISTORY_TIERS && h->n[tier] > shapes[tier].size &&
           step_begin_ms(tier, sample(h, tier, first_of(h, tier))) > since_ms)
        tier++;
    return tier;
}

uint64_t
history_rows(const struct history *h, uint64_t since_ms, uint64_t interval_ms,
             history_row_fn *fn, void *arg)
{
    size_t tier = choose_tier(h, since_ms);
    size_t i = first_of(h, tier), n = h->n[tier];

    interval_ms = max_u64(interval_ms, shapes[tier].step_ms);
    while (i < n && sample(h, tier, i)->time_ms < since_ms)
        i++;
    while (i < n) {
        uint64_t interval = sample(h, tier, i)->time_ms / interval_ms;
        struct history_group group = { .tier = tier, .first = i };
        struct history_sample sum = { 0 }, row;

        for (; i < n && sample(h, tier, i)->time_ms / interval_ms == interval;
             group.n++)
            add_up(&sum, sample(h, tier, i++));
        row = mean_of(&sum, group.n);
        fn(arg, &row, &group);
    }
    return interval_ms;
}

size_t
history_n_domains(const struct history *h)
{
    return h->n_tracks;
}

struct history_domain
history_domain(const struct history *h, size_t i)
{
    const struct track *t = h->tracks[i];

    return (struct history_domain){
        .domid = t->domid,
        .uuid = t->uuid,
        .name = t->name,
        .seen_ms = t->seen_ms,
    };
}

static uint64_t
mean_kib(const struct mean *m)
{
    return m->n > 0 ? m->sum * PAGE_KIB / m->n : HOST_UNSET;
}

void
history_means(const struct history *h, size_t i,
              const struct history_group *group, uint64_t *ret_target_kib,
              uint64_t *ret_actual_kib)
{
    const struct track *t = h->tracks[i];
    struct mean target = { 0 }, actual = { 0 };

    for (size_t j = group->first; j < group->first + group->n; j++) {
        const struct point *p = &t->points[place(group->tier, j)];

        if (j < t->first[group->tier])
            continue;
        take(&target, p->target);
        take(&actual, p->actual);
    }
    *ret_target_kib = mean_kib(&target);
    *ret_actual_kib = mean_kib(&actual);
}
