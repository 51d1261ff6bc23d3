/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collects cells, then prints columns as wide as they need to be. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "util/text.h"

/* Numbers side by side need less room than words do. */
#define GAP         2
#define NUMBERS_GAP 1

struct table {
    const struct table_column *columns;
    size_t n_columns;
    char **cells;
    size_t n;
    size_t capacity;
};

struct table *
table_new(const struct table_column *columns, size_t n_columns)
{
    struct table *t = calloc(1, sizeof(*t));

    if (!t)
        return NULL;
    t->columns = columns;
    t->n_columns = n_columns;
    return t;
}

/* Bytes of the first width characters. */
static size_t
prefix_bytes(const char *text, size_t width)
{
    size_t i;

    for (i = 0; text[i]; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80 && width-- == 0)
            break;
    return i;
}

static char *
cut(const char *text, size_t max_width)
{
    char *copy = strdup(text);
    size_t bytes;

    if (!copy || text_width(text) <= max_width)
        return copy;
    bytes = prefix_bytes(text, max_width - 1);
    memcpy(copy + bytes, "~", 2);
    return copy;
}

void
table_add(struct table *t, const char *text)
{
    const struct table_column *column = &t->columns[t->n % t->n_columns];
    char **grown;

    if (t->n == t->capacity) {
        size_t capacity = t->capacity > 0 ? t->capacity * 2 : 64;

        grown = realloc(t->cells, capacity * sizeof(*grown));
        if (!grown)
            return;
        t->cells = grown;
        t->capacity = capacity;
    }
    t->cells[t->n] = cut(text, column->max_width);
    if (t->cells[t->n])
        t->n++;
}

static size_t
max_size(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t
column_width(const struct table *t, size_t i)
{
    const struct table_column *column = &t->columns[i];
    size_t width =
        max_size(column->min_width, max_size(text_width(column->head[0]),
                                             text_width(column->head[1])));

    for (; i < t->n; i += t->n_columns)
        width = max_size(width, text_width(t->cells[i]));
    return width;
}

static size_t
gap_after(const struct table *t, size_t i)
{
    bool are_numbers = i + 1 < t->n_columns && t->columns[i].is_right &&
                       t->columns[i + 1].is_right;

    return are_numbers ? NUMBERS_GAP : GAP;
}

/* One line; cells has one text per column. No blanks at its end. */
static void
print_line(const struct table *t, const char *const *cells,
           const size_t *widths, FILE *out)
{
    size_t owed = 0; /* blanks, once there is something behind them */
    size_t i;

    for (i = 0; i < t->n_columns; i++) {
        size_t pad = widths[i] - text_width(cells[i]);

        if (t->columns[i].is_right)
            owed += pad;
        if (cells[i][0]) {
            fprintf(out, "%*s%s", (int)owed, "", cells[i]);
            owed = 0;
        }
        if (!t->columns[i].is_right)
            owed += pad;
        owed += gap_after(t, i);
    }
    fputc('\n', out);
}

static void
print_head(const struct table *t, size_t line, const size_t *widths,
           const char **cells, FILE *out)
{
    bool is_empty = true;
    size_t i;

    for (i = 0; i < t->n_columns; i++) {
        cells[i] = t->columns[i].head[line];
        is_empty &= cells[i][0] == '\0';
    }
    if (!is_empty)
        print_line(t, cells, widths, out);
}

void
table_print(const struct table *t, FILE *out)
{
    size_t *widths = calloc(t->n_columns, sizeof(*widths));
    const char **cells = calloc(t->n_columns, sizeof(*cells));
    size_t i;

    for (i = 0; widths && cells && i < t->n_columns; i++)
        widths[i] = column_width(t, i);
    for (i = 0; widths && cells && i < 2; i++)
        print_head(t, i, widths, cells, out);
    for (i = 0; widths && cells && i + t->n_columns <= t->n;
         i += t->n_columns) {
        memcpy(cells, t->cells + i, t->n_columns * sizeof(*cells));
        print_line(t, cells, widths, out);
    }
    free(cells);
    free(widths);
}

struct table *
table_free(struct table *t)
{
    size_t i;

    if (!t)
        return NULL;
    for (i = 0; i < t->n; i++)
        free(t->cells[i]);
    free(t->cells);
    free(t);
    return NULL;
}
