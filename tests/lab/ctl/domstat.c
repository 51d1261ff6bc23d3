/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Xen itself says about memory, in one call and in KiB; a judge of the
 * product that shares no code with it.
 *
 *   domstat list          DOMID NAME TOT_KIB MAX_KIB OUTSTANDING_KIB FLAGS
 *   domstat domid NAME    the domid
 *   domstat get NAME      the line of one domain
 *   domstat key NAME KEY  a key below /local/domain/DOMID in xenstore
 *   domstat host          TOTAL_KIB FREE_KIB SCRUB_KIB OUTSTANDING_KIB
 *   domstat free KIB      nothing, as soon as so much is free or scrubbed
 *
 * FLAGS: letters of running, blocked, paused, shutdown, dying, hvm, or "-".
 * Exit code 1: no such domain, no such key, not free within two minutes.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xenctrl.h>
#include <xenstore.h>

#define PAGE_KIB    4u
#define MAX_DOMAINS 1024
#define PATH_BYTES  256u
/* Often enough to tell milliseconds, seldom enough to leave guests the CPU. */
#define FREE_POLL_NS 5000000
#define FREE_POLLS   24000

static char *
name_of(struct xs_handle *xs, uint32_t domid)
{
    char path[PATH_BYTES];
    unsigned int size;

    snprintf(path, sizeof(path), "/local/domain/%" PRIu32 "/name", domid);
    return xs_read(xs, XBT_NULL, path, &size);
}

static void
print_domain(const xc_domaininfo_t *info, const char *name)
{
    static const struct {
        uint32_t flag;
        char letter;
    } flags[] = {
        { XEN_DOMINF_running, 'r' }, { XEN_DOMINF_blocked, 'b' },
        { XEN_DOMINF_paused, 'p' },  { XEN_DOMINF_shutdown, 's' },
        { XEN_DOMINF_dying, 'd' },   { XEN_DOMINF_hvm_guest, 'h' },
    };
    char letters[sizeof(flags) / sizeof(flags[0]) + 1] = "-";
    size_t i, n = 0;

    for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        if (info->flags & flags[i].flag)
            letters[n++] = flags[i].letter;
    printf("%u %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %s\n", info->domain,
           name ? name : "?", info->tot_pages * PAGE_KIB,
           info->max_pages * PAGE_KIB, info->outstanding_pages * PAGE_KIB,
           letters);
}

static void
print_key(struct xs_handle *xs, uint32_t domid, const char *key)
{
    char path[PATH_BYTES], *value;
    unsigned int size = 0;

    snprintf(path, sizeof(path), "/local/domain/%" PRIu32 "/%s", domid, key);
    value = xs_read(xs, XBT_NULL, path, &size);
    if (!value)
        exit(1);
    fwrite(value, 1, size, stdout);
    putchar('\n');
    free(value);
}

/* One domain by name, or all if there is no name; 1 if there is none. */
static int
show(xc_interface *xc, const char *verb, const char *wanted, const char *key)
{
    static xc_domaininfo_t infos[MAX_DOMAINS];
    struct xs_handle *xs = xs_open(0);
    int n = xc_domain_getinfolist(xc, 0, MAX_DOMAINS, infos), i, r = 1;
    char *name;

    for (i = 0; xs && i < n; i++) {
        name = name_of(xs, infos[i].domain);
        if (!wanted || (name && strcmp(name, wanted) == 0)) {
            r = 0;
            if (strcmp(verb, "domid") == 0)
                printf("%u\n", infos[i].domain);
            else if (key)
                print_key(xs, infos[i].domain, key);
            else
                print_domain(&infos[i], name);
        }
        free(name);
    }
    if (xs)
        xs_close(xs);
    return r;
}

static int
show_host(xc_interface *xc)
{
    xc_physinfo_t info = { 0 };

    if (xc_physinfo(xc, &info) != 0)
        return 2;
    printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
           info.total_pages * PAGE_KIB, info.free_pages * PAGE_KIB,
           info.scrub_pages * PAGE_KIB, info.outstanding_pages * PAGE_KIB);
    return 0;
}

static int
wait_free(xc_interface *xc, const char *text)
{
    const struct timespec pause = { .tv_nsec = FREE_POLL_NS };
    uint64_t wanted_kib = strtoull(text, NULL, 10);
    xc_physinfo_t info = { 0 };

    for (int i = 0; i < FREE_POLLS; i++) {
        if (xc_physinfo(xc, &info) != 0)
            return 2;
        if ((info.free_pages + info.scrub_pages) * PAGE_KIB >= wanted_kib)
            return 0;
        nanosleep(&pause, NULL);
    }
    return 1;
}

int
main(int argc, char **argv)
{
    xc_interface *xc = xc_interface_open(NULL, NULL, 0);
    const char *verb = argc > 1 ? argv[1] : "";
    int r = 2;

    if (!xc) {
        perror("domstat: no Xen");
        return 2;
    }
    if (strcmp(verb, "list") == 0)
        r = show(xc, verb, NULL, NULL);
    else if (strcmp(verb, "host") == 0)
        r = show_host(xc);
    else if (argc == 3 && strcmp(verb, "free") == 0)
        r = wait_free(xc, argv[2]);
    else if (argc == 3)
        r = show(xc, verb, argv[2], NULL);
    else if (argc == 4)
        r = show(xc, verb, argv[2], argv[3]);
    else
        fputs("usage: domstat list|host|free KIB|get NAME|domid NAME|"
              "key NAME KEY\n",
              stderr);
    xc_interface_close(xc);
    return r;
}
