/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The terminal of balancerctl top: rows go out, keys come in. */
#ifndef CLI_TOP_TERM_H
#define CLI_TOP_TERM_H

#include <stddef.h>
#include <stdint.h>

struct top;

#define TOP_TERM_NO_KEY (-1)
#define TOP_TERM_RESIZE (-2)
#define TOP_TERM_GONE   (-3)

/* The whole screen is ours.  0, or -ENOTTY: this terminal cannot. */
int top_term_open(void);
/* As it was before. */
void top_term_close(void);
size_t top_term_rows(void);
void top_term_show(const struct top *t);
/* A character, one of enum top_key, or TOP_TERM_...; waits so long at most. */
int top_term_key(uint64_t wait_ms);

#endif
