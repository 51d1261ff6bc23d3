/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Structs become words and come back; what is no such word is refused. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record-tables.h"
#include "unit.h"

static const struct row {
    const char *text;
    int r;
} rows[] = {
    { "", 0 },
    { "kib=5", 0 },
    { " kib=5  min_kib=-", 0 },
    { "kib", -EINVAL },
    { "kib=", -EINVAL },
    { "kib=-1", -EINVAL },
    { "kib=5x", -EINVAL },
    { "kib=18446744073709551616", -EINVAL },
    { "colour=red", -EINVAL },
    { "domid=4294967296", -EINVAL },
    { "state=1", 0 },
    { "state=100", -EINVAL },
    { "uuid=a%20b", 0 },
    { "uuid=a%2", -EINVAL },
    { "uuid=a%00", -EINVAL },
    { "uuid=a\"b", -EINVAL },
    { "uuid=0123456789012345678901234567890123456", -EINVAL },
};

START_TEST(test_record_reads_what_it_knows_only)
{
    struct reservation r = { 0 };

    ck_assert_int_eq(record_read(&record_reservation, rows[_i].text, &r),
                     rows[_i].r);
}
END_TEST

START_TEST(test_record_escapes_what_is_no_plain_character)
{
    char text[64], back[16];

    record_escape("a b%=\n\xc3\xa9", text, sizeof(text));
    ck_assert_str_eq(text, "a%20b%25%3D%0A%C3%A9");
    ck_assert_int_eq(record_unescape(text, back, sizeof(back)), 0);
    ck_assert_str_eq(back, "a b%=\n\xc3\xa9");
    record_escape("aaaaaaaaaaaaaaaa", text, 8);
    ck_assert_uint_lt(strlen(text), 8);
}
END_TEST

static const struct record_table *const tables[] = {
    &record_tuning,   &record_memory, &record_domain,
    &record_settings, &record_guest,  &record_reservation,
};

/* The largest of the structs, and room to see that nobody writes beyond. */
#define OBJECT_SIZE (sizeof(struct guest) + sizeof(struct host_domain))

static void
fill(const struct record_table *t, unsigned char *object)
{
    for (size_t i = 0; i < t->n; i++) {
        unsigned char *p = object + t->fields[i].offset;

        switch (t->fields[i].kind) {
        case RECORD_TEXT:
            memset(p, 'a' + (int)i % 26, t->fields[i].size - 1);
            break;
        case RECORD_BOOL:
            *p = 1;
            break;
        case RECORD_ENUM:
            *p = (unsigned char)(i % 99 + 1);
            break;
        case RECORD_U64:
        case RECORD_U32:
        case RECORD_I64:
            memset(p, (int)i + 1, t->fields[i].size);
            break;
        }
    }
}

/* All fields at once: no field is another's, and a line has room for them. */
START_TEST(test_record_brings_every_field_back)
{
    const struct record_table *t = tables[_i];
    static const unsigned char nothing[OBJECT_SIZE];
    unsigned char *object = calloc(1, OBJECT_SIZE);
    unsigned char *back = calloc(1, OBJECT_SIZE);
    char text[RECORD_LINE_SIZE] = "";

    ck_assert_ptr_nonnull(object);
    ck_assert_ptr_nonnull(back);
    fill(t, object);
    ck_assert_uint_eq(record_write(t, nothing, object, text), t->n);
    ck_assert_uint_lt(strlen(text), RECORD_LINE_SIZE - 64);
    ck_assert_int_eq(record_read(t, text, back), 0);
    ck_assert_mem_eq(object, back, OBJECT_SIZE);
    text[0] = '\0';
    ck_assert_uint_eq(record_write(t, object, back, text), 0);
    ck_assert_str_eq(text, "");
    free(object);
    free(back);
}
END_TEST

START_TEST(test_record_names_are_different)
{
    const struct record_table *t = tables[_i];

    for (size_t i = 0; i < t->n; i++) {
        ck_assert_uint_lt(strlen(t->fields[i].name), RECORD_NAME_SIZE);
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(t->fields[i].name, t->fields[j].name);
    }
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_record_reads_what_it_knows_only, rows);
    tcase_add_test(tests, test_record_escapes_what_is_no_plain_character);
    UNIT_ADD_ROWS(tests, test_record_brings_every_field_back, tables);
    UNIT_ADD_ROWS(tests, test_record_names_are_different, tables);
}

int
main(void)
{
    return unit_run("record", add);
}
