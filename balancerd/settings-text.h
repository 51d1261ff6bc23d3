/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Settings as the text of a file: lines "key = value", the version first and
 * "end = yes" last, so that a file that was cut short is known for one.
 */
#ifndef SETTINGS_TEXT_H
#define SETTINGS_TEXT_H

#include <stddef.h>

#include "settings.h"

#define SETTINGS_VERSION    1
#define SETTINGS_TEXT_SIZE  1024
#define SETTINGS_ERROR_SIZE 256

/* What settings_parse reads back as the same. */
void settings_format(const struct settings *s, char text[SETTINGS_TEXT_SIZE]);
/* 0; -EINVAL (not settings, or cut short) or -ENOTSUP (a newer version) and a
 * sentence.  *ret is untouched on failure. */
int settings_parse(const char *text, size_t length, struct settings *ret,
                   char error[SETTINGS_ERROR_SIZE]);

/* "auto", "manual", "never", "" for unset. */
const char *settings_swap_name(enum settings_swap swap);
/* 0 or -EINVAL. */
int settings_swap_parse(const char *text, enum settings_swap *ret);

#endif
