/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The service manager's protocol, against a socket that plays the manager. */
#include <config.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "notify.h"
#include "unit.h"

static char directory[] = "/tmp/check_notify.XXXXXX";
static int manager = -1;

/* name[0] == '@': an abstract socket. */
static void
listen_at(const char *name)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t length = strlen(name);

    memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    manager = socket(AF_UNIX, SOCK_DGRAM, 0);
    ck_assert_int_ge(manager, 0);
    ck_assert_int_eq(bind(manager, (struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
                                      length)),
                     0);
    ck_assert_int_eq(setenv("NOTIFY_SOCKET", name, 1), 0);
}

static void
expect(const char *state)
{
    char text[64];
    ssize_t n = recv(manager, text, sizeof(text) - 1, MSG_DONTWAIT);

    ck_assert_int_ge(n, 0);
    text[n] = '\0';
    ck_assert_str_eq(text, state);
}

static void
forget_manager(void)
{
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    if (manager >= 0)
        close(manager);
    manager = -1;
}

START_TEST(test_notify_speaks_to_a_path)
{
    char name[64];

    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(name, sizeof(name), "%s/s", directory);
    listen_at(name);
    notify_ready();
    expect("READY=1");
    notify_reloading();
    expect("RELOADING=1");
    notify_watchdog();
    expect("WATCHDOG=1");
    notify_stopping();
    expect("STOPPING=1");
    unlink(name);
    rmdir(directory);
}
END_TEST

START_TEST(test_notify_speaks_to_an_abstract_name)
{
    char name[64];

    snprintf(name, sizeof(name), "@check_notify-%ld", (long)getpid());
    listen_at(name);
    notify_ready();
    expect("READY=1");
}
END_TEST

START_TEST(test_notify_is_silent_without_a_manager)
{
    char name[256];

    notify_ready();
    ck_assert_int_eq(setenv("NOTIFY_SOCKET", "vsock:2:1", 1), 0);
    notify_ready();
    memset(name, 'x', sizeof(name) - 1);
    name[0] = '/';
    name[sizeof(name) - 1] = '\0';
    ck_assert_int_eq(setenv("NOTIFY_SOCKET", name, 1), 0);
    notify_ready();
}
END_TEST

START_TEST(test_notify_knows_whose_watchdog_it_is)
{
    char pid[24];

    ck_assert_uint_eq(notify_watchdog_ms(), 0);
    setenv("WATCHDOG_USEC", "30000000", 1);
    ck_assert_uint_eq(notify_watchdog_ms(), 30000);
    setenv("WATCHDOG_PID", "1", 1);
    ck_assert_uint_eq(notify_watchdog_ms(), 0);
    snprintf(pid, sizeof(pid), "%ld", (long)getpid());
    setenv("WATCHDOG_PID", pid, 1);
    ck_assert_uint_eq(notify_watchdog_ms(), 30000);
    setenv("WATCHDOG_USEC", "soon", 1);
    ck_assert_uint_eq(notify_watchdog_ms(), 0);
    setenv("WATCHDOG_USEC", "1", 1);
    ck_assert_uint_eq(notify_watchdog_ms(), 1);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, forget_manager, forget_manager);
    tcase_add_test(tests, test_notify_speaks_to_a_path);
    tcase_add_test(tests, test_notify_speaks_to_an_abstract_name);
    tcase_add_test(tests, test_notify_is_silent_without_a_manager);
    tcase_add_test(tests, test_notify_knows_whose_watchdog_it_is);
}

int
main(void)
{
    return unit_run("notify", add);
}
