/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares what is now with what was last recorded, and writes the rest. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "record-out.h"
#include "record-tables.h"
#include "record.h"
#include "tick.h"
#include "util/units.h"

#define HEAD_SIZE 32 /* "domain 3" */

/* What the recording says of a domain so far. */
struct known {
    struct host_domain facts;
    struct record_set set;
};

struct record {
    struct record_out out;
    uint64_t limit_bytes;
    bool has_begun; /* all that was known is in this file */
    struct tuning tuning;
    struct host_memory memory;
    uint64_t engines_sum;
    size_t n;
    size_t capacity;
    struct known *list, *next; /* by rising domid; capacity each */
    size_t n_reservations;
    struct reservation reservations[RESERVE_MAX];
};

struct record *
record_open(const char *path, uint64_t limit_bytes, int *ret_error)
{
    struct record *rec = calloc(1, sizeof(*rec));

    *ret_error = -ENOMEM;
    if (!rec)
        return NULL;
    rec->limit_bytes = limit_bytes;
    rec->out.fd = -1;
    snprintf(rec->out.path, sizeof(rec->out.path), "%s", path);
    *ret_error = record_out_open(&rec->out);
    return *ret_error < 0 ? record_close(rec) : rec;
}

struct record *
record_close(struct record *rec)
{
    if (!rec)
        return NULL;
    record_out_close(&rec->out);
    free(rec->list);
    free(rec->next);
    free(rec);
    return NULL;
}

static int
reserve_known(struct record *rec, size_t n)
{
    struct known *list, *next;

    if (n <= rec->capacity)
        return 0;
    list = realloc(rec->list, n * 2 * sizeof(*list));
    if (list)
        rec->list = list;
    next = realloc(rec->next, n * 2 * sizeof(*next));
    if (next)
        rec->next = next;
    if (!list || !next)
        return -ENOMEM;
    rec->capacity = n * 2;
    return 0;
}

static void
write_changes(struct record *rec, const char *what,
              const struct record_table *t, const void *base, const void *now)
{
    char words[RECORD_LINE_SIZE] = "";

    if (record_write(t, base, now, words) > 0)
        record_out_line(&rec->out, "%s%s", what, words);
}

/* "domain 3": the beginning of a line. */
static const char *
head(char text[HEAD_SIZE], const char *what, uint32_t domid)
{
    snprintf(text, HEAD_SIZE, "%s %" PRIu32, what, domid);
    return text;
}

static void
write_tuning(struct record *rec, const struct tuning *now)
{
    write_changes(rec, "tuning", &record_tuning, &rec->tuning, now);
    rec->tuning = *now;
}

/* FNV-1a: told apart are the few states that one host's engines are in. */
static uint64_t
sum_text(uint64_t sum, const char *text)
{
    do
        sum = (sum ^ (unsigned char)*text) * UINT64_C(1099511628211);
    while (*text++);
    return sum;
}

static uint64_t
sum_engines(const struct engines *t)
{
    uint64_t sum = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < t->n; i++) {
        const struct conf_policy *spec = &t->list[i]->spec;

        sum = sum_text(sum_text(sum, t->list[i]->name), spec->engine);
        for (size_t j = 0; j < spec->n_options; j++)
            sum = sum_text(sum_text(sum, spec->options[j].key),
                           spec->options[j].value);
    }
    return sum;
}

static void
write_engine(struct record *rec, const struct engine *e)
{
    char name[CONF_WORD_SIZE * 3], engine[CONF_ENGINE_SIZE * 3];

    record_escape(e->name, name, sizeof(name));
    record_escape(e->spec.engine, engine, sizeof(engine));
    record_out_line(&rec->out, "engine %s %s", name, engine);
    for (size_t i = 0; i < e->spec.n_options; i++) {
        char key[CONF_WORD_SIZE * 3], value[CONF_WORD_SIZE * 3];

        record_escape(e->spec.options[i].key, key, sizeof(key));
        record_escape(e->spec.options[i].value, value, sizeof(value));
        record_out_line(&rec->out, "option %s %s %s", name, key, value);
    }
}

