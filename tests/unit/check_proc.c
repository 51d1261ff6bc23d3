/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What balancer-agent makes of /proc, of kernels old and new. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/proc-parse.h"
#include "guest/proc-read.h"
#include "unit.h"

#define NO        SAMPLE_UNKNOWN
#define PATH_SIZE 128

/* Linux 6.1, shortened. */
static const char meminfo[] = "MemTotal:          98304 kB\n"
                              "MemFree:           40960 kB\n"
                              "MemAvailable:      34816 kB\n"
                              "Cached:            30000 kB\n"
                              "SwapCached:            8 kB\n"
                              "Active(anon):       1024 kB\n"
                              "Active(file):       4096 kB\n"
                              "Inactive(file):    16384 kB\n"
                              "SwapTotal:        131068 kB\n"
                              "SwapFree:         131000 kB\n"
                              "AnonPages:         11264 kB\n"
                              "HugePages_Total:       0\n";
static const char vmstat[] = "nr_free_pages 10240\n"
                             "workingset_refault_anon 21\n"
                             "workingset_refault_file 22\n"
                             "pswpin 23\n"
                             "pswpout 24\n"
                             "pgmajfault 25\n"
                             "pgscan_kswapd 26\n"
                             "pgscan_direct 4\n"
                             "pgscan_direct_throttle 1000\n";
static const char pressure[] =
    "some avg10=1.50 avg60=0.20 avg300=0.10 total=31\n"
    "full avg10=0.00 avg60=0.00 avg300=0.00 total=32\n";
static const char swaps[] =
    "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
    "/dev/xvdb                               partition\t131068\t\t68\t\t-2\n"
    "/var/swap\\040file                      file\t\t1020\t\t0\t\t-3\n";

START_TEST(test_proc_reads_a_new_kernel)
{
    struct sample s;

    sample_init(&s);
    proc_parse_meminfo(meminfo, &s);
    proc_parse_vmstat(vmstat, &s);
    proc_parse_pressure(pressure, &s);
    proc_parse_swaps(swaps, &s);
    ck_assert_uint_eq(s.total_kib, 98304);
    ck_assert_uint_eq(s.available_kib, 34816);
    ck_assert_uint_eq(s.cache_kib, 20480);
    ck_assert_uint_eq(s.anon_kib, 11264);
    ck_assert_uint_eq(s.swap_total_kib, 131068);
    ck_assert_uint_eq(s.swap_free_kib, 131008);
    ck_assert_uint_eq(s.refault_anon_pages, 21);
    ck_assert_uint_eq(s.refault_file_pages, 22);
    ck_assert_uint_eq(s.swap_in_pages, 23);
    ck_assert_uint_eq(s.swap_out_pages, 24);
    ck_assert_uint_eq(s.major_faults, 25);
    ck_assert_uint_eq(s.scanned_pages, 30);
    ck_assert_uint_eq(s.stall_some_us, 31);
    ck_assert_uint_eq(s.stall_full_us, 32);
    ck_assert_str_eq(s.swaps[0].name, "xvdb");
    ck_assert_uint_eq(s.swaps[0].size_kib, 131068);
    ck_assert_uint_eq(s.swaps[0].used_kib, 68);
    ck_assert_str_eq(s.swaps[1].name, "swap_040file");
    ck_assert_uint_eq(s.swaps[1].size_kib, 1020);
    ck_assert_str_eq(s.swaps[2].name, "");
}
END_TEST

START_TEST(test_proc_reads_an_old_kernel)
{
    struct sample s;

    /* Linux 4.19: one counter of refaults, of file pages; no full pressures
     * before 5.2, no pressures at all before 4.20. */
    sample_init(&s);
    proc_parse_vmstat("workingset_refault 7\nworkingset_activate 9\n", &s);
    ck_assert_uint_eq(s.refault_file_pages, 7);
    ck_assert_uint_eq(s.refault_anon_pages, NO);
    ck_assert_uint_eq(s.scanned_pages, NO);
    /* Linux 3.13: no MemAvailable */
    proc_parse_meminfo("MemTotal: 5 kB\nMemFree: 4 kB\n", &s);
    ck_assert_uint_eq(s.total_kib, 5);
    ck_assert_uint_eq(s.available_kib, NO);
}
END_TEST

static const struct {
    const char *text;
    uint64_t total_kib;
} odd_lines[] = {
    { "", NO },
    { "\n\n", NO },
    { "MemTotal:", NO },
    { "MemTotal: kB\n", NO },
    { "MemTotal: -5 kB\n", NO },
    { "MemTotal: 99999999999999999999999 kB\n", NO },
    { "MemTotal\n5\n", NO },
    { "MemTotalX: 5 kB\n", NO },
    { "XMemTotal: 5 kB\n", NO },
    { "no\nMemTotal: 5 kB", 5 },
    { "MemTotal:\t5\n", 5 },
    { "MemTotal: 5 kB \r\n\nMemFree", 5 },
};

START_TEST(test_proc_passes_over_odd_lines)
{
    struct sample s;

    sample_init(&s);
    proc_parse_meminfo(odd_lines[_i].text, &s);
    ck_assert_uint_eq(s.total_kib, odd_lines[_i].total_kib);
}
END_TEST

static const struct {
    const char *text;
    uint64_t some_us, full_us;
} odd_pressures[] = {
    { "", NO, NO },
    { "some total=5\n", 5, NO },
    { "some avg10=0.00\nfull avg10=0.00 total=6\n", NO, 6 },
    { "something total=5\nfull total=6", NO, 6 },
    { "some total=\nfull total=x\n", NO, NO },
};

