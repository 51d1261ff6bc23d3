/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The screen of balancerctl top, row by row, and what its keys do. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/top-draw.h"
#include "cli/top-keys.h"
#include "unit.h"

#define MIB      UINT64_C(1024)
#define GIB      (1024 * MIB)
#define UNKNOWN  UINT64_MAX
#define ROWS_MAX 64

static struct top_domain domains[8];
static struct top t;
static struct top_row rows[ROWS_MAX];

static struct top_domain
domain(uint32_t domid, const char *name, uint64_t min_kib, uint64_t max_kib)
{
    struct top_domain d = {
        .domid = domid,
        .state = "ready",
        .min_kib = min_kib,
        .max_kib = max_kib,
        .target_kib = max_kib,
        .actual_kib = max_kib,
    };

    snprintf(d.name, sizeof(d.name), "%s", name);
    snprintf(d.uuid, sizeof(d.uuid), "%u", domid);
    return d;
}

static void
setup(void)
{
    t = (struct top){
        .host = { .total_kib = 100 * MIB,
                  .xen_kib = 10 * MIB,
                  .dom0_kib = 20 * MIB,
                  .domains_kib = 50 * MIB,
                  .reserved_kib = 10 * MIB,
                  .free_kib = 10 * MIB,
                  .host_reserve_kib = 10 * MIB },
        .n_domains = 3,
        .domains = domains,
        .time = "12:34:56",
    };
    domains[0] = domain(0, "Domain-0", UNKNOWN, UNKNOWN);
    domains[1] = domain(7, "web", 256 * MIB, 1024 * MIB);
    domains[2] = domain(9, "db", 512 * MIB, 2048 * MIB);
    top_arrange(&t);
}

static void
draw(size_t n_columns, size_t n_rows)
{
    ck_assert_uint_le(n_rows, ROWS_MAX);
    memset(rows, 'x', sizeof(rows));
    top_draw(&t, n_columns, n_rows, rows);
}

START_TEST(test_a_screen_of_80_by_24)
{
    draw(80, 24);
    ck_assert_str_eq(rows[0].text, "balancerctl top  12:34:56  3 domains, "
                                   "0 stuck, 0 thrashing; by domid");
    ck_assert_str_eq(rows[1].text, "host 100 MiB |XXXXXX0000000000000########"
                                   "#########################rrrrrr.......|");
    ck_assert_str_eq(rows[2].text, "X Xen 10, 0 dom0 20, # domains 50, "
                                   "r reserved 10, . free 10");
    ck_assert_str_eq(rows[3].text, "kept free: 10 for the host, "
                                   "0 for 0 reservations (0 pending)");
    ck_assert_str_eq(rows[4].text, " domid name         state         min  "
                                   "target  actual     max [#held |target]");
    ck_assert(rows[4].is_reverse);
    ck_assert_str_eq(rows[6].text, "     7 web          ready         256  "
                                   "  1024    1024    1024 ####[############|");
    ck_assert_str_eq(rows[8].text, "");
    ck_assert_str_eq(rows[23].text, "q quit  up/down pick  s sort  o order  "
                                    "r range  space now  h help");
}
END_TEST

static const struct bar_row {
    uint64_t min_mib, target_mib, actual_mib, max_mib;
    const char *bar;
} bars[] = {
    { 256, 1024, 1024, 1024, "####[############|" },
    { 256, 512, 1024, 1024, "####[###|########]" },
    { 256, 512, 512, 1024, "####[###|........]" },
    { 0, 512, 256, 1024, "[###....|........]" },
    /* it holds more than it may: the range ends where it ends */
    { 256, 1024, 2048, 1024, "##[#####|#########" },
    { 1024, 1024, 1024, 1024, "#################|" },
    { 0, 0, 0, 0, "|                 " },
};

START_TEST(test_a_bar_has_range_target_and_what_is_held)
{
    const struct bar_row *row = &bars[_i];

    domains[1].min_kib = row->min_mib * MIB;
    domains[1].target_kib = row->target_mib * MIB;
    domains[1].actual_kib = row->actual_mib * MIB;
    domains[1].max_kib = row->max_mib * MIB;
    draw(80, 24);
    ck_assert_str_eq(rows[6].text + 62, row->bar);
}
END_TEST

START_TEST(test_amounts_keep_their_columns)
{
    domains[1].max_kib = 16384 * GIB;
    domains[1].target_kib = UNKNOWN;
    draw(80, 24);
    ck_assert_int_eq(strncmp(rows[6].text + 30,
                             "    256       -    1024  16384G", 31),
                     0);
}
END_TEST

START_TEST(test_trouble_is_marked)
{
    domains[1].is_stuck = true;
    domains[2].is_thrashing = true;
    draw(80, 24);
    ck_assert_ptr_nonnull(strstr(rows[0].text, "1 stuck, 1 thrashing"));
    ck_assert_int_eq(strncmp(rows[6].text + 20, "STUCK     ", 10), 0);
    ck_assert_uint_eq(rows[6].bold_from, 20);
    ck_assert_uint_eq(rows[6].bold_length, 5);
    ck_assert_int_eq(strncmp(rows[7].text + 20, "THRASHING", 9), 0);
    domains[1].is_thrashing = true;
    draw(80, 24);
    ck_assert_int_eq(strncmp(rows[6].text + 20, "STUCK+THR", 9), 0);
}
END_TEST

