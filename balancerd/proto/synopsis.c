/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds verbs and keys, also mistyped ones. */
#include <config.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "proto/synopsis.h"
#include "util/text.h"

/* Longer words are compared by their beginnings. */
#define WORD_MAX 48
/* What of a wrong word is repeated. */
#define SHOWN_SIZE 80

static const char *
current_name(const char *verb)
{
    const struct synopsis_alias *a;

    for (a = synopsis_aliases; a->alias; a++)
        if (strcmp(a->alias, verb) == 0)
            return a->verb;
    return verb;
}

const struct synopsis *
synopsis_find(const char *verb)
{
    const struct synopsis *s;

    verb = current_name(verb);
    for (s = synopsis_table; s->verb; s++)
        if (strcmp(s->verb, verb) == 0)
            return s;
    return NULL;
}

const struct synopsis_key *
synopsis_key(const struct synopsis *s, const char *name)
{
    const struct synopsis_key *key;

    for (key = s->keys; key->name; key++)
        if (strcmp(key->name, name) == 0)
            return key;
    return NULL;
}

static size_t
min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to insert, delete or change to make b of a. */
static size_t
edit_distance(const char *a, const char *b)
{
    size_t n = strnlen(b, WORD_MAX);
    size_t row[WORD_MAX + 1];
    size_t i, j;

    for (j = 0; j <= n; j++)
        row[j] = j;
    for (i = 0; i < WORD_MAX && a[i]; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (j = 1; j <= n; j++) {
            size_t changed = diagonal + (a[i] != b[j - 1]);

            diagonal = row[j];
            row[j] = min_size(changed, min_size(row[j], row[j - 1]) + 1);
        }
    }
    return row[n];
}

/* Remembers name as the best guess if it is nearer than the last one. */
static void
consider(const char *typed, const char *name, const char **best,
         size_t *distance)
{
    size_t d = edit_distance(typed, name);

    if (d >= *distance)
        return;
    *distance = d;
    *best = name;
}

/* A third of the letters wrong is another word. */
static size_t
tolerance(const char *typed)
{
    return strnlen(typed, WORD_MAX) / 3 + 2;
}

static const char *
guess_verb(const char *verb)
{
    size_t distance = tolerance(verb);
    const char *best = NULL;
    const struct synopsis *s;

    for (s = synopsis_table; s->verb; s++)
        consider(verb, s->verb, &best, &distance);
    return best;
}

static const char *
guess_key(const struct synopsis *s, const char *name)
{
    size_t distance = tolerance(name);
    const struct synopsis_key *key;
    const char *best = NULL;

    for (key = s->keys; key->name; key++)
        consider(name, key->name, &best, &distance);
    return best;
}

/* Ends the sentence with what was probably meant. */
static void
add_guess(char error[SYNOPSIS_ERROR_SIZE], const char *guess)
{
    if (guess)
        text_append(error, SYNOPSIS_ERROR_SIZE, " (did you mean %s?)", guess);
}

void
synopsis_refuse_verb(const char *verb, char error[SYNOPSIS_ERROR_SIZE])
{
    char shown[SHOWN_SIZE];

    text_escape(shown, sizeof(shown), verb);
    snprintf(error, SYNOPSIS_ERROR_SIZE, "Unknown command: %s", shown);
    add_guess(error, guess_verb(verb));
}

/* Does it take fields, listed elsewhere, for keys? */
static bool
has_fields(const struct synopsis *s)
{
    const struct synopsis_key *key;

    for (key = s->keys; key->name; key++)
        if (!key->meaning)
            return true;
    return false;
}

/* xe takes a key that it does not know for a field. */
void
synopsis_refuse_key(const struct synopsis *s, const char *name,
                    char error[SYNOPSIS_ERROR_SIZE])
{
    char shown[SHOWN_SIZE];

    text_escape(shown, sizeof(shown), name);
    if (has_fields(s))
        snprintf(error, SYNOPSIS_ERROR_SIZE, "Unknown field '%s'", shown);
    else
        snprintf(error, SYNOPSIS_ERROR_SIZE, "Unknown parameter of %s: %s",
                 s->verb, shown);
    add_guess(error, guess_key(s, name));
}

bool
synopsis_is_complete(const struct synopsis *s, synopsis_has_fn *has,
                     const void *arg, char error[SYNOPSIS_ERROR_SIZE])
{
    const struct synopsis_key *key;

    for (key = s->keys; key->name; key++) {
        if (!key->is_required || has(arg, key->name))
            continue;
        snprintf(error, SYNOPSIS_ERROR_SIZE, "Required parameter not found: %s",
                 key->name);
        return false;
    }
    return true;
}
