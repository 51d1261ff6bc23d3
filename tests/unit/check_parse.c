/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers, sizes, times, uuids, as tables of texts and what they mean; and
 * what text may do to a terminal. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "util/parse.h"
#include "util/text.h"
#include "util/uuid.h"

#define UNTOUCHED 4711

struct row {
    const char *text;
    int r;
    uint64_t value; /* if r == 0 */
};

static const struct row sizes[] = {
    { "0", 0, 0 },
    { "1", 0, 1 },
    { "1b", 0, 1 },
    { "1 bytes", 0, 1 },
    { "3k", 0, 3072 },
    { "3KB", 0, 3072 },
    { "3KiB", 0, 3072 },
    { "512m", 0, 536870912 },
    { "512 MiB", 0, 536870912 },
    { "2G", 0, 2147483648 },
    { "2gb", 0, 2147483648 },
    { "1t", 0, 1099511627776 },
    { "1TiB", 0, 1099511627776 },
    { "007k", 0, 7168 },
    { "18446744073709551615", 0, UINT64_MAX },
    { "18446744073709551616", -ERANGE, 0 },
    { "99999999999999999999999999999999", -ERANGE, 0 },
    { "16777215t", 0, 16777215ull << 40 },
    { "16777216t", -ERANGE, 0 },
    { "", -EINVAL, 0 },
    { " 1", -EINVAL, 0 },
    { "1 ", -EINVAL, 0 },
    { "1  m", -EINVAL, 0 },
    { "m", -EINVAL, 0 },
    { "+1", -EINVAL, 0 },
    { "-1", -EINVAL, 0 },
    { "1.5g", -EINVAL, 0 },
    { "0x10", -EINVAL, 0 },
    { "1e3", -EINVAL, 0 },
    { "1p", -EINVAL, 0 },
    { "1mm", -EINVAL, 0 },
    { "1m\n", -EINVAL, 0 },
    { "99999999999999999999x", -EINVAL, 0 },
    { NULL, -EINVAL, 0 },
};

START_TEST(test_parse_size_is_xes)
{
    uint64_t bytes = UNTOUCHED;

    ck_assert_int_eq(parse_size_bytes(sizes[_i].text, &bytes), sizes[_i].r);
    ck_assert_uint_eq(bytes, sizes[_i].r == 0 ? sizes[_i].value : UNTOUCHED);
}
END_TEST

static const struct row kib_sizes[] = {
    { "0", 0, 0 },        { "1", 0, 1 },
    { "1024", 0, 1 },     { "1025", 0, 2 },
    { "4m", 0, 4096 },    { "18446744073709551615", 0, 1ull << 54 },
    { "-1", -EINVAL, 0 }, { "16777216t", -ERANGE, 0 },
};

START_TEST(test_parse_size_rounds_a_broken_kib_up)
{
    uint64_t kib = UNTOUCHED;

    ck_assert_int_eq(parse_size_kib(kib_sizes[_i].text, &kib), kib_sizes[_i].r);
    ck_assert_uint_eq(kib,
                      kib_sizes[_i].r == 0 ? kib_sizes[_i].value : UNTOUCHED);
}
END_TEST

static const struct row kibs[] = {
    { "0", 0, 0 },
    { "1500", 0, 1500 },
    { "1500b", 0, 2 },
    { "4 MiB", 0, 4096 },
    { "18014398509481984", 0, 1ull << 54 }, /* 16 EiB, as the largest size */
    { "18014398509481985", -ERANGE, 0 },
    { "", -EINVAL, 0 },
    { "-1", -EINVAL, 0 },
    { "1.5g", -EINVAL, 0 },
};

START_TEST(test_parse_kib_counts_kib)
{
    uint64_t kib = UNTOUCHED;

    ck_assert_int_eq(parse_kib(kibs[_i].text, &kib), kibs[_i].r);
    ck_assert_uint_eq(kib, kibs[_i].r == 0 ? kibs[_i].value : UNTOUCHED);
}
END_TEST

