/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration: what is accepted, what is refused and where, and that
 * what is printed parses again. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf.h"
#include "unit.h"

#define PRINTED_SIZE 8192
#define PATH_SIZE    256

static char directory[] = "/tmp/check_conf.XXXXXX";

static int
parse_bytes(struct conf *c, const char *bytes, size_t size,
            char error[CONF_ERROR_SIZE])
{
    FILE *file = tmpfile();
    int r;

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    rewind(file);
    r = conf_parse(c, file, "f", error);
    fclose(file);
    return r;
}

static int
parse(struct conf *c, const char *text, char error[CONF_ERROR_SIZE])
{
    return parse_bytes(c, text, strlen(text), error);
}

static void
print(const struct conf *c, char text[PRINTED_SIZE])
{
    FILE *file = fmemopen(text, PRINTED_SIZE, "w");

    ck_assert_ptr_nonnull(file);
    conf_print(c, file);
    fclose(file);
}

static void
write_file(const char *name, const char *text)
{
    char path[PATH_SIZE];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static int
read_conf(struct conf *c, char error[CONF_ERROR_SIZE])
{
    char path[PATH_SIZE];

    snprintf(path, sizeof(path), "%s/b.conf", directory);
    return conf_read(c, path, error);
}

static void
make_directory(void)
{
    char path[PATH_SIZE];

    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/b.conf.d", directory);
    ck_assert_int_eq(mkdir(path, 0700), 0);
}

static void
remove_directory(void)
{
    static const char *const names[] = { "b.conf.d/20.conf",
                                         "b.conf.d/10.conf",
                                         "b.conf.d/.hidden.conf",
                                         "b.conf.d/30.conf~",
                                         "b.conf",
                                         "b.conf.d",
                                         "" };
    char path[PATH_SIZE];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
        remove(path);
    }
    memset(strrchr(directory, '.') + 1, 'X', 6);
}

START_TEST(test_conf_defaults_are_the_documented_ones)
{
    struct conf c;

    conf_default(&c);
    ck_assert_uint_eq(c.tuning.host_reserve_kib, 72 * 1024);
    ck_assert_uint_eq(c.tuning.idle_tick_ms, 10 * 1000);
    ck_assert(c.tuning.has_oom_floor);
    ck_assert(!c.tuning.manages_dom0);
    ck_assert_uint_eq(c.tuning.dom0_floor_kib, 1024 * 1024);
    ck_assert_uint_eq(c.dom0_dynamic_max_kib, CONF_AUTO);
    ck_assert_str_eq(c.policy.engine, "demand");
    ck_assert_uint_eq(c.swap_move_kib_per_s, 20 * 1024);
    ck_assert_str_eq(c.socket, RUNDIR "/control.sock");
    ck_assert_str_eq(c.group, "");
    ck_assert_uint_eq(c.policy.n_options, 0);
    ck_assert_int_eq(c.log_level, LOG_LEVEL_INFO);
}
END_TEST

START_TEST(test_conf_takes_every_key)
{
    char error[CONF_ERROR_SIZE];
    struct conf c;

    conf_default(&c);
    ck_assert_int_eq(parse(&c,
                           "# comment\n; comment\n\n[host]\n"
                           "host-reserve = 100 MiB ; kept free\n"
                           "  balance-interval=90\n"
                           "oom-floor: off\n"
                           "manage-domain-zero = yes\n"
                           "domain-zero-dynamic-min = 512m\n"
                           "domain-zero-dynamic-max = 2GiB\n"
                           "[policy]\nengine = /opt/p.so\n"
                           "speed = 3\nspeed = 4\nempty =\n"
                           "[control]\nsocket = /tmp/s\ngroup = adm\n"
                           "[log]\nlevel = debug",
                           error),
                     0);
    ck_assert_uint_eq(c.tuning.host_reserve_kib, 100 * 1024);
    ck_assert_uint_eq(c.tuning.idle_tick_ms, 90 * 1000);
    ck_assert(!c.tuning.has_oom_floor);
    ck_assert(c.tuning.manages_dom0);
    ck_assert_uint_eq(c.tuning.dom0_floor_kib, 512 * 1024);
    ck_assert_uint_eq(c.dom0_dynamic_max_kib, 2 * 1024 * 1024);
    ck_assert_str_eq(c.policy.engine, "/opt/p.so");
    ck_assert_uint_eq(c.policy.n_options, 2);
    ck_assert_str_eq(c.policy.options[0].key, "speed");
    ck_assert_str_eq(c.policy.options[0].value, "4");
    ck_assert_str_eq(c.policy.options[1].value, "");
    ck_assert_str_eq(c.socket, "/tmp/s");
    ck_assert_str_eq(c.group, "adm");
    ck_assert_int_eq(c.log_level, LOG_LEVEL_DEBUG);
}
END_TEST

#define LONG_64 \
 "0123456789012345678901234567890123456789012345678901234567890123"

