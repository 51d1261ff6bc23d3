/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Measures tick() with N simulated domains.  Prints microseconds of a quiet
 * tick, of one in the middle of a squeeze, of the simulation's own observe,
 * and the process's resident KiB: "QUIET SQUEEZE OBSERVE RSS".
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "book.h"
#include "conf.h"
#include "engines.h"
#include "host-sim.h"
#include "log.h"
#include "tick.h"
#include "util/parse.h"
#include "util/units.h"

#define DOMAINS_MAX 20000
#define SAMPLES     101 /* odd: the median is one of them */
#define WARM_UP     5
/* Half of what a domain could give; at 1 MiB/s that outlasts the samples. */
#define SQUEEZE_KIB (64 * KIB_PER_MIB)

static const char scenario_format[] = "[host]\n"
                                      "free = 72MiB\n"
                                      "[domain 1-%" PRIu64 "]\n"
                                      "dynamic-min = 128MiB\n"
                                      "memory = 256MiB\n"
                                      "dynamic-max = 512MiB\n"
                                      "static-max = 512MiB\n"
                                      "inaccuracy = 4\n"
                                      "needs = 32MiB\n"
                                      "rate = 1MiB\n"
                                      "jitter = 50\n";

struct bench {
    struct host *host;
    struct sim_world *world;
    struct engines engines;
    struct balancer balancer;
    uint64_t samples_ns[SAMPLES];
};

static void
ignore_line(enum log_level level, const char *line)
{
    (void)level;
    (void)line;
}

static void
fail(const char *what)
{
    fprintf(stderr, "tick: %s\n", what);
    exit(EXIT_FAILURE);
}

/* CPU time: a tick on a simulated host never waits, and others' work on the
 * machine is not its cost. */
static uint64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void
open_bench(struct bench *b, uint64_t n_domains)
{
    static struct conf conf;
    char text[512], error[CONF_ERROR_SIZE];
    struct sim_scenario scenario;

    log_set_sink(ignore_line);
    snprintf(text, sizeof(text), scenario_format, n_domains);
    if (sim_scenario_parse(&scenario, text, NULL, error) < 0)
        fail(error);
    if (host_sim_create(&b->host, &scenario) < 0)
        fail("no memory");
    b->world = host_sim_world(b->host);
    conf_default(&conf);
    if (engines_put(&b->engines, ENGINES_DEFAULT, &conf.policy, NULL, error) <
        0)
        fail(error);
    if (balancer_init(&b->balancer, b->host, &b->engines, &tuning_default) < 0)
        fail("the balancer cannot be set up");
}

static void
close_bench(struct bench *b)
{
    balancer_done(&b->balancer);
    engines_done(&b->engines);
    b->host->ops->free(b->host);
}

static int
compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static uint64_t
median_us(struct bench *b)
{
    qsort(b->samples_ns, SAMPLES, sizeof(b->samples_ns[0]), compare);
    return (b->samples_ns[SAMPLES / 2] + 500) / 1000;
}

/* Between two looks step_ms of the simulation pass; they are not timed. */
static uint64_t
measure_ticks(struct bench *b, uint64_t step_ms)
{
    for (int i = -WARM_UP; i < SAMPLES; i++) {
        uint64_t began_ns = now_ns();

        tick(&b->balancer);
        if (i >= 0)
            b->samples_ns[i] = now_ns() - began_ns;
        sim_world_advance(b->world, b->world->now_ms + step_ms);
    }
    if (b->balancer.stats.failed_ticks > 0)
        fail("a tick has failed");
    return median_us(b);
}

static uint64_t
measure_observe(struct bench *b)
{
    struct host_view view = { 0 };

    for (int i = 0; i < SAMPLES; i++) {
        uint64_t began_ns = now_ns();

        if (b->host->ops->observe(b->host, &view) < 0)
            fail("the host cannot be observed");
        b->samples_ns[i] = now_ns() - began_ns;
    }
    host_view_done(&view);
    return median_us(b);
}

static void
begin_squeeze(struct bench *b, uint64_t n_domains)
{
    struct book_ask ask = {
        .min_kib = n_domains * SQUEEZE_KIB,
        .max_kib = n_domains * SQUEEZE_KIB,
        .ttl_ms = 3600 * MS_PER_S,
        .wait_ms = 3600 * MS_PER_S,
        .owner = "bench",
    };
    struct reservation made;
    char error[BOOK_ERROR_SIZE];

    if (book_reserve(&b->balancer, &ask, &made, NULL, error) < 0)
        fail(error);
}

static uint64_t
resident_kib(void)
{
    uint64_t pages = 0;
    char text[64] = "";
    FILE *file = fopen("/proc/self/statm", "re");

    /* "SIZE RESIDENT ..." */
    if (!file || fscanf(file, "%*s %63s", text) != 1 ||
        parse_u64(text, 0, UINT32_MAX, &pages) < 0)
        fail("/proc/self/statm cannot be read");
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE) / BYTES_PER_KIB;
}

int
main(int argc, char **argv)
{
    uint64_t n_domains, quiet_us, squeeze_us, observe_us;
    struct bench b = { 0 };

    if (argc != 2 || parse_u64(argv[1], 1, DOMAINS_MAX, &n_domains) < 0)
        fail("usage: tick DOMAINS");
    open_bench(&b, n_domains);
    observe_us = measure_observe(&b);
    quiet_us = measure_ticks(&b, tuning_default.idle_tick_ms);
    begin_squeeze(&b, n_domains);
    squeeze_us = measure_ticks(&b, tuning_default.busy_tick_ms);
    if (b.balancer.reservations.n != 1 ||
        b.balancer.reservations.list[0].state != RESERVE_PENDING)
        fail("the squeeze is over before it was measured");
    printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", quiet_us,
           squeeze_us, observe_us, resident_kib());
    close_bench(&b);
    return EXIT_SUCCESS;
}
