/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a day of history takes: so many domains, a sample every second, all
 * amounts different every time.  Prints KiB of memory and ns a sample. */
#include <config.h>

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "history.h"
#include "util/parse.h"
#include "util/units.h"

#define DAY_S    (24 * 3600u)
#define NS_PER_S 1000000000u

static uint64_t
clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static uint64_t
used_kib(void)
{
    struct mallinfo2 info = mallinfo2();

    return (info.uordblks + info.hblkhd) / BYTES_PER_KIB;
}

static void
remember(struct history *h, struct host_domain *domains, size_t n, uint64_t s)
{
    const struct history_sample sample = {
        .time_ms = s * MS_PER_S,
        .wall_ms = s * MS_PER_S,
        .total_kib = s,
    };

    history_add(h, &sample);
    for (size_t i = 0; i < n; i++) {
        domains[i].target_kib = s * i;
        domains[i].actual_kib = s + i;
        history_put(h, &domains[i]);
    }
}

int
main(int argc, char **argv)
{
    uint64_t n, before_kib, begin_ns;
    struct host_domain *domains;
    struct history *h;

    if (argc != 2 || parse_u64(argv[1], 1, 10000, &n) < 0)
        return EXIT_FAILURE;
    domains = calloc(n, sizeof(*domains));
    if (!domains)
        return EXIT_FAILURE;
    for (size_t i = 0; i < n; i++)
        snprintf(domains[i].uuid, sizeof(domains[i].uuid), "%zu", i);
    before_kib = used_kib();
    h = history_new();
    begin_ns = clock_ns();
    for (uint64_t s = 1; h && s <= 2 * DAY_S; s++)
        remember(h, domains, n, s);
    printf("%" PRIu64 " %" PRIu64 "\n", used_kib() - before_kib,
           (clock_ns() - begin_ns) / (2 * DAY_S));
    history_free(h);
    free(domains);
    return EXIT_SUCCESS;
}