static const struct row durations[] = {
    { "0", 0, 0 },
    { "90", 0, 90000 },
    { "90s", 0, 90000 },
    { "250ms", 0, 250 },
    { "5m", 0, 300000 },
    { "2h", 0, 7200000 },
    { "7d", 0, 604800000 },
    { "18446744073709551615ms", 0, UINT64_MAX },
    { "18446744073709551615", -ERANGE, 0 },
    { "5w", -EINVAL, 0 },
    { "-5", -EINVAL, 0 },
    { "1h30m", -EINVAL, 0 },
    { "", -EINVAL, 0 },
    { NULL, -EINVAL, 0 },
};

START_TEST(test_parse_duration_is_seconds_or_has_a_suffix)
{
    uint64_t ms = UNTOUCHED;

    ck_assert_int_eq(parse_duration_ms(durations[_i].text, &ms),
                     durations[_i].r);
    ck_assert_uint_eq(ms,
                      durations[_i].r == 0 ? durations[_i].value : UNTOUCHED);
}
END_TEST

START_TEST(test_parse_u64_keeps_its_bounds)
{
    uint64_t value = UNTOUCHED;

    ck_assert_int_eq(parse_u64("9", 10, 20, &value), -ERANGE);
    ck_assert_int_eq(parse_u64("21", 10, 20, &value), -ERANGE);
    ck_assert_int_eq(parse_u64("12k", 10, 20, &value), -EINVAL);
    ck_assert_int_eq(parse_u64("", 0, 20, &value), -EINVAL);
    ck_assert_int_eq(parse_u64(NULL, 0, 20, &value), -EINVAL);
    ck_assert_uint_eq(value, UNTOUCHED);
    ck_assert_int_eq(parse_u64("10", 10, 20, &value), 0);
    ck_assert_uint_eq(value, 10);
    ck_assert_int_eq(parse_u64("20", 10, 20, &value), 0);
    ck_assert_uint_eq(value, 20);
}
END_TEST

struct hex_row {
    const char *text;
    size_t length;
    int r;
    uint32_t value;
};

static const struct hex_row hex_rows[] = {
    { "0", 1, 0, 0 },
    { "7:1a", 1, 0, 7 },
    { "1a:7", 2, 0, 0x1a },
    { "ffffffff", 8, 0, UINT32_MAX },
    { "100000000", 9, -EINVAL, 0 },
    { "", 0, -EINVAL, 0 },
    { "7:1", 3, -EINVAL, 0 },
    { "FF", 2, -EINVAL, 0 },
    { "1\0", 2, -EINVAL, 0 },
};

START_TEST(test_parse_hex_n)
{
    const struct hex_row *row = &hex_rows[_i];
    uint32_t value = 0;

    ck_assert_int_eq(parse_hex_n(row->text, row->length, &value), row->r);
    ck_assert_uint_eq(value, row->value);
}
END_TEST

START_TEST(test_parse_u64_n_sees_its_length_only)
{
    const char text[3] = { '1', '2', '3' };
    uint64_t value = UNTOUCHED;

    ck_assert_int_eq(parse_u64_n(text, 2, 0, 1000, &value), 0);
    ck_assert_uint_eq(value, 12);
    ck_assert_int_eq(parse_u64_n("1\0002", 3, 0, 1000, &value), -EINVAL);
    ck_assert_int_eq(parse_u64_n(text, 0, 0, 1000, &value), -EINVAL);
    ck_assert_uint_eq(value, 12);
}
END_TEST

