/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads memory that does not fit, or a device, block by block as fast as it
 * can, and tells how much it got:
 *
 *   reread memory SIZE_MIB,PATTERN,BLOCK_BYTES,SECONDS...
 *   reread device PATH SIZE_MIB,PATTERN,BLOCK_BYTES,SECONDS...
 *
 * PATTERN is sequential or random; SECONDS of 0 are one whole pass.  Memory
 * grows to the size of each step, and never shrinks; each KiB of it holds what
 * only that KiB may hold, which is verified whenever it is read.  A device is
 * read past the cache, one request at a time.  A line for each step:
 *
 *   memory|device size_mib= pattern= block= seconds= bytes= us= faults= in=
 *                 out= bad=
 *
 * faults are those that had to wait for a disk; in and out are pages swapped by
 * the whole system.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define UNIT_BYTES    1024u /* what has a pattern of its own */
#define BYTES_PER_MIB (UINT64_C(1) << 20)
#define SIZE_MIB_MAX  65536u
#define BLOCK_MAX     (1u << 20)
#define SECTOR_BYTES  4096u
#define SECONDS_MAX   3600u
#define US_PER_S      UINT64_C(1000000)
#define STEPS_MAX     64
#define FIELDS        4
/* Odd, so that every unit gets another value (golden ratio). */
#define PATTERN_STEP UINT64_C(0x9e3779b97f4a7c15)

struct step {
    uint64_t size_mib;
    bool is_random;
    uint64_t block_bytes;
    uint64_t seconds;
};

struct count {
    uint64_t bytes, bad, us, faults, in, out;
};

struct source {
    const char *name;
    int fd;          /* of the device */
    uint8_t *memory; /* as large as the largest step */
    uint64_t filled_bytes;
    uint8_t *block; /* where a block is read to */
    uint64_t seed;
};

