/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What domain 0 sees of swap, in a sysfs of files and with devices of files. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host-xen-vbd.h"
#include "unit.h"
#include "util/units.h"

#define MIB       1024u
#define PAGE_SIZE 4096
#define DEVICES   "/sys/bus/xen-backend/devices"
/* A probe is a process: it ends within this, or never. */
#define PATIENCE_MS 20000

static char root[] = "vbd-XXXXXX";
static struct xen_vbds vbds;
static struct host_domain domains[3];
static struct host_view view = { .domains = domains, .n_domains = 3 };
static uint64_t now_ms;

static void
write_file(const char *path, const char *text)
{
    char full[512];
    FILE *file;

    snprintf(full, sizeof(full), "%s%s", root, path);
    for (char *slash = strchr(full + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        ck_assert(mkdir(full, 0700) == 0 || errno == EEXIST);
        *slash = '/';
    }
    file = fopen(full, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void
set_counters(const char *name, uint64_t in_kib, uint64_t out_kib)
{
    char path[256], text[32];

    snprintf(path, sizeof(path), DEVICES "/%s/statistics/rd_sect", name);
    snprintf(text, sizeof(text), "%lu\n", (unsigned long)in_kib * 2);
    write_file(path, text);
    snprintf(path, sizeof(path), DEVICES "/%s/statistics/wr_sect", name);
    snprintf(text, sizeof(text), "%lu\n", (unsigned long)out_kib * 2);
    write_file(path, text);
}

static void
write_device(unsigned minor, const char *signature)
{
    char path[64], page[PAGE_SIZE + 1];

    memset(page, 'x', PAGE_SIZE);
    page[PAGE_SIZE] = '\0';
    memcpy(page + PAGE_SIZE - strlen(signature), signature, strlen(signature));
    snprintf(path, sizeof(path), "/dev/loop%u", minor);
    write_file(path, page);
}

/* A vbd, and the device behind it: loop MINOR. */
static void
add_vbd(const char *name, unsigned minor, const char *signature)
{
    char path[256], text[64];

    set_counters(name, 100 * MIB, 100 * MIB);
    snprintf(path, sizeof(path), DEVICES "/%s/physical_device", name);
    snprintf(text, sizeof(text), "7:%x\n", minor);
    write_file(path, text);
    write_file("/sys/dev/block/marker", "");
    snprintf(path, sizeof(path), "%s/sys/dev/block/7:%u", root, minor);
    snprintf(text, sizeof(text), "../../devices/virtual/block/loop%u", minor);
    ck_assert_int_eq(symlink(text, path), 0);
    snprintf(path, sizeof(path), "/sys/devices/virtual/block/loop%u/stat",
             minor);
    write_file(path, "     12      0   98304     4711   1   2  3   4 0 5\n");
    write_device(minor, signature);
}

static void
observe(uint64_t pass_ms)
{
    now_ms += pass_ms;
    for (size_t i = 0; i < view.n_domains; i++)
        domains[i].swap = (struct host_swap){ 0 };
    xen_vbds_observe(&vbds, &view, now_ms);
}

/* Until no child is under way: its time is the real one, ours stands still. */
static void
let_probes_end(void)
{
    for (int ms = 0; ms < PATIENCE_MS && vbds.probe.pid > 0; ms++) {
        usleep(1000);
        observe(0);
    }
    ck_assert_int_eq(vbds.probe.pid, 0);
}

static void
setup(void)
{
    strcpy(root, "vbd-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    write_file(DEVICES "/README", "no device");
    vbds = (struct xen_vbds){ .root = root };
    now_ms = 1000000;
    for (uint32_t i = 0; i < 3; i++)
        domains[i] = (struct host_domain){ .domid = i * 5 };
}

static int
remove_one(const char *path, const struct stat *s, int type, struct FTW *at)
{
    (void)s;
    (void)type;
    (void)at;
    return remove(path);
}

static void
teardown(void)
{
    xen_vbds_done(&vbds);
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

START_TEST(test_swap_is_known_by_its_signature)
{
    add_vbd("vbd-5-51712", 0, "no signature");
    add_vbd("vbd-5-51728", 17, "SWAPSPACE2");
    add_vbd("vbd-10-51712", 2, "SWAPSPACE2 ");
    write_file(DEVICES "/vif-5-0/state", "4");
    observe(0);
    let_probes_end();
    observe(0);
    ck_assert(!domains[0].swap.is_seen);
    ck_assert(domains[1].swap.is_seen);
    ck_assert(!domains[2].swap.is_seen);
    /* What went on before is nobody's business. */
    ck_assert_uint_eq(domains[1].swap.in_kib, 0);
    set_counters("vbd-5-51728", 103 * MIB, 101 * MIB);
    set_counters("vbd-5-51712", 999 * MIB, 999 * MIB);
    observe(999);
    ck_assert_uint_eq(domains[1].swap.in_kib, 0); /* not read so often */
    observe(1);
    ck_assert_uint_eq(domains[1].swap.in_kib, 3 * MIB);
    ck_assert_uint_eq(domains[1].swap.out_kib, 1 * MIB);
    ck_assert_uint_eq(domains[1].swap.at_ms, now_ms);
    ck_assert_uint_eq(domains[1].swap.wait_ms, 4711);
}
END_TEST

START_TEST(test_swap_of_a_domain_is_a_sum)
{
    add_vbd("vbd-5-51712", 0, "SWAPSPACE2");
    observe(0);
    let_probes_end();
    set_counters("vbd-5-51712", 101 * MIB, 102 * MIB);
    add_vbd("vbd-5-51728", 1, "SWAPSPACE2");
    observe(10000);
    let_probes_end();
    observe(1000);
    ck_assert_uint_eq(domains[1].swap.in_kib, 1 * MIB);
    set_counters("vbd-5-51728", 104 * MIB, 108 * MIB);
    observe(1000);
    ck_assert_uint_eq(domains[1].swap.in_kib, 5 * MIB);
    ck_assert_uint_eq(domains[1].swap.out_kib, 10 * MIB);
}
END_TEST

START_TEST(test_swap_that_is_made_later_is_found)
{
    add_vbd("vbd-10-51712", 0, "no signature");
    observe(0);
    let_probes_end();
    write_device(0, "SWAPSPACE2");
    observe(5000);
    let_probes_end(); /* nothing was written, as far as it can tell */
    ck_assert(!vbds.list[0].is_swap);
    set_counters("vbd-10-51712", 100 * MIB, 100 * MIB + 4);
    observe(10000);
    let_probes_end();
    ck_assert(vbds.list[0].is_swap);
}
END_TEST

START_TEST(test_device_that_goes_is_forgotten)
{
    char path[256];

    add_vbd("vbd-5-51712", 0, "SWAPSPACE2");
    observe(0);
    let_probes_end();
    observe(1000);
    ck_assert(domains[1].swap.is_seen);
    snprintf(path, sizeof(path), "%s" DEVICES "/vbd-5-51712", root);
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    observe(10000);
    ck_assert(!domains[1].swap.is_seen);
    ck_assert_uint_eq(vbds.n, 0);
}
END_TEST

/* Nobody writes to the pipe that stands for a dead device. */
START_TEST(test_dead_device_blocks_nobody)
{
    char path[256];
    struct xen_probe p = { 0 };

    snprintf(path, sizeof(path), "%s/pipe", root);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(xen_probe_begin(&p, path, 0), 0);
    for (int ms = 0; ms < PATIENCE_MS && p.pid > 0; ms++) {
        usleep(1000);
        ck_assert_int_ne(xen_probe_look(&p, 2000), XEN_PROBE_SWAP);
    }
    ck_assert_int_eq(p.pid, 0);
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_swap_is_known_by_its_signature);
    tcase_add_test(tests, test_swap_of_a_domain_is_a_sum);
    tcase_add_test(tests, test_swap_that_is_made_later_is_found);
    tcase_add_test(tests, test_device_that_goes_is_forgotten);
    tcase_add_test(tests, test_dead_device_blocks_nobody);
}

int
main(void)
{
    return unit_run("vbd", add);
}