static const struct {
    const char *text;
    int r;
    uint32_t permille;
} permilles[] = {
    { "1", 0, 1000 },          { "1.5", 0, 1500 },
    { "0.125", 0, 125 },       { "2.00", 0, 2000 },
    { "1.9999", 0, 1999 },     { "0", 0, 0 },
    { "007.1", 0, 7100 },      { "4294966", 0, 4294966000 },
    { "4294967", -ERANGE, 0 }, { "99999999999999999999999", -ERANGE, 0 },
    { "", -EINVAL, 0 },        { ".5", -EINVAL, 0 },
    { "1.", -EINVAL, 0 },      { "1.5x", -EINVAL, 0 },
    { "1,5", -EINVAL, 0 },     { "-1", -EINVAL, 0 },
    { "1e3", -EINVAL, 0 },     { "1.5.5", -EINVAL, 0 },
    { " 1", -EINVAL, 0 },      { NULL, -EINVAL, 0 },
};

START_TEST(test_parse_permille_counts_thousandths)
{
    uint32_t value = 4711;

    ck_assert_int_eq(parse_permille(permilles[_i].text, &value),
                     permilles[_i].r);
    ck_assert_uint_eq(value,
                      permilles[_i].r == 0 ? permilles[_i].permille : 4711);
}
END_TEST

START_TEST(test_parse_bool_knows_four_pairs)
{
    static const char *const yes[] = { "yes", "true", "on", "1", "YES" };
    static const char *const no[] = { "no", "false", "off", "0", "Off" };
    bool value;
    size_t i;

    for (i = 0; i < 5; i++) {
        value = false;
        ck_assert_int_eq(parse_bool(yes[i], &value), 0);
        ck_assert(value);
        ck_assert_int_eq(parse_bool(no[i], &value), 0);
        ck_assert(!value);
    }
    ck_assert_int_eq(parse_bool("", &value), -EINVAL);
    ck_assert_int_eq(parse_bool("yes ", &value), -EINVAL);
    ck_assert_int_eq(parse_bool("2", &value), -EINVAL);
    ck_assert_int_eq(parse_bool(NULL, &value), -EINVAL);
}
END_TEST

static const char *const bad_uuids[] = {
    "",
    "01234567-89ab-cdef-0123-456789abcde",
    "01234567-89ab-cdef-0123-456789abcdef0",
    "0123456789ab-cdef-0123-456789abcdef00",
    "01234567-89ab-cdef-0123-456789abcdeg",
    "01234567_89ab_cdef_0123_456789abcdef",
    "{1234567-89ab-cdef-0123-456789abcde}",
    NULL,
};

START_TEST(test_parse_uuid_refuses_another_shape)
{
    char uuid[PARSE_UUID_SIZE] = "x";

    ck_assert_int_eq(parse_uuid(bad_uuids[_i], uuid), -EINVAL);
    ck_assert_str_eq(uuid, "x");
}
END_TEST

START_TEST(test_parse_uuid_writes_lower_case)
{
    char uuid[PARSE_UUID_SIZE];

    ck_assert_int_eq(parse_uuid("01234567-89AB-cdef-0123-456789ABCDEF", uuid),
                     0);
    ck_assert_str_eq(uuid, "01234567-89ab-cdef-0123-456789abcdef");
}
END_TEST

START_TEST(test_uuid_make_makes_another_one_each_time)
{
    char a[UUID_SIZE];
    char b[UUID_SIZE];
    char parsed[UUID_SIZE];

    ck_assert_int_eq(uuid_make(a), 0);
    ck_assert_int_eq(uuid_make(b), 0);
    ck_assert_str_ne(a, b);
    ck_assert_int_eq(parse_uuid(a, parsed), 0);
    ck_assert_str_eq(a, parsed);
    ck_assert_int_eq(a[14], '4');
    ck_assert_ptr_nonnull(strchr("89ab", a[19]));
}
END_TEST

START_TEST(test_parse_errors_are_xes_sentences)
{
    char error[PARSE_ERROR_SIZE];
    char longer[1000];

    parse_size_error(error, "min", "x\033");
    ck_assert_str_eq(error, "Failed to parse field 'min': expecting an integer "
                            "(possibly with suffix KiB, MiB, GiB, TiB), got "
                            "'x\\x1b'");
    parse_u64_error(error, "domid", NULL);
    ck_assert_str_eq(error, "Failed to parse field 'domid': expecting an "
                            "integer, got ''");
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    parse_duration_error(error, "ttl", longer);
    ck_assert_str_eq(error + strlen(error) - 4, "...'");
}
END_TEST

