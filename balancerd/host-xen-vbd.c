/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which block devices are there, which of them is swap, and what it moved. */
#include <config.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-xen-vbd.h"
#include "log.h"
#include "util/cleanup.h"
#include "util/parse.h"
#include "util/units.h"

#define VBDS_DIR     "/sys/bus/xen-backend/devices"
#define SECTOR_BYTES 512
#define SCAN_MS      10000
/* A guest may make its swap space any time: one that writes is looked at again,
 * ever more rarely. */
#define PROBE_MS     5000
#define PROBE_MAX_MS 600000
/* Counters are read no more often. */
#define READ_MS 1000

static int
open_file(const struct xen_vbds *v, const struct xen_vbd *d, const char *file)
{
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s" VBDS_DIR "/%s/%s", v->root, d->name,
             file);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static bool
read_sectors_kib(int fd, uint64_t *ret_kib)
{
    char text[32];
    ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof(text), 0);
    uint64_t sectors;

    while (n > 0 && text[n - 1] == '\n')
        n--;
    if (n <= 0 || parse_u64_n(text, (size_t)n, 0, UINT64_MAX, &sectors) < 0)
        return false;
    *ret_kib = mul_div(sectors, SECTOR_BYTES, BYTES_PER_KIB);
    return true;
}

static uint64_t
written_kib(const struct xen_vbds *v, const struct xen_vbd *d)
{
    cleanup_close int fd = open_file(v, d, "statistics/wr_sect");
    uint64_t kib = 0;

    return read_sectors_kib(fd, &kib) ? kib : 0;
}

static void
forget(struct xen_vbd *d)
{
    if (d->in_fd >= 0)
        close(d->in_fd);
    if (d->out_fd >= 0)
        close(d->out_fd);
    if (d->stat_fd >= 0)
        close(d->stat_fd);
    d->in_fd = d->out_fd = d->stat_fd = -1;
    d->is_swap = false;
    d->swap.is_seen = false;
}

/* "vbd-DOMID-DEVICE" */
static bool
parse_name(const char *name, uint32_t *ret_domid)
{
    const char *number = name + strlen("vbd-");
    uint64_t domid;

    if (strncmp(name, "vbd-", strlen("vbd-")) != 0 ||
        strlen(name) >= XEN_VBD_NAME_SIZE ||
        parse_u64_n(number, strcspn(number, "-"), 0, UINT32_MAX, &domid) < 0)
        return false;
    *ret_domid = (uint32_t)domid;
    return true;
}

static struct xen_vbd *
find(struct xen_vbds *v, const char *name)
{
    for (size_t i = 0; i < v->n; i++) {
        if (strcmp(v->list[i].name, name) == 0)
            return &v->list[i];
    }
    return NULL;
}

static void
see(struct xen_vbds *v, const char *name, uint64_t now_ms)
{
    struct xen_vbd *d = find(v, name);
    uint32_t domid;

    if (!d && parse_name(name, &domid)) {
        if (v->n == v->capacity) {
            size_t capacity = v->n * 2 + 8;
            void *list = realloc(v->list, capacity * sizeof(*v->list));

            if (!list)
                return;
            v->list = list;
            v->capacity = capacity;
        }
        d = &v->list[v->n++];
        *d = (struct xen_vbd){ .domid = domid,
                               .in_fd = -1,
                               .out_fd = -1,
                               .stat_fd = -1,
                               .probe_ms = now_ms,
                               .probe_wait_ms = PROBE_MS,
                               .probed_out_kib = UINT64_MAX };
        snprintf(d->name, sizeof(d->name), "%s", name);
    }
    if (d)
        d->is_seen = true;
}

static void
sweep(struct xen_vbds *v)
{
    size_t kept = 0;

    for (size_t i = 0; i < v->n; i++) {
        if (v->list[i].is_seen)
            v->list[kept++] = v->list[i];
        else
            forget(&v->list[i]);
    }
    v->n = kept;
}

static void
scan(struct xen_vbds *v, uint64_t now_ms)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    DIR *dir;

    snprintf(path, sizeof(path), "%s" VBDS_DIR, v->root);
    dir = opendir(path);
    for (size_t i = 0; i < v->n; i++)
        v->list[i].is_seen = false;
    while (dir && (entry = readdir(dir)))
        see(v, entry->d_name, now_ms);
    if (dir)
        closedir(dir);
    sweep(v);
}

static bool
read_number(const struct xen_vbds *v, const struct xen_vbd *d,
            uint32_t *ret_major, uint32_t *ret_minor)
{
    cleanup_close int fd = open_file(v, d, "physical_device");
    char text[32];
    ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);
    size_t length, rest;

    if (n <= 0)
        return false;
    text[n] = '\0';
    length = strcspn(text, ":");
    rest = strcspn(text, "\n");
    return length < rest && parse_hex_n(text, length, ret_major) == 0 &&
           parse_hex_n(text + length + 1, rest - length - 1, ret_minor) == 0;
}

/* The name in dev of the device behind it, by its number in sysfs, which has
 * a ! where the name has a /. */
static bool
device_path(const struct xen_vbds *v, const struct xen_vbd *d,
            char path[PATH_MAX])
{
    char link[PATH_MAX / 2];
    uint32_t major, minor;
    char *name;
    ssize_t n;

    if (!read_number(v, d, &major, &minor))
        return false;
    snprintf(path, PATH_MAX, "%s/sys/dev/block/%u:%u", v->root, major, minor);
    n = readlink(path, link, sizeof(link) - 1);
    if (n <= 0)
        return false;
    link[n] = '\0';
    name = strrchr(link, '/');
    name = name ? name + 1 : link;
    for (char *c = name; *c; c++)
        if (*c == '!')
            *c = '/';
    snprintf(path, PATH_MAX, "%.1024s/dev/%s", v->root, name);
    return true;
}

