/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Structs as words "name=value" of a line of text: what differs from another
 * struct of the kind, and back.
 */
#ifndef RECORD_TEXT_H
#define RECORD_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* All fields of the largest struct. */
#define RECORD_LINE_SIZE 8192
#define RECORD_NAME_SIZE 64 /* of a field */

enum record_kind {
    RECORD_U64, /* UINT64_MAX is "-" */
    RECORD_U32,
    RECORD_I64,
    RECORD_BOOL,
    RECORD_ENUM,
    RECORD_TEXT, /* what is no plain character is %XX */
};

struct record_field {
    const char *name;
    enum record_kind kind;
    size_t offset;
    size_t size;
};

struct record_table {
    const struct record_field *fields;
    size_t n;
};

/* " name=value" for each field in which now is not as base, behind what text
 * holds.  Returns how many there were. */
size_t record_write(const struct record_table *t, const void *base,
                    const void *now, char text[RECORD_LINE_SIZE]);
/* The other way: words that the table does not know, or whose values cannot
 * be, are -EINVAL. */
int record_read(const struct record_table *t, const char *text, void *ret);
/* One word, as name and value. */
int record_set(const struct record_table *t, const char *name,
               const char *value, void *ret);

/* A text as such a value, and back into size bytes: 0 or -EINVAL. */
void record_escape(const char *from, char *text, size_t size);
int record_unescape(const char *from, char *ret, size_t size);

/* The next word of *text, which moves on; NULL: there is none. The text is
 * taken apart. */
char *record_word(char **text);

#endif
