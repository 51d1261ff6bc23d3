/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What balancerctl can do, and what one verb takes. */
#include <config.h>

#include <string.h>

#include "help.h"

#define SELECTORS "<vm-selectors>"
#define COLUMNS   78

struct word {
    const char *name;
    const char *meaning;
};

static const struct word words[] = {
    { SELECTORS,
      "vm=NAME|UUID|DOMID, or any field of vm-list: name-label=web" },
    { "SIZE", "bytes, or with a binary suffix k, m, g, t: 512m, 2GiB" },
    { "TIME", "seconds, or with a suffix ms, s, m, h, d: 90, 5m" },
    { "FIELD,...", "names of fields, as the list shows them, or all" },
};

static void
print_overview(FILE *out)
{
    const struct synopsis *s;

    fputs("Usage: balancerctl VERB [KEY=VALUE...] [--minimal|--json] "
          "[--socket=PATH]\n"
          "       balancerctl help [VERB]\n"
          "       balancerctl --version\n\n",
          out);
    for (s = synopsis_table; s->verb; s++)
        fprintf(out, "  %-28s %s\n", s->verb, s->summary);
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
print_words(const struct synopsis *s, FILE *out)
{
    const char *separator = "\n";
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!strstr(s->usage, words[i].name))
            continue;
        fprintf(out, "%s  %-14s %s\n", separator, words[i].name,
                words[i].meaning);
        separator = "";
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
    print_words(verb, out);
}
