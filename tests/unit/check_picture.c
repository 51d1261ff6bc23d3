/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The history as a picture: what is in the SVG file for a given answer. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "cli/picture.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "unit.h"

#define MINUTE_MS 60000ull
#define BEGIN_MS  (20000 * 86400000ull) /* midnight, UTC */
#define GIB       (1024 * 1024ull)

static struct json_object *result, *rows, *vms, *events;
static char *svg;
static size_t length;

static void
setup(void)
{
    result = json_object_new_object();
    json_set_number(result, FIELD_STEP, MINUTE_MS);
    rows = json_set(result, FIELD_HISTORY, json_object_new_array());
    vms = json_set(result, FIELD_VMS, json_object_new_array());
    events = json_set(result, FIELD_EVENTS, json_object_new_array());
}

static void
teardown(void)
{
    free(svg);
    svg = NULL;
    json_object_put(result);
}

static void
add_row(uint64_t minute, uint64_t free_kib)
{
    struct json_object *row = json_object_new_object();

    json_set_text(row, FIELD_TIME, "2024-10-04T03:00:00.000+01:30");
    json_set_number(row, FIELD_WALL, BEGIN_MS + minute * MINUTE_MS);
    json_set_number(row, FIELD_TOTAL, 16 * GIB);
    json_set_number(row, FIELD_FREE, free_kib);
    json_set_number(row, FIELD_RESERVED, GIB);
    json_set_number(row, FIELD_DOM0, GIB);
    json_set_number(row, FIELD_DOMAINS_KIB, 13 * GIB - free_kib);
    json_set_bool(row, FIELD_IS_SQUEEZING, free_kib == 0);
    json_object_array_add(rows, row);
}

static void
add_domain(uint32_t domid, const char *name, uint64_t kib)
{
    struct json_object *vm = json_object_new_object();
    struct json_object *targets, *actuals;
    char uuid[16];

    snprintf(uuid, sizeof(uuid), "uuid-%u", (unsigned)domid);
    json_set_text(vm, FIELD_UUID, uuid);
    json_set_text(vm, FIELD_NAME, name);
    json_set_number(vm, FIELD_DOMID, domid);
    targets = json_set(vm, FIELD_TARGETS, json_object_new_array());
    actuals = json_set(vm, FIELD_ACTUALS, json_object_new_array());
    for (size_t i = 0; i < json_object_array_length(rows); i++) {
        json_object_array_add(targets, NULL);
        json_object_array_add(actuals, json_object_new_int64((int64_t)kib));
    }
    json_object_array_add(vms, vm);
}

static void
add_event(uint64_t minute, const char *uuid, const char *kind)
{
    struct json_object *e = json_object_new_object();

    json_set_number(e, FIELD_WALL, BEGIN_MS + minute * MINUTE_MS);
    json_set_text(e, FIELD_KIND, kind);
    json_set_text(e, FIELD_UUID, uuid);
    json_set_text(e, FIELD_NAME, "");
    json_set_text(e, FIELD_NEW_STATE, "");
    json_set_text(e, FIELD_SENTENCE, "a <b> & \"c\"");
    json_object_array_add(events, e);
}

static void
draw(void)
{
    FILE *out;

    free(svg);
    out = open_memstream(&svg, &length);
    ck_assert_ptr_nonnull(out);
    picture_print(result, out);
    fclose(out);
}

static size_t
count(const char *what)
{
    size_t n = 0;

    for (const char *at = strstr(svg, what); at; at = strstr(at + 1, what))
        n++;
    return n;
}

START_TEST(test_a_picture_is_one_file_without_scripts)
{
    add_row(0, GIB);
    add_row(60, GIB);
    add_domain(1, "web", GIB);
    draw();
    ck_assert_int_eq(strncmp(svg, "<?xml", 5), 0);
    ck_assert_int_eq(strcmp(svg + length - 7, "</svg>\n"), 0);
    ck_assert_ptr_null(strstr(svg, "script"));
    ck_assert_ptr_null(strstr(svg, "href"));
    ck_assert_uint_eq(count("http"), 1); /* the name of the language */
}
END_TEST

START_TEST(test_times_and_amounts_are_round)
{
    for (uint64_t i = 0; i <= 60; i++)
        add_row(i, GIB);
    draw();
    ck_assert_ptr_nonnull(strstr(svg, "2024-10-04 01:30:00 to 2024-10-04 "
                                      "02:30:00 (UTC+01:30)"));
    ck_assert_ptr_nonnull(strstr(svg, ">01:35<"));
    ck_assert_ptr_nonnull(strstr(svg, ">02:25<"));
    ck_assert_ptr_nonnull(strstr(svg, ">16 GiB<"));
    ck_assert_ptr_nonnull(strstr(svg, ">2 GiB<"));
    ck_assert_ptr_null(strstr(svg, ">1 GiB<"));
}
END_TEST

/* Total, less free, less reserved, ...: one path each, steps without a gap. */
START_TEST(test_amounts_are_exact)
{
    add_row(0, GIB);
    add_row(1, GIB);
    for (size_t i = 0; i < 2; i++)
        json_set_number(json_object_array_get_idx(rows, i), FIELD_TOTAL,
                        2 * GIB + GIB / 8);
    draw();
    ck_assert_ptr_nonnull(strstr(svg, ">1280 MiB<"));
    ck_assert_ptr_nonnull(strstr(svg, ">1.5 GiB<"));
}
END_TEST