START_TEST(test_proc_passes_over_odd_pressures)
{
    struct sample s;

    sample_init(&s);
    proc_parse_pressure(odd_pressures[_i].text, &s);
    ck_assert_uint_eq(s.stall_some_us, odd_pressures[_i].some_us);
    ck_assert_uint_eq(s.stall_full_us, odd_pressures[_i].full_us);
}
END_TEST

static const struct {
    const char *text;
    const char *name;
} odd_swaps[] = {
    { "", "" },
    { "Filename Type Size Used Priority\n", "" },
    { "/dev/xvdb partition 5\n", "" },
    { "/dev/xvdb\n5 6\n", "" },
    { "/dev/ partition 5 0 -2\n", "" },
    { "xvdb partition 5 0 -2", "xvdb" },
    { "/a/0123456789abcdefgh file 5 0 -2", "0123456789abcde" },
    { "/a/\xc3\xbc=:\x1b file 5 0 -2", "_____" },
};

START_TEST(test_proc_names_swap_areas_in_plain_letters)
{
    struct sample s;

    sample_init(&s);
    proc_parse_swaps(odd_swaps[_i].text, &s);
    ck_assert_str_eq(s.swaps[0].name, odd_swaps[_i].name);
}
END_TEST

START_TEST(test_proc_tells_of_some_swap_areas_only)
{
    struct sample s;

    sample_init(&s);
    proc_parse_swaps("a file 1 0\nb file 1 0\nc file 1 0\nd file 1 0\n"
                     "e file 1 0\n",
                     &s);
    ck_assert_str_eq(s.swaps[SAMPLE_SWAPS - 1].name, "d");
}
END_TEST

/* A directory that stands for /proc. */
static char dir[] = "/tmp/check_proc.XXXXXX";

static const char *
path_of(char path[PATH_SIZE], const char *name)
{
    snprintf(path, PATH_SIZE, "%s/%s", dir, name);
    return path;
}

static void
put(const char *name, const char *text)
{
    char path[PATH_SIZE];
    FILE *file = fopen(path_of(path, name), "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static void
make_dir(void)
{
    char path[PATH_SIZE];

    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(mkdir(path_of(path, "pressure"), 0700), 0);
}

static void
remove_dir(void)
{
    static const char *const names[] = { "meminfo", "vmstat", "swaps",
                                         "pressure/memory" };
    char path[PATH_SIZE];

    for (int i = 0; i < 4; i++)
        unlink(path_of(path, names[i]));
    rmdir(path_of(path, "pressure"));
    rmdir(dir);
    strcpy(dir + strlen(dir) - 6, "XXXXXX");
}

static struct proc proc;

START_TEST(test_proc_reads_files_again)
{
    struct sample s;

    put("meminfo", meminfo);
    put("vmstat", vmstat);
    put("swaps", swaps);
    put("pressure/memory", pressure);
    ck_assert_int_eq(proc_open(&proc, dir), 0);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(proc_read(&proc, &s), 0);
        ck_assert_uint_eq(s.available_kib, 34816);
        ck_assert_uint_eq(s.swap_in_pages, 23);
        ck_assert_uint_eq(s.stall_some_us, 31);
        ck_assert_str_eq(s.swaps[0].name, "xvdb");
    }
    put("meminfo", "MemTotal: 5 kB\n");
    ck_assert_int_eq(proc_read(&proc, &s), 0);
    ck_assert_uint_eq(s.total_kib, 5);
    ck_assert_uint_eq(s.available_kib, NO);
    proc_close(&proc);
}
END_TEST

START_TEST(test_proc_does_with_meminfo_alone)
{
    struct sample s;

    ck_assert_int_eq(proc_open(&proc, dir), -ENOENT);
    put("meminfo", meminfo);
    ck_assert_int_eq(proc_open(&proc, dir), 0);
    ck_assert_int_eq(proc_read(&proc, &s), 0);
    ck_assert_uint_eq(s.total_kib, 98304);
    ck_assert_uint_eq(s.swap_in_pages, NO);
    ck_assert_uint_eq(s.stall_full_us, NO);
    ck_assert_str_eq(s.swaps[0].name, "");
    proc_close(&proc);
    ck_assert_int_eq(proc_open(&proc, "/nowhere"), -ENOENT);
}
END_TEST

START_TEST(test_proc_cuts_a_file_that_is_too_long)
{
    static char text[2 * PROC_TEXT_SIZE];
    struct sample s;

    memset(text, 'x', sizeof(text) - 1);
    memcpy(text, "MemTotal: 5 kB\n", 15);
    put("meminfo", text);
    ck_assert_int_eq(proc_open(&proc, dir), 0);
    ck_assert_int_eq(proc_read(&proc, &s), 0);
    ck_assert_uint_eq(s.total_kib, 5);
    proc_close(&proc);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, make_dir, remove_dir);
    tcase_add_test(tests, test_proc_reads_a_new_kernel);
    tcase_add_test(tests, test_proc_reads_an_old_kernel);
    UNIT_ADD_ROWS(tests, test_proc_passes_over_odd_lines, odd_lines);
    UNIT_ADD_ROWS(tests, test_proc_passes_over_odd_pressures, odd_pressures);
    UNIT_ADD_ROWS(tests, test_proc_names_swap_areas_in_plain_letters,
                  odd_swaps);
    tcase_add_test(tests, test_proc_tells_of_some_swap_areas_only);
    tcase_add_test(tests, test_proc_reads_files_again);
    tcase_add_test(tests, test_proc_does_with_meminfo_alone);
    tcase_add_test(tests, test_proc_cuts_a_file_that_is_too_long);
}

int
main(void)
{
    return unit_run("proc", add);
}