static void
begin_probe(struct xen_vbds *v, struct xen_vbd *d, uint64_t now_ms)
{
    char path[PATH_MAX];
    uint64_t kib = written_kib(v, d);

    d->probe_ms = now_ms + d->probe_wait_ms;
    if (kib == d->probed_out_kib || !device_path(v, d, path))
        return;
    d->probed_out_kib = kib;
    d->probe_wait_ms = min_u64(d->probe_wait_ms * 2, PROBE_MAX_MS);
    if (xen_probe_begin(&v->probe, path, now_ms) == 0)
        snprintf(v->probed, sizeof(v->probed), "%s", d->name);
}

/* Of the device behind it; -1 if it has none. */
static int
open_stat(const struct xen_vbds *v, const struct xen_vbd *d)
{
    char path[PATH_MAX];
    uint32_t major, minor;

    if (!read_number(v, d, &major, &minor))
        return -1;
    snprintf(path, sizeof(path), "%s/sys/dev/block/%u:%u/stat", v->root, major,
             minor);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* The fourth number: ms that reads took, in sum. */
static uint64_t
read_wait_ms(int fd)
{
    char text[256];
    ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);
    const char *word = text;
    uint64_t ms;

    if (n <= 0)
        return HOST_UNSET;
    text[n] = '\0';
    for (int i = 0; i < 3; i++) {
        word += strspn(word, " ");
        word += strcspn(word, " ");
    }
    word += strspn(word, " ");
    if (parse_u64_n(word, strcspn(word, " "), 0, UINT64_MAX - 1, &ms) < 0)
        return HOST_UNSET;
    return ms;
}

static void
end_probe(struct xen_vbds *v, enum xen_probe_word word)
{
    struct xen_vbd *d = find(v, v->probed);

    if (!d || word != XEN_PROBE_SWAP)
        return;
    d->in_fd = open_file(v, d, "statistics/rd_sect");
    d->out_fd = open_file(v, d, "statistics/wr_sect");
    d->stat_fd = open_stat(v, d);
    d->is_swap = read_sectors_kib(d->in_fd, &d->before_in_kib) &&
                 read_sectors_kib(d->out_fd, &d->before_out_kib);
    log_debug("dom %u: %s is swap space", d->domid, d->name);
}

/* One device at a time. */
static void
probe(struct xen_vbds *v, uint64_t now_ms)
{
    if (v->probe.pid > 0) {
        enum xen_probe_word word = xen_probe_look(&v->probe, now_ms);

        if (word == XEN_PROBE_BUSY)
            return;
        end_probe(v, word);
    }
    for (size_t i = 0; i < v->n && v->probe.pid == 0; i++) {
        struct xen_vbd *d = &v->list[i];

        if (!d->is_swap && now_ms >= d->probe_ms)
            begin_probe(v, d, now_ms);
    }
}

/* A device that is gone takes its open files along. */
static void
read_counters(struct xen_vbd *d, uint64_t now_ms)
{
    if (d->swap.is_seen && now_ms - d->swap.at_ms < READ_MS)
        return;
    d->swap.at_ms = now_ms;
    d->swap.is_seen = read_sectors_kib(d->in_fd, &d->swap.in_kib) &&
                      read_sectors_kib(d->out_fd, &d->swap.out_kib);
    if (!d->swap.is_seen)
        forget(d);
    d->swap.wait_ms = read_wait_ms(d->stat_fd);
    d->swap.in_kib = sat_sub(d->swap.in_kib, d->before_in_kib);
    d->swap.out_kib = sat_sub(d->swap.out_kib, d->before_out_kib);
}

static struct host_domain *
domain_of(struct host_view *view, uint32_t domid)
{
    size_t lo = 0, hi = view->n_domains;

    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;

        if (view->domains[middle].domid < domid)
            lo = middle + 1;
        else
            hi = middle;
    }
    if (lo == view->n_domains || view->domains[lo].domid != domid)
        return NULL;
    return &view->domains[lo];
}

static void
add_to_domain(struct host_view *view, const struct xen_vbd *d)
{
    struct host_domain *domain = domain_of(view, d->domid);

    if (!domain || !d->swap.is_seen)
        return;
    if (!domain->swap.is_seen)
        domain->swap.wait_ms = 0;
    domain->swap.is_seen = true;
    domain->swap.wait_ms = d->swap.wait_ms == HOST_UNSET
                               ? HOST_UNSET
                               : sat_add(domain->swap.wait_ms, d->swap.wait_ms);
    domain->swap.in_kib += d->swap.in_kib;
    domain->swap.out_kib += d->swap.out_kib;
    domain->swap.at_ms = max_u64(domain->swap.at_ms, d->swap.at_ms);
}

void
xen_vbds_observe(struct xen_vbds *v, struct host_view *view, uint64_t now_ms)
{
    if (now_ms >= v->scan_ms) {
        v->scan_ms = now_ms + SCAN_MS;
        scan(v, now_ms);
    }
    probe(v, now_ms);
    for (size_t i = 0; i < v->n; i++) {
        if (!v->list[i].is_swap)
            continue;
        read_counters(&v->list[i], now_ms);
        add_to_domain(view, &v->list[i]);
    }
}

void
xen_vbds_done(struct xen_vbds *v)
{
    xen_probe_done(&v->probe);
    for (size_t i = 0; i < v->n; i++)
        forget(&v->list[i]);
    free(v->list);
    v->list = NULL;
    v->n = v->capacity = 0;
}