START_TEST(test_the_host_is_a_sum)
{
    add_row(0, 4 * GIB);
    add_row(1, 4 * GIB);
    add_row(2, 8 * GIB);
    draw();
    ck_assert_ptr_nonnull(
        strstr(svg, "<path class=\"free\" d=\"M200,92H1165V312H200Z\"/>"));
    ck_assert_ptr_nonnull(strstr(
        svg,
        "<path class=\"reserved\" d=\"M200,147H682.5V202H1165V312H200Z\"/>"));
    ck_assert_ptr_nonnull(
        strstr(svg, "<path class=\"xen\" d=\"M200,298.3H1165V312H200Z\"/>"));
}
END_TEST

START_TEST(test_where_nobody_looked_there_is_a_gap)
{
    add_row(0, 4 * GIB);
    add_row(1, 4 * GIB);
    add_row(9, 4 * GIB);
    add_row(10, 4 * GIB);
    draw();
    ck_assert_ptr_nonnull(strstr(svg,
                                 "<path class=\"free\" d=\"M200,92H296.5V312"
                                 "H200ZM972,92H1165V312H972Z\"/>"));
}
END_TEST

START_TEST(test_a_squeeze_is_seen_however_short)
{
    for (uint64_t i = 0; i < 1440; i++)
        add_row(i, i == 700 ? 0 : GIB);
    draw();
    ck_assert_uint_eq(count("<rect class=\"squeeze\""), 2); /* the legend's */
}
END_TEST

START_TEST(test_marks_say_what_happened)
{
    add_row(0, GIB);
    add_row(100, GIB);
    add_domain(1, "web", GIB);
    add_event(10, "uuid-1", "range-changed");
    add_event(50, "", "reservation-refused");
    add_event(90, "uuid-9", "domain-gone"); /* it has no panel */
    draw();
    ck_assert_uint_eq(count("class=\"event\""), 3);
    ck_assert_uint_eq(count("class=\"bad\""), 2);
    ck_assert_ptr_nonnull(strstr(svg,
                                 "<title>02:20:00 reservation-refused: "
                                 "a &lt;b&gt; &amp; &quot;c&quot;\n</title>"));
}
END_TEST

START_TEST(test_marks_that_would_cover_each_other_are_one)
{
    add_row(0, GIB);
    add_row(1000, GIB);
    for (uint64_t i = 0; i < 20; i++)
        add_event(10, "", "config-reloaded");
    add_event(11, "", "config-refused");
    draw();
    ck_assert_uint_eq(count("class=\"event\""), 1);
    ck_assert_uint_eq(count("class=\"bad\""), 2);
    ck_assert_ptr_nonnull(strstr(svg, "and 9 more\n"));
}
END_TEST

START_TEST(test_names_do_no_harm)
{
    add_row(0, GIB);
    add_row(1, GIB);
    add_domain(1, "</svg><script>alert(1)</script>", GIB);
    add_domain(2,
               "B\xc3\xbcro \xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"
               "\xc3\xbc\xc3\xbc\xc3\xbc",
               GIB);
    draw();
    ck_assert_ptr_null(strstr(svg, "<script"));
    ck_assert_uint_eq(count("</svg>"), 1);
    /* cut between two letters, not in one */
    ck_assert_ptr_nonnull(strstr(svg, "\xc3\xbc... (2)<title>"));
}
END_TEST

START_TEST(test_the_smallest_of_many_are_one)
{
    add_row(0, GIB);
    add_row(1, GIB);
    for (uint32_t i = 1; i <= 30; i++)
        add_domain(i, "vm", i * 1024);
    draw();
    ck_assert_uint_eq(count("<text class=\"name\""), PICTURE_DOMAINS + 1);
    ck_assert_ptr_nonnull(strstr(svg, ">7 others<"));
    ck_assert_ptr_null(strstr(svg, ">vm (7)<"));
    ck_assert_ptr_nonnull(strstr(svg, ">vm (8)<"));
}
END_TEST

START_TEST(test_no_history_is_a_picture_too)
{
    draw();
    ck_assert_ptr_nonnull(strstr(svg, "there is no sample yet"));
    add_row(0, GIB);
    draw();
    ck_assert_uint_eq(count("class=\"free\""), 2);
    json_object_object_del(result, FIELD_VMS);
    json_object_object_del(result, FIELD_EVENTS);
    draw();
    ck_assert_uint_eq(count("</svg>"), 1);
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_a_picture_is_one_file_without_scripts);
    tcase_add_test(tests, test_times_and_amounts_are_round);
    tcase_add_test(tests, test_amounts_are_exact);
    tcase_add_test(tests, test_the_host_is_a_sum);
    tcase_add_test(tests, test_where_nobody_looked_there_is_a_gap);
    tcase_add_test(tests, test_a_squeeze_is_seen_however_short);
    tcase_add_test(tests, test_marks_say_what_happened);
    tcase_add_test(tests, test_marks_that_would_cover_each_other_are_one);
    tcase_add_test(tests, test_names_do_no_harm);
    tcase_add_test(tests, test_the_smallest_of_many_are_one);
    tcase_add_test(tests, test_no_history_is_a_picture_too);
}

int
main(void)
{
    return unit_run("picture", add_tests);
}
