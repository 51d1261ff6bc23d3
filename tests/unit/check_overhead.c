/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The models of overhead against their authors' own numbers, and lessons. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "overhead-guest.h"
#include "overhead-lesson.h"
#include "unit.h"
#include "world.h"

static struct overhead_config
config(enum overhead_kind kind, uint64_t max_mib, uint32_t vcpus)
{
    return (struct overhead_config){
        .kind = kind,
        .has_hap = kind != OVERHEAD_PV,
        .vcpus = vcpus,
        .multiplier_permille = OVERHEAD_MULTIPLIER_ONE,
        .static_max_kib = max_mib * MIB,
    };
}

/* xen-api, memory.ml. */
static const struct {
    enum overhead_kind kind;
    uint64_t max_mib;
    uint32_t vcpus;
    uint64_t paging_mib;
    uint64_t overhead_mib;
} xapi_rows[] = {
    { OVERHEAD_HVM, 512, 1, 5, 8 },
    { OVERHEAD_HVM, 2048, 2, 18, 21 },
    { OVERHEAD_HVM, 4096, 4, 36, 39 },
    { OVERHEAD_HVM, 16384, 8, 136, 140 },
    { OVERHEAD_PVH, 512, 1, 5, 8 },
    { OVERHEAD_PVH, 16384, 8, 136, 140 },
    { OVERHEAD_PV, 512, 1, 5, 7 },
    { OVERHEAD_PV, 2048, 2, 18, 20 },
    { OVERHEAD_PV, 4096, 4, 36, 38 },
    { OVERHEAD_PV, 16384, 8, 136, 139 },
    { OVERHEAD_PV_IN_PVH, 512, 1, 5, 36 },
    { OVERHEAD_PV_IN_PVH, 2048, 2, 18, 66 },
    { OVERHEAD_PV_IN_PVH, 4096, 4, 36, 107 },
    { OVERHEAD_PV_IN_PVH, 16384, 8, 136, 345 },
};

START_TEST(test_xapi_model_has_xapis_numbers)
{
    struct overhead_config c =
        config(xapi_rows[_i].kind, xapi_rows[_i].max_mib, xapi_rows[_i].vcpus);

    ck_assert_uint_eq(overhead_paging_kib(&c), xapi_rows[_i].paging_mib * MIB);
    ck_assert_uint_eq(overhead_xapi_kib(&c), xapi_rows[_i].overhead_mib * MIB);
}
END_TEST

static const struct {
    uint32_t permille;
    uint64_t paging_mib;
} multiplier_rows[] = {
    { 1000, 5 }, { 1199, 5 }, { 1200, 6 }, { 2500, 12 }, { 100, 1 },
};

START_TEST(test_multiplier_counts_whole_mib)
{
    struct overhead_config c = config(OVERHEAD_HVM, 512, 1);

    c.multiplier_permille = multiplier_rows[_i].permille;
    ck_assert_uint_eq(overhead_paging_kib(&c),
                      multiplier_rows[_i].paging_mib * MIB);
    ck_assert_uint_eq(overhead_xapi_kib(&c),
                      (multiplier_rows[_i].paging_mib + 3) * MIB);
}
END_TEST

/* What libxl 4.17 says of such configurations: tests/lab/tests/xl-need.sh. */
static const struct {
    enum overhead_kind kind;
    uint64_t memory_mib;
    uint64_t max_mib;
    uint32_t vcpus;
    uint64_t paging_mib;
    uint64_t need_mib;
} libxl_rows[] = {
    { OVERHEAD_PVH, 128, 128, 1, 0, 132 },
    { OVERHEAD_PVH, 128, 1024, 1, 0, 136 },
    { OVERHEAD_PVH, 128, 1024, 2, 0, 136 },
    { OVERHEAD_PVH, 128, 1024, 4, 0, 138 },
    { OVERHEAD_PV, 128, 128, 1, 0, 132 },
    { OVERHEAD_HVM, 128, 128, 1, 16, 146 },
};

