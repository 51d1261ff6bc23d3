/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pid file: one holder, whose pid others learn; free when it dies. */
#include <config.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lock.h"
#include "unit.h"

static char directory[] = "/tmp/check_lock.XXXXXX";
static char path[64];

static void
make_directory(void)
{
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/pid", directory);
}

static void
remove_directory(void)
{
    unlink(path);
    rmdir(directory);
    memset(strrchr(directory, '.') + 1, 'X', 6);
}

static off_t
size_of_file(void)
{
    struct stat status;

    ck_assert_int_eq(stat(path, &status), 0);
    return status.st_size;
}

START_TEST(test_lock_tells_the_second_who_has_it)
{
    char error[LOCK_ERROR_SIZE], expected[LOCK_ERROR_SIZE];
    int first = -1, second = -1;

    ck_assert_int_eq(lock_take(&first, path, error), 0);
    ck_assert_int_ge(first, 0);
    ck_assert_int_eq(lock_take(&second, path, error), -EBUSY);
    snprintf(expected, sizeof(expected),
             "another balancerd runs already: process %ld has locked %s",
             (long)getpid(), path);
    ck_assert_str_eq(error, expected);
    ck_assert_int_eq(second, -1);
    lock_release(first);
    ck_assert_int_eq(size_of_file(), 0);
    ck_assert_int_eq(lock_take(&second, path, error), 0);
    lock_release(second);
}
END_TEST

START_TEST(test_lock_is_free_when_its_holder_was_killed)
{
    int status, fd = -1, ready[2];
    char error[LOCK_ERROR_SIZE], expected[LOCK_ERROR_SIZE];
    pid_t child;
    char byte;

    ck_assert_int_eq(pipe(ready), 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (lock_take(&fd, path, error) == 0 && write(ready[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    ck_assert_int_eq(lock_take(&fd, path, error), -EBUSY);
    snprintf(expected, sizeof(expected), "process %ld has", (long)child);
    ck_assert_ptr_nonnull(strstr(error, expected));
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(lock_take(&fd, path, error), 0);
    lock_release(fd);
    close(ready[0]);
    close(ready[1]);
}
END_TEST

START_TEST(test_lock_does_not_believe_nonsense_in_the_file)
{
    static const char *const texts[] = { "", "abc\n", "-3\n",
                                         "99999999999999\n", "0\n" };
    char error[LOCK_ERROR_SIZE];
    int fd = -1, other = -1;

    ck_assert_int_eq(lock_take(&fd, path, error), 0);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        FILE *file = fopen(path, "w");

        ck_assert_ptr_nonnull(file);
        fputs(texts[i], file);
        fclose(file);
        ck_assert_int_eq(lock_take(&other, path, error), -EBUSY);
        ck_assert_ptr_nonnull(strstr(error, "process 0 has"));
    }
    lock_release(fd);
}
END_TEST

START_TEST(test_lock_makes_the_directory)
{
    char error[LOCK_ERROR_SIZE], inner[sizeof(path) + 8];
    int fd = -1;

    snprintf(inner, sizeof(inner), "%s/x", path);
    ck_assert_int_eq(lock_take(&fd, inner, error), 0);
    lock_release(fd);
    unlink(inner);
    ck_assert_int_eq(rmdir(path), 0);
}
END_TEST

START_TEST(test_lock_says_why_it_cannot_be_made)
{
    char error[LOCK_ERROR_SIZE];
    int fd = -1;

    ck_assert_int_eq(lock_take(&fd, "/nonexistent/two/pid", error), -ENOENT);
    ck_assert_str_eq(error, "cannot lock /nonexistent/two/pid: No such file or "
                            "directory");
    ck_assert_int_eq(symlink("/nonexistent", path), 0);
    ck_assert_int_eq(lock_take(&fd, path, error), -ELOOP);
    ck_assert_int_eq(fd, -1);
    lock_release(fd);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_test(tests, test_lock_tells_the_second_who_has_it);
    tcase_add_test(tests, test_lock_is_free_when_its_holder_was_killed);
    tcase_add_test(tests, test_lock_does_not_believe_nonsense_in_the_file);
    tcase_add_test(tests, test_lock_makes_the_directory);
    tcase_add_test(tests, test_lock_says_why_it_cannot_be_made);
}

int
main(void)
{
    return unit_run("lock", add);
}
