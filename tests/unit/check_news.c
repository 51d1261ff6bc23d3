/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When balancer-agent tells the host something, and when it keeps quiet. */
#include <config.h>

#include <string.h>

#include "guest/news.h"
#include "unit.h"

#define NO  SAMPLE_UNKNOWN
#define MIB 1024u

/* A guest of 1 GiB with 256 MiB to spare that was told of a second ago. */
static const struct sample told = {
    .sequence = 5,
    .uptime_ms = 100000,
    .total_kib = 1024 * MIB,
    .available_kib = 256 * MIB,
    .swap_total_kib = 64 * MIB,
    .swap_in_pages = 1000,
    .swap_out_pages = 1000,
    .refault_anon_pages = 1000,
    .refault_file_pages = 1000,
    .major_faults = 1000,
    .scanned_pages = 1000,
    .stall_some_us = 1000000,
    .stall_full_us = NO,
};

static const struct {
    const char *what;
    size_t offset;
    uint64_t value;
    bool is_due;
} rows[] = {
    { "nothing", offsetof(struct sample, uptime_ms), 101000, false },
    { "almost a heartbeat", offsetof(struct sample, uptime_ms), 109999, false },
    { "a heartbeat", offsetof(struct sample, uptime_ms), 110000, true },
    /* the limits are 1/16 of 256 MiB and 1/64 of 1 GiB: 16 MiB each */
    { "15 MiB less", offsetof(struct sample, available_kib), 242 * MIB, false },
    { "16 MiB less", offsetof(struct sample, available_kib), 240 * MIB, true },
    { "15 MiB more", offsetof(struct sample, available_kib), 271 * MIB, false },
    { "16 MiB more", offsetof(struct sample, available_kib), 272 * MIB, true },
    { "nothing known", offsetof(struct sample, available_kib), NO, true },
    { "ballooned by 15 MiB", offsetof(struct sample, total_kib), 1039 * MIB,
      false },
    { "ballooned by 17 MiB", offsetof(struct sample, total_kib), 1041 * MIB,
      true },
    { "another swap area", offsetof(struct sample, swap_total_kib), 65 * MIB,
      true },
    { "15 pages in", offsetof(struct sample, swap_in_pages), 1015, false },
    { "16 pages in", offsetof(struct sample, swap_in_pages), 1016, true },
    { "255 pages out", offsetof(struct sample, swap_out_pages), 1255, false },
    { "256 pages out", offsetof(struct sample, swap_out_pages), 1256, true },
    { "16 refaults", offsetof(struct sample, refault_anon_pages), 1016, true },
    { "255 of files", offsetof(struct sample, refault_file_pages), 1255,
      false },
    { "256 of files", offsetof(struct sample, refault_file_pages), 1256, true },
    { "9.9 ms of stalls", offsetof(struct sample, stall_some_us), 1009900,
      false },
    { "10 ms of stalls", offsetof(struct sample, stall_some_us), 1010000,
      true },
    { "a counter back", offsetof(struct sample, swap_in_pages), 0, false },
    { "a counter gone", offsetof(struct sample, swap_in_pages), NO, false },
    { "scans alone", offsetof(struct sample, scanned_pages), 99999, false },
};

START_TEST(test_news_is_what_changed_enough)
{
    struct news n = { .last = told };
    struct sample s = told;

    s.uptime_ms += 1000;
    memcpy((char *)&s + rows[_i].offset, &rows[_i].value, sizeof(uint64_t));
    ck_assert_msg(news_is_due(&n, &s) == rows[_i].is_due, "%s", rows[_i].what);
}
END_TEST

START_TEST(test_news_sees_a_small_rest_closely)
{
    struct news n = { .last = told };
    struct sample s = told;

    n.last.available_kib = 20 * MIB;
    s.available_kib = 19 * MIB;
    ck_assert(!news_is_due(&n, &s));
    s.available_kib = 18 * MIB + 768;
    ck_assert(news_is_due(&n, &s));
    /* Never closer than 1 MiB. */
    n.last.available_kib = 2 * MIB;
    s.available_kib = 1 * MIB + 1;
    ck_assert(!news_is_due(&n, &s));
    s.available_kib = 1 * MIB;
    ck_assert(news_is_due(&n, &s));
}
END_TEST

START_TEST(test_news_begins_at_once)
{
    struct news n = { .was_busy = false };
    struct sample s = told;

    ck_assert(news_is_due(&n, &s));
    news_note(&n, &s);
    s.uptime_ms += 1000;
    ck_assert(!news_is_due(&n, &s));
}
END_TEST

/* Else the host would believe in the last rate until the next heartbeat. */
START_TEST(test_news_tells_of_the_end_of_swapping)
{
    struct news n = { .last = told };
    struct sample s = told;

    s.swap_in_pages += 500;
    s.uptime_ms += 1000;
    ck_assert(news_is_due(&n, &s));
    news_note(&n, &s);
    s.uptime_ms += 1000;
    ck_assert(news_is_due(&n, &s));
    news_note(&n, &s);
    s.uptime_ms += 1000;
    ck_assert(!news_is_due(&n, &s));
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_news_is_what_changed_enough, rows);
    tcase_add_test(tests, test_news_sees_a_small_rest_closely);
    tcase_add_test(tests, test_news_begins_at_once);
    tcase_add_test(tests, test_news_tells_of_the_end_of_swapping);
}

int
main(void)
{
    return unit_run("news", add);
}
