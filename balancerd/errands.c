/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carries out what scripts ask for in xenstore, and tells them. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "errand-do.h"
#include "errands.h"
#include "log.h"
#include "proto/keys.h"
#include "util/units.h"

/* Changes that are dealt with in one tick: a script in a loop must not keep
 * the others waiting. */
#define LOOKS_PER_TICK 64

void
errands_open(struct balancer *b)
{
    b->host->ops->store_watch(b->host, KEYS_ERRANDS);
}

/* For requests that get no place in the table. */
static void
refuse_at_once(struct balancer *b, const char *name, const char *why)
{
    char path[KEYS_PATH_SIZE], state[ERRAND_STATE_SIZE];
    const struct host_pair pairs[] = {
        { KEY_ERRAND_STATE, state },
        { KEY_ERRAND_ID, NULL },
        { KEY_ERRAND_REQUEST, NULL },
        { KEY_ERRAND_ERROR, NULL },
    };
    int r = 0;

    snprintf(state, sizeof(state), ERRAND_REFUSED " %s", why);
    errand_note_refusal(b, name, why);
    if (strlen(name) < ERRAND_NAME_ANSWERABLE)
        r = b->host->ops->store_answer(b->host, keys_errand(path, name), NULL,
                                       pairs, sizeof(pairs) / sizeof(pairs[0]));
    if (r < 0 && r != -ESRCH)
        log_warn(-r, "request %s in xenstore cannot be told so", name);
}

static const char *
why_unfit(const char *name, const char *untrusted_words)
{
    if (!errand_name_is_good(name))
        return "a name has 1 to 54 characters of [A-Za-z0-9_@-]";
    if (!untrusted_words || strlen(untrusted_words) >= ERRAND_WORDS_SIZE)
        return "a request has at most 255 characters";
    return NULL;
}

/* What is at a key of an errand, "" if nothing is or it is too long. */
static int
read_key(struct balancer *b, const char *name, const char *key, char *ret,
         size_t size)
{
    char path[KEYS_PATH_SIZE];
    int r = b->host->ops->store_read(b->host, keys_errand_key(path, name, key),
                                     ret, size);

    if (r == 0)
        return 0;
    ret[0] = '\0';
    return r == -ENOENT || r == -E2BIG ? 0 : r;
}

static void
read_failed(struct balancer *b, int r)
{
    if (!b->errands.is_stale)
        log_warn(-r, "cannot read " KEYS_ERRANDS "; trying again");
    b->errands.is_stale = true;
    errands_fail_later(b);
}

/* One that this daemon has not met: new, or an earlier daemon's. */
static void
meet(struct balancer *b, const char *name, const char *words)
{
    char answered[ERRAND_WORDS_SIZE], state[ERRAND_STATE_SIZE];
    int r = read_key(b, name, KEY_ERRAND_STATE, state, sizeof(state));
    const struct reservation *held = errand_held_by(b, name);
    struct errand *e;

    if (r == 0)
        r = read_key(b, name, KEY_ERRAND_REQUEST, answered, sizeof(answered));
    if (r < 0) {
        read_failed(b, r);
        return;
    }
    e = errand_add(&b->errands, name);
    if (!e) {
        refuse_at_once(b, name, "there are too many requests already");
        return;
    }
    memcpy(e->state, state, sizeof(e->state));
    snprintf(e->words, sizeof(e->words), "%s", words);
    switch (errand_judge(words, answered, state, held != NULL)) {
    case ERRAND_ASK:
        e->is_due = true;
        errand_carry_out(b, e);
        return;
    case ERRAND_RESUME:
        errand_resume(b, e, held);
        return;
    case ERRAND_LOST:
        errand_answer(e, ERRAND_ENDED " it was over when balancerd started");
        return;
    case ERRAND_KEEP:
        return;
    }
}

/* It was written, perhaps with the words that it had. */
static void
meet_again(struct balancer *b, struct errand *e, const char *words)
{
    char state[ERRAND_STATE_SIZE];
    int r = read_key(b, e->name, KEY_ERRAND_STATE, state, sizeof(state));

    e->is_seen = true;
    if (r < 0) {
        read_failed(b, r);
        return;
    }
    /* A node that was removed meanwhile has lost its answer. */
    e->is_due |= strcmp(e->words, words) != 0 || strcmp(e->state, state) != 0;
    snprintf(e->words, sizeof(e->words), "%s", words);
    errand_carry_out(b, e);
}

/* untrusted_words: NULL if they are too long to be read. */
static void
look_at(struct balancer *b, const char *name, const char *untrusted_words)
{
    const char *why = why_unfit(name, untrusted_words);
    struct errand *e = errand_find(&b->errands, name);

    if (why) {
        errand_forget(b, name);
        refuse_at_once(b, name, why);
    } else if (e) {
        meet_again(b, e, untrusted_words);
    } else {
        meet(b, name, untrusted_words);
    }
}

static int
look_at_listed(void *arg, const char *name, const char *untrusted_words)
{
    look_at(arg, name, untrusted_words);
    return 0;
}

