/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rswap-attach's answers, read. */
#ifndef SWAP_ANSWER_H
#define SWAP_ANSWER_H

#include "swap-run.h"

/* Fills all but the volume.  What is no answer is a failure in words. */
void
swap_answer_parse(const char *text, size_t length, struct swap_answer *ret);
/* One that nobody gave. */
void
swap_answer_fail(struct swap_answer *ret, const char *code, const char *format,
                 ...) __attribute__((format(printf, 3, 4)));

#endif
