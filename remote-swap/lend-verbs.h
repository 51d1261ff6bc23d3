/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lendmem's control socket is asked, and its answers. */
#ifndef LEND_VERBS_H
#define LEND_VERBS_H

#include <stddef.h>

struct lend;

/* The answer to a line (without its newline), which the caller frees; NULL:
 * no memory. */
char *lend_answer(struct lend *lend, const char *untrusted_line, size_t length,
                  size_t *ret_length);

#endif
