/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of words, below a heading. */
#include <config.h>

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "swap-areas.h"
#include "util/parse.h"

#define BLANKS  " \t"
#define KIB_MAX (UINT64_C(1) << 42)

/* The next word of a line; its length is 0 behind the last. */
static size_t
next_word(const char **at, const char **ret_word)
{
    size_t length;

    *at += strspn(*at, BLANKS);
    length = strcspn(*at, BLANKS "\n");
    *ret_word = *at;
    *at += length;
    return length;
}

static int
take_number(const char **at, uint64_t *ret)
{
    const char *word;
    size_t length = next_word(at, &word);

    return parse_u64_n(word, length, 0, KIB_MAX, ret);
}

static int
take_priority(const char **at, int *ret)
{
    const char *word;
    size_t length = next_word(at, &word);
    bool is_negative = length > 0 && word[0] == '-';
    uint64_t number = 0;
    int r = parse_u64_n(word + is_negative, length - is_negative, 0, INT_MAX,
                        &number);

    if (r == 0)
        *ret = is_negative ? -(int)number : (int)number;
    return r;
}

/* "/dev/xvdb    partition    131068    0    -2"; the kernel writes odd letters
 * of a name as \ooo. */
static int
parse_line(const char *line, struct swap_area *ret)
{
    const char *word;
    size_t length = next_word(&line, &word);
    int r;

    if (length == 0 || length >= sizeof(ret->path) || word[0] != '/' ||
        memchr(word, '\\', length))
        return -EINVAL;
    memcpy(ret->path, word, length);
    ret->path[length] = '\0';
    next_word(&line, &word); /* partition or file */
    r = take_number(&line, &ret->size_kib);
    if (r == 0)
        r = take_number(&line, &ret->used_kib);
    return r < 0 ? r : take_priority(&line, &ret->priority);
}

size_t
swap_areas_parse(const char *text, struct swap_area ret[SWAP_AREAS_MAX])
{
    size_t n = 0;

    while (*text && n < SWAP_AREAS_MAX) {
        n += parse_line(text, &ret[n]) == 0;
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return n;
}