static const struct {
    const char *text;
    const char *error;
} refused[] = {
    { "[host]\nhost-reserve = lots\n",
      "f:2: host-reserve: expected a size (as 512MiB or 2GiB), not 'lots'" },
    { "[host]\nhost-reserve = -1\n",
      "f:2: host-reserve: expected a size (as 512MiB or 2GiB), not '-1'" },
    { "[host]\nhost-reserve =\n",
      "f:2: host-reserve: expected a size (as 512MiB or 2GiB), not ''" },
    { "[host]\nhost-reserve = 17TiB\n",
      "f:2: host-reserve: 17TiB is not within 0KiB and 16TiB" },
    { "[host]\nbalance-interval = 999ms\n",
      "f:2: balance-interval: 999ms is not within 1s and 3600s" },
    { "[host]\nbalance-interval = 2h\n",
      "f:2: balance-interval: 2h is not within 1s and 3600s" },
    { "[host]\n\n\noom-floor = maybe\n",
      "f:4: oom-floor: expected yes or no, not 'maybe'" },
    { "[host]\ndomain-zero-dynamic-min = 64MiB\n",
      "f:2: domain-zero-dynamic-min: 64MiB is not within 128MiB and 16TiB" },
    { "[host]\ndomain-zero-dynamic-max = Auto\n",
      "f:2: domain-zero-dynamic-max: expected a size (as 512MiB or 2GiB) or "
      "auto, not 'Auto'" },
    { "[policy]\nengine = ../evil.so\n",
      "f:2: engine: expected an engine's name or the absolute path of a "
      "plugin, not '../evil.so'" },
    { "[policy]\nengine =\n",
      "f:2: engine: expected an engine's name or the absolute path of a "
      "plugin, not ''" },
    { "[policy]\nBig = 1\n",
      "f:2: name of an option: expected small letters, digits and '-', not "
      "'Big'" },
    { "[policy]\nk = " LONG_64 "\n",
      "f:2: k: '" LONG_64 "' is longer than 63 characters" },
    { "[policy]\nk = a\tb\n",
      "f:2: k: expected printable text without ';', not 'a\\x09b'" },
    { "[control]\nsocket = sock\n",
      "f:2: socket: expected an absolute path, not 'sock'" },
    { "[control]\ngroup = a\033[2J\n",
      "f:2: group: expected printable text without ';', not "
      "'a\\x1b[2J'" },
    { "[log]\nlevel = loud\n",
      "f:2: level: expected error, warn, info or debug, not 'loud'" },
    { "[host]\nhost_reserve = 1\n", "f:2: there is no key host_reserve in "
                                    "[host]" },
    { "[hots]\nhost-reserve = 1\n", "f:2: there is no section [hots]" },
    { "host-reserve = 1\n",
      "f:1: host-reserve stands before the first [section]" },
    { "[host]\nhost-reserve 1\n", "f:2: neither [section] nor key = value" },
    { "[host\n", "f:1: neither [section] nor key = value" },
    { "[host]\nhost-reserve 1\noom-floor = x\n",
      "f:2: neither [section] nor key = value" },
    { "[host]\noom-floor = x\nhost-reserve 1\n",
      "f:2: oom-floor: expected yes or no, not 'x'" },
    { "[policy]\nk = " LONG_64 LONG_64 LONG_64 LONG_64 "\n",
      "f:2: the line is too long" },
};

START_TEST(test_conf_refuses_with_file_and_line)
{
    char error[CONF_ERROR_SIZE] = "";
    struct conf c;

    conf_default(&c);
    ck_assert_int_lt(parse(&c, refused[_i].text, error), 0);
    ck_assert_str_eq(error, refused[_i].error);
}
END_TEST

START_TEST(test_conf_refuses_a_nul_byte)
{
    static const char bytes[] = "[log]\nlevel = info\0x\n";
    char error[CONF_ERROR_SIZE];
    struct conf c;

    conf_default(&c);
    ck_assert_int_eq(parse_bytes(&c, bytes, sizeof(bytes) - 1, error), -EINVAL);
    ck_assert_str_eq(error, "f:2: a NUL byte");
}
END_TEST

START_TEST(test_conf_limits_the_number_of_options)
{
    char error[CONF_ERROR_SIZE], key[16];
    struct conf c;

    conf_default(&c);
    for (int i = 0; i < CONF_OPTIONS_MAX; i++) {
        snprintf(key, sizeof(key), "k%d", i);
        ck_assert_int_eq(conf_set(&c, "policy", key, "v", error), 0);
    }
    ck_assert_int_eq(conf_set(&c, "policy", "k0", "w", error), 0);
    ck_assert_str_eq(c.policy.options[0].value, "w");
    ck_assert_int_eq(conf_set(&c, "policy", "one-more", "v", error), -EINVAL);
    ck_assert_str_eq(error, "one-more: more than 32 options");
    ck_assert_uint_eq(c.policy.n_options, CONF_OPTIONS_MAX);
}
END_TEST

