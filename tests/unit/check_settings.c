/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings that last: their text, their table, their files. */
#include <config.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "settings-dir.h"
#include "settings-text.h"
#include "unit.h"

#define MIB   1024u
#define UUID  "01234567-89ab-cdef-0123-456789abcdef"
#define OTHER "11111111-89ab-cdef-0123-456789abcdef"
#define HEAD  "version = 1\nuuid = " UUID "\n"

#define PATH_SIZE 256

static char directory[] = "/tmp/check_settings.XXXXXX";

static struct settings
all_set(void)
{
    struct settings s;

    settings_init(&s, UUID);
    s.limits = (struct range){ 1 * MIB, 2 * MIB, 3 * MIB + 4, 4 * MIB };
    s.weight = 512;
    s.pin_kib = 5 * MIB;
    s.swap = SETTINGS_SWAP_MANUAL;
    s.swap_max_kib = 0;
    snprintf(s.name, sizeof(s.name), "web ;1 ");
    snprintf(s.engine, sizeof(s.engine), "demand");
    return s;
}

static void
must_be_same(const struct settings *a, const struct settings *b)
{
    ck_assert_str_eq(a->uuid, b->uuid);
    ck_assert_str_eq(a->engine, b->engine);
    ck_assert_int_eq(memcmp(&a->limits, &b->limits, sizeof(a->limits)), 0);
    ck_assert_uint_eq(a->weight, b->weight);
    ck_assert_uint_eq(a->pin_kib, b->pin_kib);
    ck_assert_int_eq((int)a->swap, (int)b->swap);
    ck_assert_uint_eq(a->swap_max_kib, b->swap_max_kib);
}

START_TEST(test_text_comes_back_as_the_same)
{
    char text[SETTINGS_TEXT_SIZE], error[SETTINGS_ERROR_SIZE];
    struct settings s = all_set(), back, none;

    settings_format(&s, text);
    ck_assert_int_eq(settings_parse(text, strlen(text), &back, error), 0);
    must_be_same(&back, &s);
    ck_assert_str_eq(back.name, "web _1");

    settings_init(&none, OTHER);
    settings_format(&none, text);
    ck_assert_int_eq(settings_parse(text, strlen(text), &back, error), 0);
    must_be_same(&back, &none);
    ck_assert(settings_are_empty(&back));
    ck_assert(!settings_are_empty(&s));
}
END_TEST

/* Wherever it is cut, nobody takes it for the whole. */
START_TEST(test_text_cut_short_is_refused)
{
    char text[SETTINGS_TEXT_SIZE], error[SETTINGS_ERROR_SIZE];
    struct settings s = all_set(), back;
    size_t whole;

    settings_format(&s, text);
    whole = strlen(text) - strlen("end = yes\n");
    for (size_t length = 0; length <= whole; length++)
        ck_assert_int_eq(settings_parse(text, length, &back, error), -EINVAL);
}
END_TEST

struct bad_row {
    const char *text;
    int result;
    const char *says;
};

static const struct bad_row bad_rows[] = {
    { "version = 2\nuuid = " UUID "\nmagic = 1\nend = yes\n", -ENOTSUP,
      "it has version 2, and this balancerd knows version 1 only" },
    { "version = 0\nend = yes\n", -EINVAL, "'version = 0' is not understood" },
    { "uuid = " UUID "\nversion = 1\nend = yes\n", -EINVAL,
      "'uuid = " UUID "' is not understood" },
    { "version = 1\nend = yes\n", -EINVAL, "it is cut short or damaged" },
    { HEAD "end = yes\nweight = 1\n", -EINVAL,
      "'weight = 1' is not understood" },
    { HEAD "weight = 0\nend = yes\n", -EINVAL,
      "'weight = 0' is not understood" },
    { HEAD "weight = 65536\nend = yes\n", -EINVAL,
      "'weight = 65536' is not understood" },
    { HEAD "pin = -1\nend = yes\n", -EINVAL, "'pin = -1' is not understood" },
    { HEAD "pin = 17TiB\nend = yes\n", -EINVAL,
      "'pin = 17TiB' is not understood" },
    { HEAD "swap-policy = x\nend = yes\n", -EINVAL,
      "'swap-policy = x' is not understood" },
    { HEAD "colour = red\nend = yes\n", -EINVAL,
      "'colour = red' is not understood" },
    { HEAD "nonsense\nend = yes\n", -EINVAL, "it is cut short or damaged" },
};

START_TEST(test_bad_text_is_refused_in_words)
{
    const struct bad_row *row = &bad_rows[_i];
    char error[SETTINGS_ERROR_SIZE];
    struct settings back;

    ck_assert_int_eq(settings_parse(row->text, strlen(row->text), &back, error),
                     row->result);
    ck_assert_str_eq(error, row->says);
}
END_TEST

START_TEST(test_table_is_by_uuid)
{
    struct settings_table t = { 0 };
    struct settings s = all_set(), other;

    settings_init(&other, OTHER);
    ck_assert_int_eq(settings_put(&t, &other), 0);
    ck_assert_int_eq(settings_put(&t, &s), 0);
    s.weight = 1;
    ck_assert_int_eq(settings_put(&t, &s), 0);
    ck_assert_uint_eq(t.n, 2);
    ck_assert_str_eq(t.list[0].uuid, UUID);
    ck_assert_uint_eq(settings_find(&t, UUID)->weight, 1);
    settings_remove(&t, UUID);
    ck_assert_ptr_null(settings_find(&t, UUID));
    ck_assert_ptr_nonnull(settings_find(&t, OTHER));
    settings_table_done(&t);
}
END_TEST

