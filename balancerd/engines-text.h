/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engines that were loaded at run time as the text of a file. */
#ifndef ENGINES_TEXT_H
#define ENGINES_TEXT_H

#include <stddef.h>

#include "engines.h"

#define ENGINES_TEXT_VERSION 1
/* More than all options of all engines can take. */
#define ENGINES_TEXT_SIZE 262144

struct engines_kept {
    size_t n;
    struct engine_kept {
        char name[CONF_WORD_SIZE];
        struct conf_policy spec;
    } list[ENGINES_MAX];
};

/* What engines_text_parse reads back as the same; the caller frees.  NULL: no
 * memory. */
char *engines_text_format(const struct engines_kept *kept);
/* 0; -EINVAL (damaged) or -ENOTSUP (a newer version) and a sentence.  *ret
 * may be half filled on failure. */
int engines_text_parse(const char *text, size_t length,
                       struct engines_kept *ret, char error[CONF_ERROR_SIZE]);

#endif