START_TEST(test_libxl_model_has_libxls_numbers)
{
    struct overhead_config c =
        config(libxl_rows[_i].kind, libxl_rows[_i].max_mib,
               libxl_rows[_i].vcpus);

    c.paging_kib = libxl_rows[_i].paging_mib * MIB;
    ck_assert_uint_eq(overhead_libxl_need_kib(&c,
                                              libxl_rows[_i].memory_mib * MIB),
                      libxl_rows[_i].need_mib * MIB);
}
END_TEST

START_TEST(test_libxl_model_knows_shadows_and_stub_domains)
{
    struct overhead_config c = config(OVERHEAD_HVM, 1024, 1);

    ck_assert_uint_eq(overhead_libxl_need_kib(&c, 1024 * MIB), 1032 * MIB);
    c.has_hap = false; /* one page more for each MiB */
    ck_assert_uint_eq(overhead_libxl_need_kib(&c, 1024 * MIB), 1036 * MIB);
    c.videoram_kib = 16 * MIB;
    ck_assert_uint_eq(overhead_libxl_need_kib(&c, 1024 * MIB), 1036 * MIB);
    c.stubdom_kib = 32 * MIB;
    ck_assert_uint_eq(overhead_libxl_need_kib(&c, 1024 * MIB), 1084 * MIB);
}
END_TEST

START_TEST(test_prediction_is_the_larger_model)
{
    struct overhead_config c = config(OVERHEAD_PVH, 16384, 8);

    ck_assert_uint_eq(overhead_predicted_kib(&c, 16384 * MIB), 140 * MIB);
    c.has_hap = false; /* libxl: 2 + 8 + 128 MiB; rounded up */
    ck_assert_uint_eq(overhead_predicted_kib(&c, 16384 * MIB), 140 * MIB);
    c.stubdom_kib = 32 * MIB;
    ck_assert_uint_eq(overhead_predicted_kib(&c, 16384 * MIB), 170 * MIB);
    /* What it is known to have is more than what either model says. */
    c = config(OVERHEAD_PVH, 512, 1);
    c.paging_kib = 64 * MIB;
    ck_assert_uint_eq(overhead_predicted_kib(&c, 512 * MIB), 67 * MIB);
}
END_TEST

static const struct {
    uint64_t total_mib;
    uint32_t vcpus;
    uint64_t lesson_mib;
    uint64_t max_mib;
} largest_rows[] = {
    { 520, 1, 0, 512 },   { 519, 1, 0, 511 },  { 16524, 8, 0, 16384 },
    { 1024, 64, 0, 940 }, { 520, 1, 10, 502 }, { 3, 1, 0, 0 },
    { 0, 1, 0, 0 },
};

START_TEST(test_largest_fits_and_one_mib_more_does_not)
{
    uint64_t total_kib = largest_rows[_i].total_mib * MIB;
    struct overhead_config c = config(OVERHEAD_HVM, 7, largest_rows[_i].vcpus);
    uint64_t max_kib;

    c.lesson_kib = largest_rows[_i].lesson_mib * MIB;
    max_kib = overhead_largest_kib(&c, total_kib);
    ck_assert_uint_eq(max_kib, largest_rows[_i].max_mib * MIB);
    c.static_max_kib = max_kib + MIB;
    ck_assert_uint_gt(max_kib + MIB + overhead_kib(&c, max_kib + MIB),
                      total_kib);
    /* A broken MiB buys nothing. */
    ck_assert_uint_eq(overhead_largest_kib(&c, total_kib + MIB - 1), max_kib);
}
END_TEST