START_TEST(test_what_is_missing_is_said)
{
    t.host.promised_kib = 30 * MIB;
    t.n_reservations = 2;
    t.n_pending = 1;
    draw(80, 24);
    ck_assert_str_eq(rows[3].text, "kept free: 10 for the host, 30 for 2 "
                                   "reservations (1 pending); 30 MISSING");
}
END_TEST

/* Whatever the size, nothing is longer than the screen is wide. */
START_TEST(test_a_screen_of_any_size)
{
    for (size_t columns = 1; columns <= TOP_COLUMNS_MAX; columns += 7) {
        for (size_t n = 1; n <= 40; n++) {
            draw(columns, n);
            for (size_t i = 0; i < n; i++)
                ck_assert_uint_le(strlen(rows[i].text), columns);
            ck_assert_int_eq(rows[n].text[0], 'x'); /* nothing beyond */
        }
    }
    draw(100000, 3);
    ck_assert_uint_le(strlen(rows[1].text), TOP_COLUMNS_MAX);
}
END_TEST

START_TEST(test_a_host_that_nobody_knows)
{
    t = (struct top){ .host = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN,
                                UNKNOWN, UNKNOWN, UNKNOWN } };
    draw(80, 24);
    ck_assert_ptr_nonnull(strstr(rows[1].text, "host - MiB |"));
    top_press(&t, 'r', 10);
    ck_assert_int_eq(t.mode, TOP_LIST);
    top_press(&t, TOP_KEY_DOWN, 10);
    top_press(&t, TOP_KEY_END, 10);
    ck_assert_uint_eq(t.picked, 0);
}
END_TEST

START_TEST(test_lines_for_a_file_have_all_domains_and_no_mark)
{
    t.is_plain = true;
    ck_assert_uint_eq(top_rows_needed(&t), 8);
    draw(80, 8);
    ck_assert_int_eq(rows[5].text[0], ' ');
    ck_assert(!rows[4].is_reverse && !rows[5].is_reverse);
    ck_assert_ptr_nonnull(strstr(rows[7].text, "db"));
}
END_TEST

static const struct key_row {
    int keys[4];
    uint32_t picked_domid;
} key_rows[] = {
    { { 0 }, 0 },
    { { TOP_KEY_DOWN }, 7 },
    { { 'j', 'j' }, 9 },
    { { 'j', 'j', 'j' }, 9 },
    { { 'j', 'j', 'k' }, 7 },
    { { TOP_KEY_UP }, 0 },
    { { TOP_KEY_END, TOP_KEY_UP }, 7 },
    { { TOP_KEY_END, TOP_KEY_HOME }, 0 },
    { { TOP_KEY_PAGE_DOWN }, 9 },
    { { TOP_KEY_PAGE_DOWN, TOP_KEY_PAGE_UP }, 0 },
    { { 'j', 's' }, 7 }, /* the same one stays picked */
    { { 'j', 'o' }, 7 },
};

START_TEST(test_keys_pick)
{
    const struct key_row *row = &key_rows[_i];

    for (size_t i = 0; i < 4 && row->keys[i]; i++)
        ck_assert_int_eq(top_press(&t, row->keys[i], 2), TOP_NOTHING);
    ck_assert_uint_eq(t.picked_domid, row->picked_domid);
    ck_assert_uint_eq(t.domains[t.picked].domid, row->picked_domid);
    draw(80, 24);
    ck_assert_int_eq(rows[5 + t.picked].text[0], '>');
    ck_assert(rows[5 + t.picked].is_reverse);
}
END_TEST

START_TEST(test_the_picked_domain_is_always_shown)
{
    top_press(&t, TOP_KEY_END, 1);
    draw(80, 7); /* room for one */
    ck_assert_int_eq(strncmp(rows[5].text, ">    9 db", 9), 0);
    ck_assert_ptr_nonnull(strstr(rows[0].text, "; from 3"));
}
END_TEST

START_TEST(test_who_is_picked_may_go)
{
    top_press(&t, TOP_KEY_END, 2);
    t.n_domains = 2;
    top_arrange(&t);
    ck_assert_uint_eq(t.picked, 1);
    ck_assert_uint_eq(t.picked_domid, 7);
}
END_TEST

static const struct sort_row {
    enum top_sort by;
    bool is_reversed;
    uint32_t domids[3];
} sorts[] = {
    { TOP_BY_DOMID, false, { 0, 7, 9 } },  { TOP_BY_DOMID, true, { 9, 7, 0 } },
    { TOP_BY_NAME, false, { 0, 9, 7 } },   { TOP_BY_STATE, false, { 7, 0, 9 } },
    { TOP_BY_TARGET, false, { 9, 7, 0 } }, { TOP_BY_ACTUAL, true, { 0, 7, 9 } },
    { TOP_BY_MAX, false, { 9, 7, 0 } },
};

