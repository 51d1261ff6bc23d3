/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The log: levels, the errno at the end, and that nobody's name breaks a
 * line. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "unit.h"

#define LINES_SIZE 8192

static char last_line[LINES_SIZE];
static enum log_level last_level;
static unsigned n_lines;

static void
remember(enum log_level level, const char *line)
{
    last_level = level;
    snprintf(last_line, sizeof(last_line), "%s", line);
    n_lines++;
}

static void
catch_lines(void)
{
    n_lines = 0;
    log_set_level(LOG_LEVEL_DEBUG);
    log_set_sink(remember);
}

static void
let_go(void)
{
    log_set_sink(NULL);
    log_set_level(LOG_LEVEL_INFO);
    log_set_journal(0);
}

START_TEST(test_log_appends_the_error_to_log_warn_only)
{
    char expected[256];

    log_warn(ENOENT, "dom %d: no %s", 7, "key");
    snprintf(expected, sizeof(expected), "dom 7: no key: %s", strerror(ENOENT));
    ck_assert_str_eq(last_line, expected);
    ck_assert_int_eq(last_level, LOG_LEVEL_WARN);
    errno = ENOENT;
    log_warnx("dom %d", 8);
    ck_assert_str_eq(last_line, "dom 8");
    ck_assert_int_eq(last_level, LOG_LEVEL_WARN);
    log_error("e");
    ck_assert_int_eq(last_level, LOG_LEVEL_ERROR);
    log_info("i");
    ck_assert_int_eq(last_level, LOG_LEVEL_INFO);
    log_debug("d");
    ck_assert_int_eq(last_level, LOG_LEVEL_DEBUG);
    ck_assert_uint_eq(n_lines, 5);
}
END_TEST

START_TEST(test_log_leaves_out_what_is_above_its_level)
{
    log_set_level(LOG_LEVEL_WARN);
    ck_assert_int_eq(log_get_level(), LOG_LEVEL_WARN);
    log_info("not this");
    log_debug("nor this");
    ck_assert_uint_eq(n_lines, 0);
    log_warnx("but this");
    log_error("and this");
    ck_assert_uint_eq(n_lines, 2);
}
END_TEST

START_TEST(test_log_keeps_errno)
{
    errno = EBUSY;
    log_warn(ENOENT, "x");
    ck_assert_int_eq(errno, EBUSY);
}
END_TEST

START_TEST(test_log_makes_one_printable_line)
{
    log_info("dom 1 (%s)", "a\nb\033[2J\177c\r\xc3\xa9");
    ck_assert_str_eq(last_line, "dom 1 (a\\x0ab\\x1b[2J\\x7fc\\x0d\xc3\xa9)");
}
END_TEST

START_TEST(test_log_cuts_what_is_too_long)
{
    char text[LINES_SIZE];
    size_t length = strlen(strerror(EIO));

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    log_warn(EIO, "%s", text);
    ck_assert_uint_gt(strlen(last_line), 1024);
    ck_assert_uint_lt(strlen(last_line), 4096);
    ck_assert_str_eq(last_line + strlen(last_line) - length, strerror(EIO));
}
END_TEST

START_TEST(test_log_writes_to_standard_error_with_priorities)
{
    int saved = dup(STDERR_FILENO);
    char text[256];
    int ends[2];
    ssize_t n;

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
    log_set_sink(NULL);
    log_info("plain");
    log_set_journal(1);
    log_error("a");
    log_warnx("b");
    log_info("c");
    log_debug("d");
    ck_assert_int_ge(dup2(saved, STDERR_FILENO), 0);
    n = read(ends[0], text, sizeof(text) - 1);
    ck_assert_int_gt(n, 0);
    text[n] = '\0';
    ck_assert_str_eq(text, "plain\n<3>a\n<4>b\n<6>c\n<7>d\n");
    close(saved);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, catch_lines, let_go);
    tcase_add_test(tests, test_log_appends_the_error_to_log_warn_only);
    tcase_add_test(tests, test_log_leaves_out_what_is_above_its_level);
    tcase_add_test(tests, test_log_keeps_errno);
    tcase_add_test(tests, test_log_makes_one_printable_line);
    tcase_add_test(tests, test_log_cuts_what_is_too_long);
    tcase_add_test(tests, test_log_writes_to_standard_error_with_priorities);
}

int
main(void)
{
    return unit_run("log", add);
}
