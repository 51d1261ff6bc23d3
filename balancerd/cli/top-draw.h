/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The screen of balancerctl top: state in, rows of text out. */
#ifndef CLI_TOP_DRAW_H
#define CLI_TOP_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "top.h"

#define TOP_COLUMNS_MAX 240

/* Rows and columns on the screen; bold is a part of a row. */
struct top_row {
    char text[TOP_COLUMNS_MAX + 1];
    bool is_reverse;
    size_t bold_from;
    size_t bold_length;
};

/* The screen as rows[0..n_rows); each is at most n_columns long. */
void top_draw(const struct top *t, size_t n_columns, size_t n_rows,
              struct top_row *rows);
/* Rows that a screen needs which shows all domains. */
size_t top_rows_needed(const struct top *t);
/* Domains that a screen of so many rows has room for. */
size_t top_page(size_t n_rows);

#endif
