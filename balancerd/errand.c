/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of errands, and what can be said of one by looking at it. */
#include <config.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "errand.h"

void
errand_table_done(struct errand_table *t)
{
    free(t->list);
    *t = (struct errand_table){ 0 };
}

struct errand *
errand_find(struct errand_table *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->list[i].name, name) == 0)
            return &t->list[i];
    return NULL;
}

static bool
grow(struct errand_table *t)
{
    size_t capacity = t->capacity > 0 ? t->capacity * 2 : 8;
    struct errand *grown;

    if (t->n < t->capacity)
        return true;
    grown = realloc(t->list, capacity * sizeof(*grown));
    if (!grown)
        return false;
    t->list = grown;
    t->capacity = capacity;
    return true;
}

struct errand *
errand_add(struct errand_table *t, const char *name)
{
    struct errand *e;

    if (t->n >= ERRANDS_MAX || !grow(t))
        return NULL;
    e = &t->list[t->n++];
    *e = (struct errand){ .is_seen = true };
    snprintf(e->name, sizeof(e->name), "%s", name);
    return e;
}

void
errand_remove(struct errand_table *t, const char *name)
{
    struct errand *e = errand_find(t, name);

    if (e)
        *e = t->list[--t->n];
}

/* xenstore's own characters but the slash. */
bool
errand_name_is_good(const char *name)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz"
                               "0123456789-_@";
    size_t length = strlen(name);

    return length > 0 && length < ERRAND_NAME_SIZE &&
           strspn(name, good) == length;
}

void
errand_key(char key[RESERVE_KEY_SIZE], const char *name)
{
    snprintf(key, RESERVE_KEY_SIZE, ERRAND_KEY_PREFIX "%s", name);
}

const char *
errand_name_of(const struct reservation *r)
{
    const size_t prefix = strlen(ERRAND_KEY_PREFIX);

    if (strcmp(r->owner, ERRAND_OWNER) != 0 ||
        strncmp(r->key, ERRAND_KEY_PREFIX, prefix) != 0)
        return NULL;
    return r->key + prefix;
}

void
errand_answer(struct errand *e, const char *format, ...)
{
    char state[ERRAND_STATE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(state, sizeof(state), format, args);
    va_end(args);
    e->is_due |= strcmp(state, e->state) != 0;
    memcpy(e->state, state, sizeof(state));
}

void
errand_note(struct errand_table *t, const struct reservation *r,
            const char *state, const char *why)
{
    const char *name = errand_name_of(r);
    struct errand *e = name ? errand_find(t, name) : NULL;

    if (!e || strcmp(e->id, r->id) != 0)
        return;
    if (strcmp(state, ERRAND_GRANTED) == 0) {
        errand_answer(e, ERRAND_GRANTED " %" PRIu64, r->kib);
        e->is_unlinked = true;
        return;
    }
    e->id[0] = '\0';
    e->error[0] = '\0';
    errand_answer(e, "%s %s", state, why);
}

static bool
begins(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

enum errand_verdict
errand_judge(const char *words, const char *answered, const char *state,
             bool has_reservation)
{
    if (strcmp(words, answered) != 0)
        return ERRAND_ASK;
    if (has_reservation)
        return ERRAND_RESUME;
    if (begins(state, ERRAND_GRANTED))
        return ERRAND_LOST;
    if (begins(state, ERRAND_REFUSED) || begins(state, ERRAND_ENDED))
        return ERRAND_KEEP;
    return ERRAND_ASK;
}