struct escape_row {
    const char *text;
    const char *escaped;
};

static const struct escape_row escapes[] = {
    { "", "" },
    { "web-1 (test)", "web-1 (test)" },
    { "a\tb\nc\033[2J", "a\\x09b\\x0ac\\x1b[2J" },
    { "\x7f", "\\x7f" },
    { "caf\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x90\xa7",
      "caf\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x90\xa7" },
    { "\xc2\x9b", "\\xc2\\x9b" },          /* a C1 control: CSI */
    { "\xe2\x80\xae", "\\xe2\\x80\\xae" }, /* turns the line around */
    { "\xc0\x8a", "\\xc0\\x8a" },          /* an overlong line feed */
    { "\xed\xa0\x80", "\\xed\\xa0\\x80" }, /* a surrogate */
    { "\xe6\xbc", "\\xe6\\xbc" },          /* cut short */
    { "\xff\xfe", "\\xff\\xfe" },
    { "\\x1b", "\\x1b" },
};

START_TEST(test_text_escape_leaves_nothing_harmful)
{
    char text[256];
    char again[256];

    text_escape(text, sizeof(text), escapes[_i].text);
    ck_assert_str_eq(text, escapes[_i].escaped);
    ck_assert(text_is_printable(text));
    ck_assert_str_eq(text_escape(again, sizeof(again), text), text);
    ck_assert(text_is_printable(escapes[_i].text) ==
              (strcmp(text, escapes[_i].text) == 0));
}
END_TEST

START_TEST(test_text_escape_cuts_between_characters)
{
    char text[12];

    text_escape(text, sizeof(text), "abcdefgh");
    ck_assert_str_eq(text, "abcdefgh");
    text_escape(text, sizeof(text), "abcdefghijklmno");
    ck_assert_str_eq(text, "abcdefgh...");
    text_escape(text, sizeof(text), "abcdef\xe6\xbc\xa2ghijklmn");
    ck_assert_str_eq(text, "abcdef...");
    text_escape(text, sizeof(text), "\1\2\3\4");
    ck_assert_str_eq(text, "\\x01\\x02...");
    ck_assert_uint_eq(text_width("caf\xc3\xa9"), 4);
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_parse_size_is_xes, sizes);
    UNIT_ADD_ROWS(tests, test_parse_size_rounds_a_broken_kib_up, kib_sizes);
    UNIT_ADD_ROWS(tests, test_parse_kib_counts_kib, kibs);
    UNIT_ADD_ROWS(tests, test_parse_duration_is_seconds_or_has_a_suffix,
                  durations);
    tcase_add_test(tests, test_parse_u64_keeps_its_bounds);
    UNIT_ADD_ROWS(tests, test_parse_hex_n, hex_rows);
    tcase_add_test(tests, test_parse_u64_n_sees_its_length_only);
    UNIT_ADD_ROWS(tests, test_parse_permille_counts_thousandths, permilles);
    tcase_add_test(tests, test_parse_bool_knows_four_pairs);
    UNIT_ADD_ROWS(tests, test_parse_uuid_refuses_another_shape, bad_uuids);
    tcase_add_test(tests, test_parse_uuid_writes_lower_case);
    tcase_add_test(tests, test_uuid_make_makes_another_one_each_time);
    tcase_add_test(tests, test_parse_errors_are_xes_sentences);
    UNIT_ADD_ROWS(tests, test_text_escape_leaves_nothing_harmful, escapes);
    tcase_add_test(tests, test_text_escape_cuts_between_characters);
}

int
main(void)
{
    return unit_run("parse", add);
}
