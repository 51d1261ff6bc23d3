/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of answers that are on their way. */
#include <config.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <json-c/json.h>

#include "laters.h"

/* One per client that may wait, and some whose clients have gone. */
#define LATERS_MAX 128

struct later {
    TAILQ_ENTRY(later) link;
    struct laters *table;
    uint64_t id;
    bool is_given;
    bool is_abandoned;
    struct json_object *result;
    struct request_error error; /* code 0: none */
};

struct laters {
    laters_fn *fn;
    void *arg;
    uint64_t last_id;
    size_t n;
    TAILQ_HEAD(later_list, later) list;
};

static void
free_later(struct later *l)
{
    TAILQ_REMOVE(&l->table->list, l, link);
    l->table->n--;
    json_object_put(l->result);
    free(l);
}

struct laters *
laters_new(laters_fn *fn, void *arg)
{
    struct laters *t = calloc(1, sizeof(*t));

    if (!t)
        return NULL;
    t->fn = fn;
    t->arg = arg;
    TAILQ_INIT(&t->list);
    return t;
}

struct laters *
laters_free(struct laters *t)
{
    if (!t)
        return NULL;
    while (!TAILQ_EMPTY(&t->list))
        free_later(TAILQ_FIRST(&t->list));
    free(t);
    return NULL;
}

/* What was given and never fetched: its client went away before. */
static bool
drop_oldest(struct laters *t)
{
    struct later *l;

    TAILQ_FOREACH(l, &t->list, link)
        if (l->is_given)
            break;
    if (l)
        free_later(l);
    return l != NULL;
}

struct later *
later_begin(struct laters *t)
{
    struct later *l;

    if (t->n >= LATERS_MAX && !drop_oldest(t))
        return NULL;
    l = calloc(1, sizeof(*l));
    if (!l)
        return NULL;
    l->table = t;
    l->id = ++t->last_id;
    TAILQ_INSERT_TAIL(&t->list, l, link);
    t->n++;
    return l;
}

uint64_t
later_id(const struct later *l)
{
    return l->id;
}

static void
finish(struct later *l)
{
    struct laters *t = l->table;

    l->is_given = true;
    if (l->is_abandoned)
        free_later(l);
    else
        t->fn(t->arg);
}

void
later_give(struct later *l, struct json_object *result)
{
    l->result = result;
    finish(l);
}

void
later_refuse(struct later *l, const struct request_error *error)
{
    l->error.code = error->code;
    snprintf(l->error.message, sizeof(l->error.message), "%s", error->message);
    finish(l);
}

static struct later *
find(const struct laters *t, uint64_t id)
{
    struct later *l;

    TAILQ_FOREACH(l, &t->list, link)
        if (l->id == id)
            return l;
    return NULL;
}

int
later_take(struct laters *t, uint64_t id, struct json_object **ret_result,
           struct request_error *ret_error)
{
    struct later *l = find(t, id);

    if (!l)
        return -ENOENT;
    if (!l->is_given)
        return 0;
    *ret_result = json_object_get(l->result);
    *ret_error = l->error;
    free_later(l);
    return 1;
}

void
later_abandon(struct laters *t, uint64_t id)
{
    struct later *l = find(t, id);

    if (l && l->is_given)
        free_later(l);
    else if (l)
        l->is_abandoned = true;
}
