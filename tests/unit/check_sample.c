/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The line that a guest's agent writes: to text, back, and what is refused. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "proto/sample.h"
#include "unit.h"

#define NO SAMPLE_UNKNOWN

static const struct {
    const char *text;
    int r;
} lines[] = {
    { "1 seq=1 up=0", 0 },
    { "1 up=0 seq=18446744073709551614", 0 },
    { "1 seq=7 up=5 total=4398046511104 stall-full=3", 0 },
    { "1 seq=7 up=5 lru=1.5/2 swap=xvdb:4:0 swap=dm-1:4:4", 0 },
    { "1 seq=7 up=5 swap=a:1:0 swap=b:1:0 swap=c:1:0 swap=d:1:0", 0 },
    /* no sample */
    { "", -EINVAL },
    { "1", -EINVAL },
    { "1 seq=7", -EINVAL },
    { "1 up=7", -EINVAL },
    { "seq=7 up=5", -EINVAL },
    { "1  seq=7 up=5", -EINVAL },
    { "1 seq=7 up=5 ", -EINVAL },
    { " 1 seq=7 up=5", -EINVAL },
    { "1 seq=7 up=5\n", -EINVAL },
    { "1\tseq=7 up=5", -EINVAL },
    { "1 seq=7 up=5 total", -EINVAL },
    { "1 seq=7 up=5 =3", -EINVAL },
    { "1 seq=7 up=5 total=", -EINVAL },
    { "1 seq=7 up=5 total=-1", -EINVAL },
    { "1 seq=7 up=5 total=0x10", -EINVAL },
    { "1 seq=7 up=5 total=1e3", -EINVAL },
    { "1 seq=7 up=5 total=1=1", -EINVAL },
    { "1 seq=7 up=5 up=6", -EINVAL },
    { "1 seq=7 up=5 other=\x1b[2J", -EINVAL },
    { "1 seq=7 up=5 other=\xc3\xbc", -EINVAL },
    { "1 seq=7 up=5 swap=xvdb", -EINVAL },
    { "1 seq=7 up=5 swap=xvdb:4", -EINVAL },
    { "1 seq=7 up=5 swap=:4:0", -EINVAL },
    { "1 seq=7 up=5 swap=a/b:4:0", -EINVAL },
    { "1 seq=7 up=5 swap=xvdb:4:0:0", -EINVAL },
    { "1 seq=7 up=5 swap=0123456789abcdef:4:0", -EINVAL },
    /* numbers that cannot be */
    { "0 seq=7 up=5", -ERANGE },
    { "1 seq=0 up=5", -ERANGE },
    { "1 seq=18446744073709551615 up=5", -ERANGE },
    { "1 seq=7 up=99999999999999999999999", -ERANGE },
    { "1 seq=7 up=5 total=4398046511105", -ERANGE },
    { "1 seq=7 up=5 swap=xvdb:4398046511105:0", -ERANGE },
    { "1 seq=7 up=5 swap=a:1:0 swap=b:1:0 swap=c:1:0 swap=d:1:0 swap=e:1:0",
      -ERANGE },
    /* of the future, whatever it looks like then */
    { "2 seq=7 up=5", -EPROTONOSUPPORT },
    { "4294967295", -EPROTONOSUPPORT },
    { "2 \x01", -EPROTONOSUPPORT },
};

START_TEST(test_sample_takes_lines_of_its_form_only)
{
    const char *text = lines[_i].text;
    struct sample s = { .sequence = 99 };

    ck_assert_int_eq(sample_parse(text, strlen(text), &s), lines[_i].r);
    if (lines[_i].r < 0)
        ck_assert_uint_eq(s.sequence, 99);
    ck_assert_str_ne(sample_error(lines[_i].r), "");
}
END_TEST

START_TEST(test_sample_tells_what_a_line_says)
{
    static const char text[] = "1 seq=7 up=5 total=98304 swap-in=12 later=x "
                               "swap=xvdb:131068:512 swap=dm-1:64:0";
    struct sample s;

    ck_assert_int_eq(sample_parse(text, strlen(text), &s), 0);
    ck_assert_uint_eq(s.sequence, 7);
    ck_assert_uint_eq(s.uptime_ms, 5);
    ck_assert_uint_eq(s.total_kib, 98304);
    ck_assert_uint_eq(s.available_kib, NO);
    ck_assert_uint_eq(s.swap_in_pages, 12);
    ck_assert_uint_eq(s.stall_full_us, NO);
    ck_assert_str_eq(s.swaps[0].name, "xvdb");
    ck_assert_uint_eq(s.swaps[0].size_kib, 131068);
    ck_assert_uint_eq(s.swaps[0].used_kib, 512);
    ck_assert_str_eq(s.swaps[1].name, "dm-1");
    ck_assert_str_eq(s.swaps[2].name, "");
}
END_TEST

/* Every field at its largest. */
static struct sample
large(void)
{
    const uint64_t kib = UINT64_C(1) << 42;
    struct sample s = {
        .sequence = NO - 1,
        .uptime_ms = NO - 1,
        .total_kib = kib,
        .available_kib = kib,
        .cache_kib = kib,
        .anon_kib = kib,
        .swap_total_kib = kib,
        .swap_free_kib = kib,
        .swap_in_pages = NO - 1,
        .swap_out_pages = NO - 1,
        .refault_anon_pages = NO - 1,
        .refault_file_pages = NO - 1,
        .major_faults = NO - 1,
        .scanned_pages = NO - 1,
        .stall_some_us = NO - 1,
        .stall_full_us = NO - 1,
    };

    for (size_t i = 0; i < SAMPLE_SWAPS; i++)
        s.swaps[i] = (struct sample_swap){ "abcdefghijklmno", kib, kib };
    return s;
}

START_TEST(test_sample_comes_back_as_it_was_written)
{
    const struct sample all = large();
    char text[SAMPLE_TEXT_SIZE];
    struct sample s;

    sample_format(&all, text);
    ck_assert_int_eq(sample_parse(text, strlen(text), &s), 0);
    ck_assert_mem_eq(&s, &all, sizeof(s));

    sample_init(&s);
    ck_assert_uint_eq(s.sequence, 0);
    ck_assert_uint_eq(s.available_kib, NO);
    s.sequence = 3;
    sample_format(&s, text);
    ck_assert_str_eq(text, "1 seq=3 up=0");
}
END_TEST

START_TEST(test_sample_reads_no_further_than_it_may)
{
    char text[SAMPLE_TEXT_SIZE + 1];
    struct sample s;

    /* The line ends in the middle of a word, without a NUL. */
    ck_assert_int_eq(sample_parse("1 seq=7 up=51", 12, &s), 0);
    ck_assert_uint_eq(s.uptime_ms, 5);
    ck_assert_int_eq(sample_parse("1 seq=7 up=5\0 total=1", 21, &s), -EINVAL);

    memset(text, 'x', sizeof(text));
    memcpy(text, "1 seq=7 up=5 x=", 15);
    ck_assert_int_eq(sample_parse(text, SAMPLE_TEXT_SIZE - 1, &s), 0);
    ck_assert_int_eq(sample_parse(text, SAMPLE_TEXT_SIZE, &s), -E2BIG);
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_sample_takes_lines_of_its_form_only, lines);
    tcase_add_test(tests, test_sample_tells_what_a_line_says);
    tcase_add_test(tests, test_sample_comes_back_as_it_was_written);
    tcase_add_test(tests, test_sample_reads_no_further_than_it_may);
}

int
main(void)
{
    return unit_run("sample", add);
}
