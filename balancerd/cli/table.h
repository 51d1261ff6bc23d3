/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Aligned columns of text. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct table_column {
    const char *head[2]; /* two lines; "" for none */
    bool is_right;       /* numbers */
    size_t min_width;    /* so that the table stands still */
    size_t max_width;    /* longer texts are cut, with a ~ at the end */
};

struct table;

/* columns is kept.  NULL: no memory. */
struct table *table_new(const struct table_column *columns, size_t n_columns);
/* The next cell, row by row; a copy is made. */
void table_add(struct table *t, const char *text);
void table_print(const struct table *t, FILE *out);
struct table *table_free(struct table *t); /* NULL in, NULL out */

#endif
