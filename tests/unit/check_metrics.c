/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The exposition: what is in it for a given state, and that no name breaks
 * it. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <event2/buffer.h>

#include "events.h"
#include "metrics-listen.h"
#include "metrics-text.h"
#include "metrics-write.h"
#include "tick.h"
#include "unit.h"

#define MIB 1024ull

static struct evbuffer *out;
static struct guest guests[2];
static struct balancer b;
static struct histogram lags, ticks;

static void
setup(void)
{
    out = evbuffer_new();
    lags = (struct histogram){ .bounds_us = histogram_short_us };
    ticks = (struct histogram){ .bounds_us = histogram_short_us };
    memset(guests, 0, sizeof(guests));
    guests[0] = (struct guest){
        .facts = { .domid = 0,
                   .actual_kib = 512 * MIB,
                   .target_kib = HOST_UNSET,
                   .static_max_kib = HOST_UNSET,
                   .name = "Domain-0" },
        .state = GUEST_READY,
    };
    guests[1] = (struct guest){
        .facts = { .domid = 7,
                   .actual_kib = 1024 * MIB,
                   .target_kib = 2048 * MIB,
                   .static_max_kib = 4096 * MIB,
                   .uuid = "u7",
                   .name = "a\"b\\c\nd\xff" },
        .state = GUEST_STUCK,
        .has_range = true,
        .range = { .dynamic_min_kib = 256 * MIB,
                   .dynamic_max_kib = 4096 * MIB },
        .thrash.state = THRASH_SUSTAINED,
    };
    b = (struct balancer){
        .guests = { .n = 2, .guests = guests },
        .events = events_new(),
        .squeezes.bounds_us = histogram_long_us,
        .snapshot.account = { .total_kib = 4096 * MIB, .free_kib = 1 },
        .stats = { .refusals = 3, .ticks = 12 },
    };
}

static void
teardown(void)
{
    b.events = events_free(b.events);
    evbuffer_free(out);
}

static const char *
text(void)
{
    evbuffer_add(out, "", 1);
    return (const char *)evbuffer_pullup(out, -1);
}

static const char *
written(void)
{
    const struct metrics_source source = {
        .b = &b,
        .lags = &lags,
        .ticks = &ticks,
        .cpu_us = 12000345,
    };

    metrics_write(&source, out);
    return text();
}

#define LABELS "{domid=\"7\",uuid=\"u7\",name=\"a\\\"b\\\\c\\\\x0ad\\\\xff\""

static const char *const lines[] = {
    "\nxen_balancer_host_up 1\n",
    "\nxen_balancer_host_squeezing 0\n",
    "\nxen_balancer_domains 2\n",
    "\nxen_balancer_host_memory_size_bytes 4294967296\n",
    "\nxen_balancer_host_memory_bytes{use=\"free\"} 1024\n",
    "\nxen_balancer_domain_memory_actual_bytes" LABELS "} 1073741824\n",
    "\nxen_balancer_domain_memory_target_bytes" LABELS "} 2147483648\n",
    "\nxen_balancer_domain_memory_dynamic_min_bytes" LABELS "} 268435456\n",
    "\nxen_balancer_domain_stuck" LABELS "} 1\n",
    "\nxen_balancer_domain_thrashing" LABELS "} 1\n",
    "\nxen_balancer_domain_state" LABELS ",state=\"stuck\"} 1\n",
    "\nxen_balancer_domain_stuck{domid=\"0\",uuid=\"\",name=\"Domain-0\"} 0\n",
    "\n# TYPE xen_balancer_reservations_refused_total counter\n",
    "\nxen_balancer_reservations_refused_total 3\n",
    "\n# TYPE xen_balancer_squeeze_duration_seconds histogram\n",
    "\nprocess_cpu_seconds_total 12.000345\n",
};

START_TEST(test_what_is_told)
{
    ck_assert_ptr_nonnull(strstr(written(), lines[_i]));
}
END_TEST