/* All of them anew: they seldom change. */
static void
write_engines(struct record *rec, const struct engines *t)
{
    uint64_t sum = sum_engines(t);

    if (sum == rec->engines_sum)
        return;
    rec->engines_sum = sum;
    record_out_line(&rec->out, "engines");
    for (size_t i = 0; i < t->n; i++)
        write_engine(rec, t->list[i]);
}

/* What of it targets depend on. */
static struct reservation
essence(const struct reservation *r)
{
    struct reservation e = {
        .state = r->state,
        .kib = r->kib,
        .min_kib = r->min_kib,
        .overhead_kib = r->overhead_kib,
        .domid = r->domid,
    };

    memcpy(e.id, r->id, sizeof(e.id));
    memcpy(e.uuid, r->uuid, sizeof(e.uuid));
    return e;
}

static bool
has_new_reservations(const struct record *rec, const struct reserve_table *t)
{
    if (rec->n_reservations != t->n)
        return true;
    for (size_t i = 0; i < t->n; i++) {
        char words[RECORD_LINE_SIZE] = "";
        struct reservation now = essence(&t->list[i]);

        if (strcmp(rec->reservations[i].id, now.id) != 0 ||
            record_write(&record_reservation, &rec->reservations[i], &now,
                         words) > 0)
            return true;
    }
    return false;
}

static void
write_reservations(struct record *rec, const struct reserve_table *t)
{
    static const struct reservation nothing;

    if (!has_new_reservations(rec, t))
        return;
    record_out_line(&rec->out, "reservations");
    for (size_t i = 0; i < t->n; i++) {
        char words[RECORD_LINE_SIZE] = "";

        rec->reservations[i] = essence(&t->list[i]);
        record_write(&record_reservation, &nothing, &rec->reservations[i],
                     words);
        record_out_line(&rec->out, "reservation %s%s", t->list[i].id, words);
    }
    rec->n_reservations = t->n;
}

/* What is set for domains that were there at the last look. */
static void
write_settings(struct record *rec, const struct guest_table *guests)
{
    size_t i = 0;

    for (size_t j = 0; j < guests->n; j++) {
        const struct guest *g = &guests->guests[j];
        struct record_set set;
        char line[HEAD_SIZE];

        while (i < rec->n && rec->list[i].facts.domid < g->facts.domid)
            i++;
        if (i == rec->n || rec->list[i].facts.domid != g->facts.domid)
            continue;
        set = record_set_of(g);
        write_changes(rec, head(line, "set", g->facts.domid), &record_settings,
                      &rec->list[i].set, &set);
        rec->list[i].set = set;
    }
}

static void
write_gone(struct record *rec, const struct known *known)
{
    record_out_line(&rec->out, "gone %" PRIu32, known->facts.domid);
}

/* When nothing was seen of its swap is no news. */
static struct host_domain
facts_of(const struct host_domain *d)
{
    struct host_domain facts = *d;

    if (!d->swap.is_seen)
        facts.swap = (struct host_swap){ 0 };
    return facts;
}

/* Quickly: padding that differs has the fields compared, no more. */
static bool
is_same(const void *one, const void *other, size_t size)
{
    return memcmp(one, other, size) == 0;
}

/* One that was started anew with the number of an old one has nothing of it. */
static struct known
write_facts(struct record *rec, const struct known *old,
            const struct host_domain *d)
{
    static const struct host_domain nothing;
    struct known now = { .facts = facts_of(d), .set = record_unset };
    char line[HEAD_SIZE];

    if (old && strcmp(old->facts.uuid, d->uuid) == 0)
        now.set = old->set;
    if (!old || !is_same(&old->facts, &now.facts, sizeof(*d)))
        write_changes(rec, head(line, "domain", d->domid), &record_domain,
                      old ? &old->facts : &nothing, &now.facts);
    return now;
}

