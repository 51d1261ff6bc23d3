/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes and reads lessons as lines of numbers. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "overhead-lesson.h"
#include "util/parse.h"
#include "util/text.h"

/* Nothing that a 52-bit physical address can name is larger. */
#define SHORT_MAX_KIB (UINT64_C(1) << 42)

void
overhead_lesson_format(const struct overhead_lesson *l,
                       char text[OVERHEAD_LESSON_TEXT_SIZE])
{
    text[0] = '\0';
    for (size_t i = 0; i < l->n; i++)
        text_append(text, OVERHEAD_LESSON_TEXT_SIZE, "%s%" PRIu64,
                    i > 0 ? " " : "", l->short_kib[i]);
}

int
overhead_lesson_parse(const char *text, struct overhead_lesson *ret)
{
    struct overhead_lesson l = { 0 };

    for (;;) {
        size_t length = strcspn(text, " ");

        if (l.n == OVERHEAD_LESSON_N ||
            parse_u64_n(text, length, 0, SHORT_MAX_KIB, &l.short_kib[l.n]) < 0)
            return -EINVAL;
        l.n++;
        if (text[length] == '\0')
            break;
        text += length + 1;
    }
    *ret = l;
    return 0;
}
