/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which plugins are loaded: by owner and permissions. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy-file.h"
#include "unit.h"

/* dir, dir/sub, dir/sub/x.so, dir/link -> sub/x.so */
static char dir[] = "/tmp/check-policy-XXXXXX";
static char sub[64], file[96], link_path[64];
static char real_path[PATH_MAX];
static char error[POLICY_ERROR_SIZE];

static void
setup(void)
{
    int fd;

    memcpy(strrchr(dir, '-'), "-XXXXXX", sizeof("-XXXXXX"));
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(sub, sizeof(sub), "%s/sub", dir);
    snprintf(file, sizeof(file), "%s/x.so", sub);
    snprintf(link_path, sizeof(link_path), "%s/link", dir);
    ck_assert_int_eq(mkdir(sub, 0755), 0);
    fd = open(file, O_CREAT | O_WRONLY, 0644);
    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert_int_eq(chmod(file, 0644), 0);
    ck_assert_int_eq(symlink("sub/x.so", link_path), 0);
}

static void
teardown(void)
{
    unlink(link_path);
    unlink(file);
    rmdir(sub);
    rmdir(dir);
}

static const struct mode_row {
    mode_t of_file, of_sub;
    bool is_good;
} mode_rows[] = {
    { 0644, 0755, true },  { 0755, 0700, true },  { 0646, 0755, false },
    { 0644, 0757, false }, { 0644, 01777, true }, { 0666, 01777, false },
};

START_TEST(test_what_others_can_write_is_refused)
{
    const struct mode_row *row = &mode_rows[_i];
    int r;

    ck_assert_int_eq(chmod(file, row->of_file), 0);
    ck_assert_int_eq(chmod(sub, row->of_sub), 0);
    r = policy_file_check(file, real_path, error);
    ck_assert_int_eq(r, row->is_good ? 0 : -EPERM);
    if (row->is_good)
        ck_assert_str_eq(real_path, file);
    else
        ck_assert_ptr_nonnull(strstr(error, "can be changed by others"));
}
END_TEST

/* Only root can give files away, and so try this. */
START_TEST(test_what_belongs_to_others_is_refused)
{
    if (geteuid() != 0)
        return;
    ck_assert_int_eq(chown(sub, 65534, 0), 0);
    ck_assert_int_eq(policy_file_check(file, real_path, error), -EPERM);
    ck_assert_ptr_nonnull(strstr(error, "belongs to user 65534"));
    ck_assert_int_eq(chown(sub, 0, 0), 0);
    ck_assert_int_eq(chown(file, 0, 65534), 0);
    ck_assert_int_eq(chmod(file, 0664), 0);
    ck_assert_int_eq(policy_file_check(file, real_path, error), -EPERM);
}
END_TEST

START_TEST(test_a_link_is_what_it_leads_to)
{
    ck_assert_int_eq(policy_file_check(link_path, real_path, error), 0);
    ck_assert_str_eq(real_path, file);
    ck_assert_int_eq(chmod(file, 0666), 0);
    ck_assert_int_eq(policy_file_check(link_path, real_path, error), -EPERM);
}
END_TEST

START_TEST(test_what_is_not_there_is_named)
{
    ck_assert_int_eq(unlink(file), 0);
    ck_assert_int_eq(policy_file_check(file, real_path, error), -ENOENT);
    ck_assert_ptr_nonnull(strstr(error, file));
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    UNIT_ADD_ROWS(tests, test_what_others_can_write_is_refused, mode_rows);
    tcase_add_test(tests, test_what_belongs_to_others_is_refused);
    tcase_add_test(tests, test_a_link_is_what_it_leads_to);
    tcase_add_test(tests, test_what_is_not_there_is_named);
}

int
main(void)
{
    return unit_run("policy-file", add);
}