START_TEST(test_conf_prints_what_parses_to_the_same)
{
    static char first[PRINTED_SIZE], second[PRINTED_SIZE];
    char error[CONF_ERROR_SIZE];
    struct conf c, again;

    conf_default(&c);
    ck_assert_int_eq(parse(&c,
                           "[host]\nhost-reserve = 1025\n"
                           "balance-interval = 1500ms\noom-floor = 0\n"
                           "domain-zero-dynamic-max = 3TiB\n"
                           "[policy]\na = 1\nb = x y\nc =\n"
                           "[control]\ngroup = adm\n[log]\nlevel = warn\n",
                           error),
                     0);
    print(&c, first);
    ck_assert_ptr_nonnull(strstr(first, "host-reserve = 2KiB\n"));
    ck_assert_ptr_nonnull(strstr(first, "balance-interval = 1500ms\n"));
    ck_assert_ptr_nonnull(strstr(first, "domain-zero-dynamic-max = 3TiB\n"));
    conf_default(&again);
    ck_assert_int_eq(parse(&again, first, error), 0);
    print(&again, second);
    ck_assert_str_eq(first, second);
    ck_assert_mem_eq(&again.tuning, &c.tuning, sizeof(c.tuning));
    ck_assert_uint_eq(again.policy.n_options, 3);
    ck_assert_str_eq(again.policy.options[1].value, "x y");
}
END_TEST

START_TEST(test_conf_reads_the_directory_in_order)
{
    char error[CONF_ERROR_SIZE];
    struct conf c;

    write_file("b.conf", "[host]\nhost-reserve = 1MiB\noom-floor = no\n");
    write_file("b.conf.d/20.conf", "[host]\nhost-reserve = 20MiB\n");
    write_file("b.conf.d/10.conf", "[host]\nhost-reserve = 10MiB\n"
                                   "balance-interval = 10s\n");
    write_file("b.conf.d/.hidden.conf", "nonsense\n");
    write_file("b.conf.d/30.conf~", "nonsense\n");
    ck_assert_int_eq(read_conf(&c, error), 0);
    ck_assert_uint_eq(c.tuning.host_reserve_kib, 20 * 1024);
    ck_assert_uint_eq(c.tuning.idle_tick_ms, 10 * 1000);
    ck_assert(!c.tuning.has_oom_floor);
}
END_TEST

START_TEST(test_conf_keeps_the_old_when_any_file_is_bad)
{
    char error[CONF_ERROR_SIZE], expected[PATH_SIZE];
    struct conf c;

    conf_default(&c);
    c.tuning.host_reserve_kib = 7;
    write_file("b.conf", "[host]\nhost-reserve = 1MiB\n");
    write_file("b.conf.d/10.conf", "[host]\nhost-reserve = 1XiB\n");
    ck_assert_int_eq(read_conf(&c, error), -EINVAL);
    snprintf(expected, sizeof(expected), "%s/b.conf.d/10.conf:2: ", directory);
    ck_assert_ptr_eq(strstr(error, expected), error);
    ck_assert_uint_eq(c.tuning.host_reserve_kib, 7);
}
END_TEST

START_TEST(test_conf_checks_the_chain_of_the_whole)
{
    char error[CONF_ERROR_SIZE];
    struct conf c;

    write_file("b.conf", "[host]\ndomain-zero-dynamic-max = 1GiB\n");
    write_file("b.conf.d/10.conf",
               "[host]\ndomain-zero-dynamic-min = 1025MiB\n");
    ck_assert_int_eq(read_conf(&c, error), -EINVAL);
    ck_assert_str_eq(error, "domain-zero-dynamic-min (1025MiB) is above "
                            "domain-zero-dynamic-max (1GiB)");
}
END_TEST

START_TEST(test_conf_wants_the_named_file)
{
    char error[CONF_ERROR_SIZE];
    struct conf c;

    ck_assert_int_eq(read_conf(&c, error), -ENOENT);
    ck_assert_ptr_nonnull(strstr(error, "/b.conf: No such file"));
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_test(tests, test_conf_defaults_are_the_documented_ones);
    tcase_add_test(tests, test_conf_takes_every_key);
    UNIT_ADD_ROWS(tests, test_conf_refuses_with_file_and_line, refused);
    tcase_add_test(tests, test_conf_refuses_a_nul_byte);
    tcase_add_test(tests, test_conf_limits_the_number_of_options);
    tcase_add_test(tests, test_conf_prints_what_parses_to_the_same);
    tcase_add_test(tests, test_conf_reads_the_directory_in_order);
    tcase_add_test(tests, test_conf_keeps_the_old_when_any_file_is_bad);
    tcase_add_test(tests, test_conf_checks_the_chain_of_the_whole);
    tcase_add_test(tests, test_conf_wants_the_named_file);
}

int
main(void)
{
    return unit_run("conf", add);
}