START_TEST(test_numbers_at_the_end_of_the_world_do_not_wrap)
{
    struct overhead_config c = config(OVERHEAD_PV_IN_PVH, 1, UINT32_MAX);

    c.static_max_kib = UINT64_MAX;
    c.multiplier_permille = UINT32_MAX;
    c.lesson_kib = UINT64_MAX;
    c.stubdom_kib = UINT64_MAX;
    ck_assert_uint_ge(overhead_kib(&c, UINT64_MAX), UINT64_MAX / 2);
    ck_assert_uint_eq(overhead_libxl_need_kib(&c, UINT64_MAX), UINT64_MAX);
}
END_TEST

START_TEST(test_lesson_is_the_largest_shortfall)
{
    struct overhead_lesson l = { 0 };

    ck_assert_uint_eq(overhead_lesson_kib(&l), 0);
    overhead_lesson_add(&l, 5 * MIB, 3 * MIB);
    ck_assert_uint_eq(overhead_lesson_kib(&l), 0);
    overhead_lesson_add(&l, 5 * MIB, 9 * MIB);
    overhead_lesson_add(&l, 5 * MIB, 6 * MIB);
    ck_assert_uint_eq(overhead_lesson_kib(&l), 4 * MIB);
}
END_TEST

START_TEST(test_outlier_is_cut_and_forgotten)
{
    struct overhead_lesson l = { 0 };
    struct overhead_config c = config(OVERHEAD_PVH, 512, 1);

    overhead_lesson_add(&l, 100 * MIB, 5000 * MIB);
    ck_assert_uint_eq(overhead_lesson_kib(&l), 100 * MIB);
    /* A small domain is not charged what a large one lacked. */
    c.lesson_kib = overhead_lesson_kib(&l);
    ck_assert_uint_eq(overhead_kib(&c, 512 * MIB), (8 + 16) * MIB);
    for (int i = 0; i < OVERHEAD_LESSON_N - 1; i++)
        overhead_lesson_add(&l, 5 * MIB, 6 * MIB);
    ck_assert_uint_eq(overhead_lesson_kib(&l), 100 * MIB);
    overhead_lesson_add(&l, 5 * MIB, 6 * MIB);
    ck_assert_uint_eq(overhead_lesson_kib(&l), 1 * MIB);
    /* Where little was predicted, what lacks may be several times as much. */
    overhead_lesson_add(&l, 2 * MIB, 50 * MIB);
    ck_assert_uint_eq(overhead_lesson_kib(&l), 16 * MIB);
}
END_TEST

START_TEST(test_lesson_comes_back_as_it_was_kept)
{
    struct overhead_lesson l = { 0 }, back;
    char text[OVERHEAD_LESSON_TEXT_SIZE];

    overhead_lesson_add(&l, 0, 12);
    overhead_lesson_add(&l, 12, 0);
    overhead_lesson_format(&l, text);
    ck_assert_str_eq(text, "12 0");
    for (int i = 0; i < OVERHEAD_LESSON_N; i++) {
        l.short_kib[i] = UINT64_C(1) << 42;
        l.n = (size_t)i + 1;
    }
    overhead_lesson_format(&l, text);
    ck_assert_int_eq(overhead_lesson_parse(text, &back), 0);
    ck_assert_uint_eq(back.n, OVERHEAD_LESSON_N);
    ck_assert_uint_eq(overhead_lesson_kib(&back), UINT64_C(1) << 42);
}
END_TEST

static const char *const bad_lessons[] = {
    "",    " ",  "1 ", " 1",  "1  2",          "-1",
    "1,2", "1k", "x",  "1 x", "4398046511105", "1 2 3 4 5 6 7 8 9",
};

START_TEST(test_unreadable_lesson_is_none)
{
    struct overhead_lesson l = { .n = 1, .short_kib = { 7 } };

    ck_assert_int_eq(overhead_lesson_parse(bad_lessons[_i], &l), -EINVAL);
    ck_assert_uint_eq(l.n, 1);
    ck_assert_uint_eq(l.short_kib[0], 7);
}
END_TEST