START_TEST(test_table_is_bounded)
{
    struct settings_table t = { 0 };
    struct settings s;
    char uuid[HOST_UUID_SIZE];

    for (unsigned i = 0; i <= SETTINGS_MAX; i++) {
        snprintf(uuid, sizeof(uuid), "00000000-0000-0000-0000-%012x", i);
        settings_init(&s, uuid);
        ck_assert_int_eq(settings_put(&t, &s), i < SETTINGS_MAX ? 0 : -ENOSPC);
    }
    settings_table_done(&t);
}
END_TEST

/* --- files ---------------------------------------------------------------- */

static const char *
path_of(const char *name)
{
    static char path[PATH_SIZE];

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    return path;
}

static void
write_file(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static bool
exists(const char *name)
{
    return access(path_of(name), F_OK) == 0;
}

static void
drop_line(enum log_level level, const char *line)
{
    (void)level;
    (void)line;
}

static void
make_directory(void)
{
    log_set_sink(drop_line);
    ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void
remove_directory(void)
{
    static const char *const names[] = { UUID, OTHER, UUID ".bad", UUID ".new",
                                         "notes" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unlink(path_of(names[i]));
    ck_assert_int_eq(rmdir(directory), 0);
    memcpy(strrchr(directory, '.'), ".XXXXXX", sizeof(".XXXXXX"));
    log_set_sink(NULL);
}

static const struct settings *
load(struct settings_table *t, const char *uuid)
{
    settings_table_done(t);
    ck_assert_int_eq(settings_dir_load(directory, t), 0);
    return settings_find(t, uuid);
}

START_TEST(test_files_come_back)
{
    struct settings_table t = { 0 };
    struct settings s = all_set();

    ck_assert_int_eq(settings_dir_save(directory, &s), 0);
    must_be_same(load(&t, UUID), &s);
    s.weight = 7;
    ck_assert_int_eq(settings_dir_save(directory, &s), 0);
    must_be_same(load(&t, UUID), &s);
    ck_assert(!exists(UUID ".new"));
    ck_assert_int_eq(settings_dir_remove(directory, UUID), 0);
    ck_assert_int_eq(settings_dir_remove(directory, UUID), 0);
    ck_assert_ptr_null(load(&t, UUID));
    settings_table_done(&t);
}
END_TEST

/* As a full disk has it: the old file is what it was. */
START_TEST(test_failed_save_keeps_the_old_file)
{
    struct rlimit before, little;
    struct settings_table t = { 0 };
    struct settings s = all_set(), changed = s;

    changed.weight = 7;
    ck_assert_int_eq(settings_dir_save(directory, &s), 0);
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    little = before;
    little.rlim_cur = 16;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &little), 0);
    ck_assert_int_eq(settings_dir_save(directory, &changed), -EFBIG);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert(!exists(UUID ".new"));
    must_be_same(load(&t, UUID), &s);
    settings_table_done(&t);
}
END_TEST

START_TEST(test_torn_file_is_set_aside)
{
    struct settings_table t = { 0 };
    struct settings s = all_set();

    write_file(UUID, HEAD "weight = 5");
    write_file(UUID ".new", HEAD);
    write_file("notes", "not ours");
    ck_assert_ptr_null(load(&t, UUID));
    ck_assert(exists(UUID ".bad"));
    ck_assert(!exists(UUID));
    ck_assert(!exists(UUID ".new"));
    ck_assert(exists("notes"));
    ck_assert_int_eq(settings_dir_save(directory, &s), 0);
    must_be_same(load(&t, UUID), &s);
    settings_table_done(&t);
}
END_TEST

START_TEST(test_file_of_another_domain_is_set_aside)
{
    struct settings_table t = { 0 };

    write_file(UUID, "version = 1\nuuid = " OTHER "\nend = yes\n");
    ck_assert_ptr_null(load(&t, UUID));
    ck_assert_ptr_null(settings_find(&t, OTHER));
    ck_assert(exists(UUID ".bad"));
    settings_table_done(&t);
}
END_TEST

START_TEST(test_newer_file_is_left_alone)
{
    struct settings_table t = { 0 };
    const struct settings *s;

    write_file(UUID, "version = 9\nmagic\n");
    s = load(&t, UUID);
    ck_assert_ptr_nonnull(s);
    ck_assert(s->is_foreign);
    ck_assert(exists(UUID));
    settings_table_done(&t);
}
END_TEST

START_TEST(test_link_is_not_followed)
{
    struct settings_table t = { 0 };
    char target[PATH_SIZE];

    snprintf(target, sizeof(target), "%s", path_of("notes"));
    write_file("notes", HEAD "end = yes\n");
    ck_assert_int_eq(symlink(target, path_of(UUID)), 0);
    ck_assert_ptr_null(load(&t, UUID));
    settings_table_done(&t);
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_test(tests, test_text_comes_back_as_the_same);
    tcase_add_test(tests, test_text_cut_short_is_refused);
    UNIT_ADD_ROWS(tests, test_bad_text_is_refused_in_words, bad_rows);
    tcase_add_test(tests, test_table_is_by_uuid);
    tcase_add_test(tests, test_table_is_bounded);
    tcase_add_test(tests, test_files_come_back);
    tcase_add_test(tests, test_failed_save_keeps_the_old_file);
    tcase_add_test(tests, test_torn_file_is_set_aside);
    tcase_add_test(tests, test_file_of_another_domain_is_set_aside);
    tcase_add_test(tests, test_newer_file_is_left_alone);
    tcase_add_test(tests, test_link_is_not_followed);
}

int
main(void)
{
    return unit_run("settings", add_tests);
}