START_TEST(test_domains_are_sorted)
{
    domains[1].is_stuck = true;
    t.sort = sorts[_i].by;
    t.is_reversed = sorts[_i].is_reversed;
    top_arrange(&t);
    for (size_t i = 0; i < 3; i++)
        ck_assert_uint_eq(t.domains[i].domid, sorts[_i].domids[i]);
}
END_TEST

static void
type(const char *text)
{
    for (; *text; text++)
        ck_assert_int_eq(top_press(&t, *text, 2), TOP_NOTHING);
}

START_TEST(test_a_range_is_typed)
{
    char min[TOP_INPUT_SIZE], max[TOP_INPUT_SIZE];

    top_press(&t, 'j', 2);
    top_press(&t, 'r', 2);
    ck_assert_str_eq(t.input, "256m 1024m");
    draw(80, 24);
    ck_assert_str_eq(rows[23].text, "range of web, MIN MAX: 256m 1024m_");
    for (size_t i = 0; i < 5; i++)
        top_press(&t, TOP_KEY_BACKSPACE, 2);
    type("2g");
    /* it is this domain's, whoever is picked when it is done */
    t.n_domains = 1;
    top_arrange(&t);
    ck_assert_int_eq(top_press(&t, TOP_KEY_ENTER, 2), TOP_SET_RANGE);
    ck_assert_str_eq(t.changing.uuid, "7");
    ck_assert_int_eq(top_typed_range(&t, min, max), 0);
    ck_assert_str_eq(min, "256m");
    ck_assert_str_eq(max, "2g");
    ck_assert_int_eq(t.mode, TOP_LIST);
}
END_TEST

/* Enter alone would change it, and might go below its static-min. */
START_TEST(test_a_range_is_offered_as_it_is)
{
    top_press(&t, 'j', 2);
    t.domains[t.picked].min_kib = 256 * 1024 + 1;
    top_press(&t, 'r', 2);
    ck_assert_str_eq(t.input, "262145k 1024m");
}
END_TEST

static const struct typed_row {
    const char *text;
    int r;
} typed_rows[] = {
    { "1g 2g", 0 },    { "  1g   2g ", 0 },     { "", -EINVAL },
    { "1g", -EINVAL }, { "1g 2g 3g", -EINVAL }, { "   ", -EINVAL },
};

START_TEST(test_two_sizes_are_a_range)
{
    char min[TOP_INPUT_SIZE], max[TOP_INPUT_SIZE];

    top_press(&t, 'j', 2);
    top_press(&t, 'r', 2);
    top_press(&t, 'U' & 0x1f, 2);
    type(typed_rows[_i].text);
    ck_assert_int_eq(top_typed_range(&t, min, max), typed_rows[_i].r);
}
END_TEST

START_TEST(test_too_much_typing_is_cut)
{
    top_press(&t, 'r', 2);
    for (size_t i = 0; i < 1000; i++)
        top_press(&t, i % 300 == 299 ? 0xe9 : '9', 2);
    ck_assert_uint_eq(strlen(t.input), TOP_INPUT_SIZE - 1);
    ck_assert_int_eq(top_press(&t, TOP_KEY_ESCAPE, 2), TOP_NOTHING);
    ck_assert_int_eq(t.mode, TOP_LIST);
}
END_TEST

START_TEST(test_help_and_back)
{
    top_press(&t, 'h', 2);
    draw(80, 24);
    ck_assert_ptr_nonnull(strstr(rows[5].text, "# is memory"));
    ck_assert_int_eq(top_press(&t, 'q', 2), TOP_NOTHING);
    ck_assert_int_eq(t.mode, TOP_LIST);
    ck_assert_int_eq(top_press(&t, 'q', 2), TOP_QUIT);
    ck_assert_int_eq(top_press(&t, ' ', 2), TOP_ASK);
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, test_a_screen_of_80_by_24);
    UNIT_ADD_ROWS(tests, test_a_bar_has_range_target_and_what_is_held, bars);
    tcase_add_test(tests, test_amounts_keep_their_columns);
    tcase_add_test(tests, test_trouble_is_marked);
    tcase_add_test(tests, test_what_is_missing_is_said);
    tcase_add_test(tests, test_a_screen_of_any_size);
    tcase_add_test(tests, test_a_host_that_nobody_knows);
    tcase_add_test(tests, test_lines_for_a_file_have_all_domains_and_no_mark);
    UNIT_ADD_ROWS(tests, test_keys_pick, key_rows);
    tcase_add_test(tests, test_the_picked_domain_is_always_shown);
    tcase_add_test(tests, test_who_is_picked_may_go);
    UNIT_ADD_ROWS(tests, test_domains_are_sorted, sorts);
    tcase_add_test(tests, test_a_range_is_typed);
    tcase_add_test(tests, test_a_range_is_offered_as_it_is);
    UNIT_ADD_ROWS(tests, test_two_sizes_are_a_range, typed_rows);
    tcase_add_test(tests, test_too_much_typing_is_cut);
    tcase_add_test(tests, test_help_and_back);
}

int
main(void)
{
    return unit_run("top", add_tests);
}