/* What nobody asks for any more. */
static void
sweep(struct balancer *b)
{
    for (size_t i = b->errands.n; i-- > 0;)
        if (!b->errands.list[i].is_seen)
            errand_forget(b, b->errands.list[i].name);
    for (size_t i = b->reservations.n; i-- > 0;) {
        const char *name = errand_name_of(&b->reservations.list[i]);

        if (name && !errand_find(&b->errands, name))
            errand_withdraw(b, name);
    }
}

static void
look_at_all(struct balancer *b)
{
    int r;

    b->errands.is_stale = false;
    for (size_t i = 0; i < b->errands.n; i++) {
        b->errands.list[i].is_seen = false;
        b->errands.list[i].is_unlinked = true;
    }
    r = b->host->ops->store_list(b->host, KEYS_ERRANDS, look_at_listed, b);
    if (r < 0)
        read_failed(b, r);
    if (!b->errands.is_stale)
        sweep(b);
}

static void
look_at_name(struct balancer *b, const char *name)
{
    char path[KEYS_PATH_SIZE], words[ERRAND_WORDS_SIZE];
    int r = b->host->ops->store_read(b->host, keys_errand(path, name), words,
                                     sizeof(words));

    if (r == -ENOENT)
        errand_forget(b, name);
    else if (r == -E2BIG)
        look_at(b, name, NULL);
    else if (r < 0)
        read_failed(b, r);
    else
        look_at(b, name, words);
}

/* "" for all, "web", or "web/domid". */
static void
look_at_change(struct balancer *b, char *change)
{
    char *slash = strchr(change, '/');
    struct errand *e;

    if (change[0] == '\0') {
        look_at_all(b);
    } else if (!slash) {
        look_at_name(b, change);
    } else {
        *slash = '\0';
        e = errand_find(&b->errands, change);
        if (e)
            e->is_unlinked = true;
    }
}

static void
try_again(struct balancer *b)
{
    if (b->errands.is_stale)
        look_at_all(b);
    for (size_t i = 0; i < b->errands.n; i++)
        if (b->errands.list[i].is_unasked)
            errand_carry_out(b, &b->errands.list[i]);
    for (size_t i = 0; i < b->errands.n; i++)
        if (b->errands.list[i].is_unlinked)
            errand_link(b, &b->errands.list[i]);
}

static bool
is_resting(const struct balancer *b)
{
    return b->host->ops->now_ms(b->host) < b->errands.retry_ms;
}

bool
errands_take(struct balancer *b)
{
    char change[HOST_CHANGE_SIZE];
    size_t n = 0;

    while (n < LOOKS_PER_TICK &&
           b->host->ops->store_next_change(b->host, change)) {
        look_at_change(b, change);
        n++;
    }
    b->errands.is_behind = n == LOOKS_PER_TICK;
    if (errands_due_ms(b) == UINT64_MAX || is_resting(b))
        return n > 0;
    try_again(b);
    return true;
}

static int
answer(struct balancer *b, const struct errand *e)
{
    char path[KEYS_PATH_SIZE];
    const struct host_pair pairs[] = {
        { KEY_ERRAND_ID, e->id[0] ? e->id : NULL },
        { KEY_ERRAND_REQUEST, e->words },
        { KEY_ERRAND_ERROR, e->error[0] ? e->error : NULL },
        { KEY_ERRAND_STATE, e->state },
    };
    int r = b->host->ops->store_answer(b->host, keys_errand(path, e->name),
                                       e->words, pairs,
                                       sizeof(pairs) / sizeof(pairs[0]));

    /* Another request now, or none: its own event tells. */
    return r == -ESRCH ? 0 : r;
}

void
errands_answer(struct balancer *b)
{
    struct errand_table *t = &b->errands;

    for (size_t i = 0; i < t->n; i++) {
        struct errand *e = &t->list[i];
        int r;

        if (!e->is_due || e->is_unasked)
            continue;
        if (is_resting(b))
            return;
        r = answer(b, e);
        if (r < 0) {
            if (!t->is_failing)
                log_warn(-r,
                         "request %s in xenstore cannot be answered; "
                         "trying again",
                         e->name);
            t->is_failing = true;
            errands_fail_later(b);
            return;
        }
        e->is_due = false;
        t->is_failing = false;
        t->pause_ms = 0;
    }
}

static bool
is_wanting(const struct errand *e)
{
    return e->is_due || e->is_unasked ||
           (e->is_unlinked &&
            strncmp(e->state, ERRAND_GRANTED, strlen(ERRAND_GRANTED)) == 0);
}

uint64_t
errands_due_ms(const struct balancer *b)
{
    const struct errand_table *t = &b->errands;

    if (t->is_behind)
        return 0;
    if (t->is_stale)
        return t->retry_ms;
    for (size_t i = 0; i < t->n; i++)
        if (is_wanting(&t->list[i]))
            return t->retry_ms;
    return UINT64_MAX;
}

void
errands_reopen(struct balancer *b, bool has_lost_all)
{
    char path[KEYS_PATH_SIZE];

    errands_open(b);
    for (size_t i = 0; i < b->errands.n && has_lost_all; i++) {
        struct errand *e = &b->errands.list[i];

        b->host->ops->store_write(b->host, keys_errand(path, e->name),
                                  e->words);
        e->is_due = true;
    }
}
