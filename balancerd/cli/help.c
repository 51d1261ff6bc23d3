/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What balancerctl can do, and what one verb takes. */
#include <config.h>

#include <string.h>

#include "format.h"
#include "help.h"

#define COLUMNS   78
#define WORD_SIZE 80
/* of what stands left of an explanation */
#define WORD_COLUMNS 16

static void
print_overview(FILE *out)
{
    const struct synopsis *s;
    const char *topic = "";

    fputs("Usage: balancerctl VERB [KEY=VALUE...] [--minimal|--json] "
          "[--socket=PATH]\n"
          "       balancerctl help [VERB]\n"
          "       balancerctl --version\n",
          out);
    for (s = synopsis_table; s->verb; s++) {
        if (strcmp(s->topic, topic) != 0)
            fprintf(out, "\n%s:\n", s->topic);
        topic = s->topic;
        fprintf(out, "  %-28s %s\n", s->verb, s->summary);
    }
    fputs("\nSee balancerctl(8).\n", out);
}

/* The words of the usage, folded like a paragraph. */
static void
print_usage(const struct synopsis *s, FILE *out)
{
    const char *word = s->usage;
    size_t column;

    column = (size_t)fprintf(out, "Usage: balancerctl %s", s->verb);
    while (*word) {
        size_t length = 1 + strcspn(word + 1, " ");

        if (column + length > COLUMNS)
            column = (size_t)fprintf(out, "\n%11s", "") - 1;
        column += length;
        fprintf(out, "%.*s", (int)length, word);
        word += length;
    }
    fputc('\n', out);
}

static void
explain(const char *word, const char *meaning, FILE *out)
{
    fprintf(out, "  %-*s %s\n", WORD_COLUMNS, word, meaning);
}

/* "size=SIZE" or "--multiple". */
static void
format_key(char text[WORD_SIZE], const struct synopsis_key *key)
{
    if (key->value[0])
        snprintf(text, WORD_SIZE, "%s=%s", key->name, key->value);
    else
        snprintf(text, WORD_SIZE, "--%s", key->name);
}

static void
print_keys(const struct synopsis *s, FILE *out)
{
    const struct synopsis_key *key;
    char text[WORD_SIZE];

    for (key = s->keys; key->name; key++) {
        if (!key->meaning)
            continue;
        format_key(text, key);
        explain(text, key->meaning, out);
    }
}

/* What may stand for the words in capitals. */
static void
print_words(const struct synopsis *s, FILE *out)
{
    const struct synopsis_word *word;
    const char *separator = "\n";

    for (word = synopsis_words; word->name; word++) {
        if (!strstr(s->usage, word->name))
            continue;
        fputs(separator, out);
        separator = "";
        explain(word->name, word->meaning, out);
    }
}

void
help_print(const struct synopsis *verb, FILE *out)
{
    if (!verb) {
        print_overview(out);
        return;
    }
    print_usage(verb, out);
    fprintf(out, "\n%s\n", verb->summary);
    if (verb->usage[0])
        fputc('\n', out);
    print_keys(verb, out);
    print_words(verb, out);
}

static void
print_key_words(const struct synopsis *s, FILE *out)
{
    const struct synopsis_key *key;
    char text[WORD_SIZE];

    for (key = s->keys; key->name; key++) {
        if (key != s->keys)
            fputc(',', out);
        format_key(text, key);
        format_escaped(text, out);
    }
}

void
help_print_minimal(const struct synopsis *verb, FILE *out)
{
    const struct synopsis *s;

    if (verb)
        print_key_words(verb, out);
    for (s = synopsis_table; !verb && s->verb; s++)
        fprintf(out, "%s%s", s == synopsis_table ? "" : ",", s->verb);
    fputc('\n', out);
}
