/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Births and deaths on a simulated host, and what else happens there. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "proto/keys.h"
#include "sim-domain.h"
#include "sim-world.h"
#include "util/units.h"

/* In daemon mode nobody listens: better dead than a lie. */
static void
die_of_alarm(void *arg, const char *sentence)
{
    (void)arg;
    log_error("simulated host: %s", sentence);
    abort();
}

void
sim_world_alarm(struct sim_world *w, const char *format, ...)
{
    char sentence[HOST_ERROR_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(sentence, sizeof(sentence), format, args);
    va_end(args);
    w->alarm(w->alarm_arg, sentence);
}

/* The place of the first domain that is not before domid. */
static size_t
place_of(const struct sim_world *w, uint32_t domid)
{
    size_t lo = 0, hi = w->n;

    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;

        if (w->guests[middle].facts.domid < domid)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

struct sim_guest *
sim_world_find(const struct sim_world *w, uint32_t domid)
{
    size_t i = place_of(w, domid);

    return i < w->n && w->guests[i].facts.domid == domid ? &w->guests[i] : NULL;
}

static int
make_room(struct sim_world *w)
{
    size_t capacity = w->capacity > 0 ? w->capacity * 2 : 16;
    void *grown;

    if (w->n < w->capacity)
        return 0;
    grown = realloc(w->guests, capacity * sizeof(w->guests[0]));
    if (!grown)
        return -ENOMEM;
    w->guests = grown;
    w->capacity = capacity;
    return 0;
}

uint64_t
sim_world_outstanding_kib(const struct sim_world *w)
{
    uint64_t sum_kib = 0;

    for (size_t i = 0; i < w->n; i++)
        sum_kib = sat_add(sum_kib,
                          sim_guest_outstanding_kib(&w->guests[i], w->now_ms));
    return sum_kib;
}

/* Claims of domains in construction are not free for another one. */
static int64_t
unclaimed_kib(const struct sim_world *w)
{
    int64_t kib = w->free_kib;

    for (size_t i = 0; i < w->n; i++)
        if (sim_guest_is_building(&w->guests[i], w->now_ms))
            kib -= (int64_t)sim_guest_outstanding_kib(&w->guests[i], w->now_ms);
    return kib;
}

int
sim_world_add(struct sim_world *w, const struct sim_guest *nature)
{
    uint32_t domid = nature->facts.domid;
    uint64_t needed_kib =
        sat_add(nature->built_kib, sim_guest_overhead_kib(nature));
    size_t at = place_of(w, domid);
    struct sim_guest *g;

    if (sim_world_find(w, domid))
        return -EEXIST;
    if (unclaimed_kib(w) < (int64_t)needed_kib || make_room(w) < 0)
        return -ENOMEM;
    memmove(&w->guests[at + 1], &w->guests[at],
            (w->n - at) * sizeof(w->guests[0]));
    w->n++;
    g = &w->guests[at];
    *g = *nature;
    sim_guest_start(g, w->now_ms);
    w->free_kib -= (int64_t)(g->facts.actual_kib + sim_guest_overhead_kib(g));
    w->has_news = true;
    return 0;
}

/* A number that is used again belongs to another domain (A4). */
static int
create(struct sim_world *w, struct sim_guest *nature)
{
    int r = sim_world_add(w, nature);

    if (r == 0)
        nature->facts.uuid[0] = nature->facts.uuid[0] == 'f' ? '0' : 'f';
    return r;
}

static int
create_from_scenario(struct sim_world *w, uint32_t domid)
{
    for (size_t i = 0; i < w->scenario.n_guests; i++)
        if (w->scenario.guests[i].facts.domid == domid)
            return create(w, &w->scenario.guests[i]);
    return -ESRCH;
}

int
sim_world_init(struct sim_world *w, struct sim_scenario *s)
{
    *w = (struct sim_world){ .scenario = *s, .alarm = die_of_alarm };
    *s = (struct sim_scenario){ 0 };
    w->xen_kib = w->scenario.xen_kib;
    w->free_kib = (int64_t)sat_sub(w->scenario.total_kib, w->xen_kib);
    for (size_t i = 0; i < w->scenario.n_guests; i++) {
        struct sim_guest *g = &w->scenario.guests[i];
        int r = g->nature.is_absent ? 0 : create(w, g);

        if (r < 0) {
            sim_world_done(w);
            return r;
        }
    }
    return 0;
}

void
sim_world_done(struct sim_world *w)
{
    sim_scenario_done(&w->scenario);
    sim_store_done(&w->store);
    free(w->guests);
    *w = (struct sim_world){ 0 };
}

/* What it suffered outlives it where the scenario knows it. */
static void
remember_toll(struct sim_world *w, const struct sim_guest *g)
{
    const struct sim_toll toll = sim_life_toll(g);

    for (size_t i = 0; i < w->scenario.n_guests; i++)
        if (w->scenario.guests[i].facts.domid == g->facts.domid)
            sim_toll_add(&w->scenario.guests[i].life.toll, &toll);
}

struct sim_bill
sim_world_bill(const struct sim_world *w)
{
    struct sim_bill_sums sums = { 0 };

    for (size_t i = 0; i < w->scenario.n_guests; i++) {
        const struct sim_guest *known = &w->scenario.guests[i];
        const struct sim_guest *g = sim_world_find(w, known->facts.domid);
        struct sim_toll toll = known->life.toll;

        if (g) {
            struct sim_toll now = sim_life_toll(g);

            sim_toll_add(&toll, &now);
        }
        sim_bill_take(&sums, &toll);
    }
    return sim_bill_close(&sums);
}

void
sim_world_bury(struct sim_world *w, struct sim_guest *g)
{
    size_t at = (size_t)(g - w->guests);

    w->free_kib += (int64_t)(g->facts.actual_kib + sim_guest_overhead_kib(g));
    remember_toll(w, g);
    w->n--;
    memmove(g, g + 1, (w->n - at) * sizeof(*g));
    w->has_news = true;
}

int
sim_world_destroy(struct sim_world *w, uint32_t domid)
{
    struct sim_guest *g = sim_world_find(w, domid);

    if (!g)
        return -ESRCH;
    if (g->nature.teardown_ms == 0) {
        sim_world_bury(w, g);
    } else if (!g->facts.is_dying) {
        g->facts.is_dying = true;
        g->dying_since_ms = w->now_ms;
        g->dying_kib = g->facts.actual_kib;
        w->has_news = true;
    }
    return 0;
}

static int
do_with_guest(struct sim_world *w, const struct sim_event *e)
{
    struct sim_guest *g = sim_world_find(w, e->domid);

    if (!g)
        return -ESRCH;
    if (e->kind == SIM_EVENT_SET) {
        w->has_news = true; /* it may have published something */
        sim_load_count(&g->load, w->now_ms);
        return sim_domain_set(g, e->key, e->value);
    }
    if (e->kind == SIM_EVENT_SHUTDOWN) {
        g->facts.is_shutdown = true;
        w->has_news = true;
        return 0;
    }
    g->nature.is_paused = e->kind == SIM_EVENT_PAUSE; /* Xen tells nobody */
    return 0;
}

static int
do_store(struct sim_world *w, const struct sim_event *e)
{
    char path[KEYS_PATH_SIZE];

    if (!sim_world_find(w, e->domid))
        return -ESRCH;
    return sim_world_store_write(w, keys_domain(path, e->domid, e->key),
                                 e->value);
}

/* The place of that name; "": a free one.  NULL: none. */
static struct sim_lender_word *
find_lender(struct sim_world *w, const char *name)
{
    for (size_t i = 0; i < SIM_LENDER_WORDS; i++)
        if (strcmp(w->lender_words[i].name, name) == 0)
            return &w->lender_words[i];
    return NULL;
}

bool
sim_world_lender_is(const struct sim_world *w, const char *name,
                    const char *word)
{
    for (size_t i = 0; i < SIM_LENDER_WORDS; i++)
        if (strcmp(w->lender_words[i].name, name) == 0)
            return strcmp(w->lender_words[i].word, word) == 0;
    return false;
}

static int
set_lender(struct sim_world *w, const char *name, const char *word)
{
    struct sim_lender_word *place = find_lender(w, name);
    bool is_well = strcmp(word, "up") == 0;

    if (!is_well && strcmp(word, SIM_LENDER_DOWN) != 0 &&
        strcmp(word, SIM_LENDER_RECALLS) != 0)
        return -EINVAL;
    if (!place)
        place = find_lender(w, "");
    if (!place)
        return -ENOSPC;
    snprintf(place->name, sizeof(place->name), "%s", is_well ? "" : name);
    snprintf(place->word, sizeof(place->word), "%.8s", is_well ? "" : word);
    return 0;
}

int
sim_world_do(struct sim_world *w, const struct sim_event *e)
{
    switch (e->kind) {
    case SIM_EVENT_CREATE:
        return create_from_scenario(w, e->domid);
    case SIM_EVENT_DESTROY:
        return sim_world_destroy(w, e->domid);
    case SIM_EVENT_PAUSE:
    case SIM_EVENT_UNPAUSE:
    case SIM_EVENT_SHUTDOWN:
    case SIM_EVENT_SET:
        return do_with_guest(w, e);
    case SIM_EVENT_STORE:
        return do_store(w, e);
    case SIM_EVENT_WRITE:
        return sim_world_store_write(w, e->key, e->value);
    case SIM_EVENT_REMOVE:
        return sim_world_store_remove(w, e->key);
    case SIM_EVENT_TAKE:
        w->xen_kib += e->kib;
        w->free_kib -= (int64_t)e->kib;
        return 0;
    case SIM_EVENT_GIVE:
        if (e->kib > w->xen_kib)
            return -EINVAL; /* it has no more */
        w->xen_kib -= e->kib;
        w->free_kib += (int64_t)e->kib;
        return 0;
    case SIM_EVENT_STORE_FAILS:
        w->store_fails = e->kib != 0;
        return 0;
    case SIM_EVENT_LENDER:
        return set_lender(w, e->key, e->value);
    }
    return -EINVAL;
}