static void
die(const char *what)
{
    fprintf(stderr, "reread: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static void
usage(void)
{
    fputs("usage: reread memory STEP... | device PATH STEP...\n"
          "STEP: SIZE_MIB,sequential|random,BLOCK_BYTES,SECONDS\n",
          stderr);
    exit(2);
}

static uint64_t
now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * US_PER_S + (uint64_t)t.tv_nsec / 1000u;
}

/* --- what is to be done --------------------------------------------------- */

static uint64_t
number(const char *text, uint64_t min, uint64_t max)
{
    char *end = NULL;
    unsigned long long n;

    errno = 0;
    n = strtoull(text, &end, 10);
    if (errno || end == text || *end || n < min || n > max)
        usage();
    return n;
}

static struct step
parse_step(char *text)
{
    char *fields[FIELDS];
    struct step s;
    int i;

    for (i = 0; i < FIELDS; i++) {
        fields[i] = strsep(&text, ",");
        if (!fields[i])
            usage();
    }
    s.size_mib = number(fields[0], 1, SIZE_MIB_MAX);
    s.is_random = strcmp(fields[1], "random") == 0;
    if (text || (!s.is_random && strcmp(fields[1], "sequential") != 0))
        usage();
    s.block_bytes = number(fields[2], UNIT_BYTES, BLOCK_MAX);
    s.seconds = number(fields[3], 0, SECONDS_MAX);
    if (s.block_bytes % UNIT_BYTES || BYTES_PER_MIB % s.block_bytes)
        usage();
    return s;
}

/* --- memory and devices --------------------------------------------------- */

static uint64_t
pattern(uint64_t unit)
{
    return (unit + 1) * PATTERN_STEP;
}

static void
fill(struct source *src, uint64_t size_bytes)
{
    for (; src->filled_bytes < size_bytes; src->filled_bytes += UNIT_BYTES) {
        uint64_t word = pattern(src->filled_bytes / UNIT_BYTES);
        uint8_t *to = src->memory + src->filled_bytes;
        uint64_t i;

        for (i = 0; i < UNIT_BYTES; i += sizeof(word))
            memcpy(to + i, &word, sizeof(word));
    }
}

static void
read_block(struct source *src, uint64_t offset, uint64_t length,
           struct count *count)
{
    uint64_t i, word;

    count->bytes += length;
    if (!src->memory) {
        if (pread(src->fd, src->block, length, (off_t)offset) !=
            (ssize_t)length)
            die(src->name);
        return;
    }
    memcpy(src->block, src->memory + offset, length);
    for (i = 0; i < length; i += UNIT_BYTES) {
        memcpy(&word, src->block + i, sizeof(word));
        count->bad += word != pattern((offset + i) / UNIT_BYTES);
    }
}

static uint64_t
next_block(struct source *src, const struct step *s, uint64_t n)
{
    uint64_t n_blocks = s->size_mib * BYTES_PER_MIB / s->block_bytes;

    if (!s->is_random)
        return n % n_blocks;
    src->seed ^= src->seed << 13; /* xorshift64 */
    src->seed ^= src->seed >> 7;
    src->seed ^= src->seed << 17;
    return src->seed % n_blocks;
}

/* --- a step --------------------------------------------------------------- */

static uint64_t
vmstat(const char *text, const char *name)
{
    const char *at = strstr(text, name);

    return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

static struct count
look(void)
{
    static char text[16384];
    struct rusage usage_of_us;
    struct count c = { .us = now_us() };
    int fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

    if (n < 0)
        die("/proc/vmstat");
    close(fd);
    text[n] = '\0';
    getrusage(RUSAGE_SELF, &usage_of_us);
    c.faults = (uint64_t)usage_of_us.ru_majflt;
    c.in = vmstat(text, "\npswpin ");
    c.out = vmstat(text, "\npswpout ");
    return c;
}

static bool
goes_on(const struct step *s, uint64_t n, uint64_t start_us)
{
    if (s->seconds)
        return now_us() - start_us < s->seconds * US_PER_S;
    return n < s->size_mib * BYTES_PER_MIB / s->block_bytes;
}

static void
play(struct source *src, const struct step *s)
{
    struct count before, after, c = { 0 };
    uint64_t n;

    if (src->memory)
        fill(src, s->size_mib * BYTES_PER_MIB);
    before = look();
    for (n = 0; goes_on(s, n, before.us); n++)
        read_block(src, next_block(src, s, n) * s->block_bytes, s->block_bytes,
                   &c);
    after = look();
    printf("%s size_mib=%" PRIu64 " pattern=%s block=%" PRIu64
           " seconds=%" PRIu64 " bytes=%" PRIu64 " us=%" PRIu64
           " faults=%" PRIu64 " in=%" PRIu64 " out=%" PRIu64 " bad=%" PRIu64
           "\n",
           src->memory ? "memory" : "device", s->size_mib,
           s->is_random ? "random" : "sequential", s->block_bytes, s->seconds,
           c.bytes, after.us - before.us, after.faults - before.faults,
           after.in - before.in, after.out - before.out, c.bad);
    fflush(stdout);
}

static void
open_source(struct source *src, const struct step *steps, int n_steps)
{
    uint64_t size_mib = 0;
    int i;

    src->block = aligned_alloc(SECTOR_BYTES, BLOCK_MAX);
    if (!src->block)
        die("memory");
    if (src->name) {
        src->fd = open(src->name, O_RDONLY | O_DIRECT | O_CLOEXEC);
        if (src->fd < 0)
            die(src->name);
        return;
    }
    for (i = 0; i < n_steps; i++)
        if (steps[i].size_mib > size_mib)
            size_mib = steps[i].size_mib;
    src->memory = mmap(NULL, size_mib * BYTES_PER_MIB, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (src->memory == MAP_FAILED)
        die("memory");
}

int
main(int argc, char **argv)
{
    struct source src = { .fd = -1, .seed = (uint64_t)getpid() * PATTERN_STEP };
    struct step steps[STEPS_MAX];
    int n = 0, i = 2;

    if (argc < 3)
        usage();
    if (strcmp(argv[1], "device") == 0)
        src.name = argv[i++];
    else if (strcmp(argv[1], "memory") != 0)
        usage();
    for (; i < argc && n < STEPS_MAX; i++)
        steps[n++] = parse_step(argv[i]);
    if (n == 0 || i < argc)
        usage();
    open_source(&src, steps, n);
    for (i = 0; i < n; i++)
        play(&src, &steps[i]);
    return EXIT_SUCCESS;
}