static const struct {
    const char *text;
    int r;
    enum overhead_kind kind;
    enum host_domain_type type;
} kinds[] = {
    { "pv", 0, OVERHEAD_PV, HOST_DOMAIN_PV },
    { "pvh", 0, OVERHEAD_PVH, HOST_DOMAIN_PVH },
    { "hvm", 0, OVERHEAD_HVM, HOST_DOMAIN_HVM },
    { "pv-in-pvh", 0, OVERHEAD_PV_IN_PVH, HOST_DOMAIN_PVH },
    { "PV", -EINVAL, OVERHEAD_PV, HOST_DOMAIN_PV },
    { "", -EINVAL, OVERHEAD_PV, HOST_DOMAIN_PV },
};

START_TEST(test_kinds_have_names)
{
    enum overhead_kind kind = OVERHEAD_PV;

    ck_assert_int_eq(overhead_kind_parse(kinds[_i].text, &kind), kinds[_i].r);
    ck_assert_int_eq(kind, kinds[_i].kind);
    ck_assert_int_eq(overhead_kind_type(kind), kinds[_i].type);
}
END_TEST

START_TEST(test_guest_costs_what_is_computed_learned_or_measured)
{
    struct overhead_lessons lessons = { 0 };
    struct guest g = { .facts = { .domid = 1,
                                  .type = HOST_DOMAIN_PVH,
                                  .has_hap = true,
                                  .vcpus = 1,
                                  .static_max_kib = 512 * MIB,
                                  .videoram_kib = HOST_UNSET },
                       .paging_kib = HOST_UNSET,
                       .overhead_kib = HOST_UNSET };

    ck_assert_uint_eq(overhead_guest_kib(&g, &lessons), 8 * MIB);
    ck_assert_uint_eq(overhead_guest_known_kib(&g), 0);
    overhead_lesson_add(&lessons.of_type[HOST_DOMAIN_PVH], 8 * MIB, 10 * MIB);
    ck_assert_uint_eq(overhead_guest_kib(&g, &lessons), 10 * MIB);
    ck_assert_uint_eq(overhead_guest_kib(&g, NULL), 8 * MIB);
    g.paging_kib = 6 * MIB; /* one more than xapi would */
    ck_assert_uint_eq(overhead_guest_kib(&g, &lessons), 11 * MIB);
    ck_assert_uint_eq(overhead_guest_known_kib(&g), 6 * MIB);
    g.overhead_kib = 20 * MIB;
    ck_assert_uint_eq(overhead_guest_kib(&g, &lessons), 20 * MIB);
    ck_assert_uint_eq(overhead_guest_known_kib(&g), 20 * MIB);
    g.facts.domid = 0;
    ck_assert_uint_eq(overhead_guest_kib(&g, &lessons), 0);
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_xapi_model_has_xapis_numbers, xapi_rows);
    UNIT_ADD_ROWS(tests, test_multiplier_counts_whole_mib, multiplier_rows);
    UNIT_ADD_ROWS(tests, test_libxl_model_has_libxls_numbers, libxl_rows);
    tcase_add_test(tests, test_libxl_model_knows_shadows_and_stub_domains);
    tcase_add_test(tests, test_prediction_is_the_larger_model);
    UNIT_ADD_ROWS(tests, test_largest_fits_and_one_mib_more_does_not,
                  largest_rows);
    tcase_add_test(tests, test_numbers_at_the_end_of_the_world_do_not_wrap);
    tcase_add_test(tests, test_lesson_is_the_largest_shortfall);
    tcase_add_test(tests, test_outlier_is_cut_and_forgotten);
    tcase_add_test(tests, test_lesson_comes_back_as_it_was_kept);
    UNIT_ADD_ROWS(tests, test_unreadable_lesson_is_none, bad_lessons);
    UNIT_ADD_ROWS(tests, test_kinds_have_names, kinds);
    tcase_add_test(tests,
                   test_guest_costs_what_is_computed_learned_or_measured);
}

int
main(void)
{
    return unit_run("overhead", add);
}