/* Domain 0 has neither target nor range here. */
START_TEST(test_what_nobody_knows_is_left_out)
{
    const char *all = written();

    ck_assert_ptr_null(strstr(all, "target_bytes{domid=\"0\""));
    ck_assert_ptr_null(strstr(all, "dynamic_max_bytes{domid=\"0\""));
    ck_assert_ptr_null(strstr(all, "18446744073709551615"));
    ck_assert_ptr_nonnull(strstr(all, "actual_bytes{domid=\"0\""));
}
END_TEST

START_TEST(test_a_host_without_domains)
{
    b.guests.n = 0;
    ck_assert_ptr_nonnull(strstr(written(), "\nxen_balancer_domains 0\n"));
}
END_TEST

START_TEST(test_a_histogram_counts_what_is_not_above_its_bounds)
{
    histogram_add(&lags, 0);
    histogram_add(&lags, 100);
    histogram_add(&lags, 101);
    histogram_add(&lags, 2000000);
    ck_assert_uint_eq(histogram_count(&lags), 4);
    metrics_histogram(out, "x", "Help.", &lags);
    ck_assert_ptr_nonnull(strstr(text(),
                                 "# HELP xen_balancer_x Help.\n"
                                 "# TYPE xen_balancer_x histogram\n"
                                 "xen_balancer_x_bucket{le=\"0.000100\"} 2\n"
                                 "xen_balancer_x_bucket{le=\"0.000250\"} 3\n"));
    ck_assert_ptr_nonnull(strstr(text(),
                                 "xen_balancer_x_bucket{le=\"1.000000\"} 3\n"
                                 "xen_balancer_x_bucket{le=\"+Inf\"} 4\n"
                                 "xen_balancer_x_sum 2.000201\n"
                                 "xen_balancer_x_count 4\n"));
}
END_TEST

START_TEST(test_bounds_rise)
{
    for (size_t i = 1; i < HISTOGRAM_BOUNDS; i++) {
        ck_assert_uint_lt(histogram_short_us[i - 1], histogram_short_us[i]);
        ck_assert_uint_lt(histogram_long_us[i - 1], histogram_long_us[i]);
    }
}
END_TEST

static const struct label_row {
    const char *value;
    const char *written;
} labels[] = {
    { "", "x=\"\"" },
    { "web", "x=\"web\"" },
    { "a\"} 1\nevil 2", "x=\"a\\\"} 1\\\\x0aevil 2\"" },
    { "\\", "x=\"\\\\\"" },
    { "B\xc3\xbcro", "x=\"B\xc3\xbcro\"" },
    { "\xc3", "x=\"\\\\xc3\"" },
};

START_TEST(test_a_label_is_ended_by_nothing_in_it)
{
    metrics_label(out, "x", labels[_i].value);
    ck_assert_str_eq(text(), labels[_i].written);
}
END_TEST

static const struct listen_row {
    const char *text;
    const char *address; /* NULL: refused */
} listens[] = {
    { "9100", "127.0.0.1:9100" },
    { "10.0.0.1", "10.0.0.1:10811" },
    { "10.0.0.1:80", "10.0.0.1:80" },
    { "::1", "[::1]:10811" },
    { "[::]:9", "[::]:9" },
    { "0", NULL },
    { "65536", NULL },
    { "-1", NULL },
    { "localhost", NULL },
    { "*:80", NULL },
    { "10.0.0.1:", NULL },
};

START_TEST(test_where_to_listen)
{
    char address[METRICS_ADDRESS_SIZE] = "unchanged";
    const struct listen_row *row = &listens[_i];

    ck_assert_int_eq(metrics_address(row->text, address),
                     row->address ? 0 : -EINVAL);
    ck_assert_str_eq(address, row->address ? row->address : "unchanged");
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    UNIT_ADD_ROWS(tests, test_what_is_told, lines);
    tcase_add_test(tests, test_what_nobody_knows_is_left_out);
    tcase_add_test(tests, test_a_host_without_domains);
    tcase_add_test(tests, test_a_histogram_counts_what_is_not_above_its_bounds);
    tcase_add_test(tests, test_bounds_rise);
    UNIT_ADD_ROWS(tests, test_a_label_is_ended_by_nothing_in_it, labels);
    UNIT_ADD_ROWS(tests, test_where_to_listen, listens);
}

int
main(void)
{
    return unit_run("metrics", add_tests);
}