/* Both lists come by rising domid. */
static void
write_view(struct record *rec, const struct host_view *view)
{
    struct known *list = rec->list;
    size_t i = 0;

    for (size_t j = 0; j < view->n_domains; j++) {
        const struct host_domain *d = &view->domains[j];
        const struct known *old = NULL;

        for (; i < rec->n && rec->list[i].facts.domid < d->domid; i++)
            write_gone(rec, &rec->list[i]);
        if (i < rec->n && rec->list[i].facts.domid == d->domid)
            old = &rec->list[i++];
        rec->next[j] = write_facts(rec, old, d);
    }
    for (; i < rec->n; i++)
        write_gone(rec, &rec->list[i]);
    rec->list = rec->next;
    rec->next = list;
    rec->n = view->n_domains;
}

/* All that is known of a domain, in two lines. */
static void
write_guest(struct record *rec, struct known *ret, const struct guest *g)
{
    static const struct guest nothing;
    static const struct host_domain no_facts;
    char line[HEAD_SIZE];

    *ret = (struct known){ .facts = facts_of(&g->facts), .set = record_unset };
    write_changes(rec, head(line, "was", g->facts.domid), &record_domain,
                  &no_facts, &ret->facts);
    write_changes(rec, head(line, "guest", g->facts.domid), &record_guest,
                  &nothing, g);
}

/* A new file can be played by itself. */
static void
begin(struct record *rec, const struct balancer *b)
{
    record_out_line(&rec->out, RECORD_MAGIC);
    rec->tuning = (struct tuning){ 0 };
    rec->memory = (struct host_memory){ 0 };
    rec->engines_sum = 0;
    rec->n_reservations = SIZE_MAX;
    rec->n = b->guests.n;
    write_tuning(rec, &b->tuning);
    write_engines(rec, b->engines);
    write_reservations(rec, &b->reservations);
    for (size_t i = 0; i < b->guests.n; i++)
        write_guest(rec, &rec->list[i], &b->guests.guests[i]);
    write_settings(rec, &b->guests);
    record_out_line(&rec->out, "known %d", b->guests.has_looked);
    record_out_flush(&rec->out);
    if (rec->out.written > rec->limit_bytes / 2)
        record_out_give_up(&rec->out,
                           "there are too many domains for its size");
    rec->has_begun = true;
}

static void
begin_if_due(struct record *rec, const struct balancer *b)
{
    int r;

    if (!rec->has_begun) {
        begin(rec, b);
    } else if (rec->out.written > rec->limit_bytes / 2) {
        r = record_out_open(&rec->out);
        if (r == 0)
            begin(rec, b);
        else
            record_out_give_up(&rec->out, strerror(-r));
    }
}

void
record_look(struct record *rec, struct balancer *b, uint64_t now_ms)
{
    if (!rec || rec->out.is_broken)
        return;
    if (reserve_known(rec, max_u64(b->view.n_domains, b->guests.n) + 1) < 0) {
        record_out_give_up(&rec->out, strerror(ENOMEM));
        return;
    }
    begin_if_due(rec, b);
    write_tuning(rec, &b->tuning);
    write_settings(rec, &b->guests);
    write_changes(rec, "memory", &record_memory, &rec->memory, &b->view.memory);
    rec->memory = b->view.memory;
    write_view(rec, &b->view);
    record_out_line(&rec->out, "look %" PRIu64, now_ms);
}

void
record_plan(struct record *rec, const struct balancer *b)
{
    if (!rec || rec->out.is_broken || !rec->has_begun)
        return;
    write_tuning(rec, &b->tuning);
    write_engines(rec, b->engines);
    write_reservations(rec, &b->reservations);
    write_settings(rec, &b->guests);
    record_out_line(&rec->out, "plan %d", b->is_asked);
}

void
record_done(struct record *rec, const struct balancer *b)
{
    if (!rec || rec->out.is_broken || !rec->has_begun)
        return;
    for (size_t i = 0; i < b->steps.n; i++) {
        const struct step *s = &b->steps.list[i];

        record_out_line(&rec->out,
                        "%s %" PRIu32 " %" PRIu64 " %" PRIu64 " %s %d",
                        step_kind_name(s->kind), s->domid, s->old_kib,
                        s->new_kib, plan_rule_name(s->rule), s->result);
    }
    record_out_line(&rec->out, "done");
    record_out_flush(&rec->out);
}
