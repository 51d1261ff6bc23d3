/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text for people's eyes: nothing in it may command their terminal. */
#ifndef UTIL_TEXT_H
#define UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Copies text with everything but printable ASCII and well-formed UTF-8
 * letters written as \xNN; cut with "..." if it does not fit.  Always
 * terminated; what is escaped already stays as it is.  size >= 8.  Returns
 * to. */
const char *text_escape(char *to, size_t size, const char *text);

/* Formats behind what text holds; what does not fit is cut. */
void text_append(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Is there nothing in text that would have to be escaped? */
bool text_is_printable(const char *text);

/* Places on a terminal that escaped text takes: one per character. */
size_t text_width(const char *text);

#endif
