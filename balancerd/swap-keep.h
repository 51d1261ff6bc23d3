/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is wanted of volumes, on disk: one file next to the settings, replaced
 * before a wish is acted on.  What there is of a volume is not in it: that is
 * looked at.
 */
#ifndef SWAP_KEEP_H
#define SWAP_KEEP_H

#include "swap.h"

#define SWAP_KEEP_ERROR_SIZE 256
#define SWAP_KEEP_SIZE       (256 * 1024) /* all that can be kept */

/* The text, which the caller frees; NULL: no memory. */
char *swap_keep_format(const struct swap *s);
/* Adds what is kept.  0, -EINVAL, -ENOTSUP (a newer version), -ENOMEM, and a
 * sentence. */
int swap_keep_parse(const char *text, size_t length, struct swap *ret,
                    char error[SWAP_KEEP_ERROR_SIZE]);
/* On disk when it returns.  0 or -errno and a sentence. */
int swap_keep_save(const struct swap *s, char error[SWAP_KEEP_ERROR_SIZE]);
/* dir, which is kept, may be NULL.  What cannot be used is told to the log. */
void swap_keep_load(struct swap *s, const char *dir);

#endif
