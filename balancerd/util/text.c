/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Escapes what guests and clients write before it reaches a terminal. */
#include <config.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "util/text.h"

#define ELLIPSIS "..."

/* Continuation bytes that belong to a lead byte; 0 for none. */
static size_t
utf8_follow(unsigned char lead)
{
    if (lead >= 0xc2 && lead <= 0xdf)
        return 1;
    if (lead >= 0xe0 && lead <= 0xef)
        return 2;
    if (lead >= 0xf0 && lead <= 0xf4)
        return 3;
    return 0;
}

/* C1 controls, surrogates, overlong forms and the invisible characters that
 * turn or hide text are as bad as an escape sequence. */
static bool
is_shown(uint32_t c, size_t follow)
{
    static const uint32_t smallest[] = { 0, 0x80, 0x800, 0x10000 };

    return c >= smallest[follow] && c >= 0xa0 && c <= 0x10ffff &&
           !(c >= 0xd800 && c <= 0xdfff) && !(c >= 0x2000 && c <= 0x200f) &&
           !(c >= 0x2028 && c <= 0x202f) && !(c >= 0x2060 && c <= 0x206f) &&
           c != 0xad && c != 0xfeff;
}

/* Bytes of the printable character at text; 0 if it must be escaped. */
static size_t
printable_length(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t follow = utf8_follow(bytes[0]);
    uint32_t c;
    size_t i;

    if (bytes[0] >= ' ' && bytes[0] < 0x7f)
        return 1;
    if (follow == 0)
        return 0;
    c = bytes[0] & (0x3fu >> follow);
    for (i = 1; i <= follow; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (bytes[i] & 0x3fu);
    }
    return is_shown(c, follow) ? follow + 1 : 0;
}

const char *
text_escape(char *to, size_t size, const char *text)
{
    const size_t end = size - sizeof(ELLIPSIS); /* room for the ellipsis */
    size_t used = 0;

    while (*text) {
        size_t length = printable_length(text);
        size_t grown = length > 0 ? length : 4;

        if (used + grown > end && used + strlen(text) * 4 >= size)
            break;
        if (length > 0)
            memcpy(to + used, text, length);
        else
            snprintf(to + used, 5, "\\x%02x", (unsigned char)*text);
        used += grown;
        text += length > 0 ? length : 1;
    }
    snprintf(to + used, size - used, "%s", *text ? ELLIPSIS : "");
    return to;
}

bool
text_is_printable(const char *text)
{
    while (*text) {
        size_t length = printable_length(text);

        if (length == 0)
            return false;
        text += length;
    }
    return true;
}

size_t
text_width(const char *text)
{
    size_t width = 0;

    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

void
text_append(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list args;

    if (used + 1 >= size)
        return;
    va_start(args, format);
    vsnprintf(text + used, size - used, format, args);
    va_end(args);
}
