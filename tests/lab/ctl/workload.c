/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uses memory in a guest the way a test asks for, and tells how it fares:
 * allocates, fills every page with what only that page may hold, re-reads
 * the pages at a given rate and verifies them, releases at the end.
 *
 *   workload SIZE_MIB RATE_MIB_S STATUS_FILE [random|sequential|runs]
 *
 * Runs are as many pages in sequence as programs find near each other, from
 * places at random; with them a page that is there costs little, because the
 * clock, which is slow under emulation, is read once for all, and of a page
 * only a part is verified, but for the last pass.
 *
 * Rate 0 means: fill once, verify only at the end.  SIGTERM ends it: a last
 * pass over all pages, then the memory is given back.  SIGHUP: STATUS_FILE.want
 * holds another size in MiB, up to SIZE_MIB: grow or shrink to it.  SIGUSR1:
 * longest_ms begins again.
 *
 * The status file is replaced as a whole, ten times a second:
 *   state=filling|running|verifying|done|corrupt size_kib= used_kib=
 *   filled_kib= reads= passes= bad= elapsed_ms= worst_ms= longest_ms=
 * worst_ms is the longest time that one page, or run, took since the last
 * status, longest_ms that since all were filled, or since SIGUSR1.
 */

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE_BYTES      4096u
#define PAGE_KIB        4u
#define WORDS_PER_PAGE  (PAGE_BYTES / sizeof(uint64_t))
#define STATUS_EVERY_MS 100u
#define PATH_BYTES      4096u
#define NUMBER_BYTES    32u
#define US_PER_S        UINT64_C(1000000)
/* Shorter naps cost more than the read: they are saved up. */
#define NAP_US         2000u
#define RUN_PAGES      16u
#define MAX_SIZE_MIB   65536u
#define MAX_RATE_MIB_S 65536u
/* Odd, so that every page and word gets another value (golden ratio). */
#define PATTERN_STEP UINT64_C(0x9e3779b97f4a7c15)

struct workload {
    uint64_t *memory;
    uint64_t pages;      /* allocated */
    uint64_t used_pages; /* re-read; the others are given back */
    uint64_t filled_pages;
    uint64_t reads, passes, bad;
    uint64_t rate_pages_s;
    uint64_t cursor, seed;
    uint64_t run_pages; /* read one after the other */
    uint64_t stride;    /* of the words of a page that are verified */
    uint64_t start_us, status_us, worst_us, longest_us;
    bool is_random;
    const char *status_path;
};

static volatile sig_atomic_t stop_asked, resize_asked, watch_asked;

static void
on_signal(int number)
{
    if (number == SIGHUP)
        resize_asked = 1;
    else if (number == SIGUSR1)
        watch_asked = 1;
    else
        stop_asked = 1;
}

static uint64_t
now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * US_PER_S + (uint64_t)t.tv_nsec / 1000u;
}

static void
sleep_us(uint64_t us)
{
    struct timespec t = { .tv_sec = (time_t)(us / US_PER_S),
                          .tv_nsec = (long)(us % US_PER_S) * 1000 };

    nanosleep(&t, NULL); /* a signal may end it early: the caller loops */
}

/* A reader sees the old status or the new one, never half of it. */
static void
status_write(struct workload *w, const char *state)
{
    char part[PATH_BYTES];
    FILE *file;

    snprintf(part, sizeof(part), "%s.part", w->status_path);
    file = fopen(part, "w");
    if (!file)
        return;
    fprintf(file,
            "state=%s size_kib=%" PRIu64 " used_kib=%" PRIu64
            " filled_kib=%" PRIu64 " reads=%" PRIu64 " passes=%" PRIu64
            " bad=%" PRIu64 " elapsed_ms=%" PRIu64 " worst_ms=%" PRIu64
            " longest_ms=%" PRIu64 "\n",
            state, w->pages * PAGE_KIB, w->used_pages * PAGE_KIB,
            w->filled_pages * PAGE_KIB, w->reads, w->passes, w->bad,
            (now_us() - w->start_us) / 1000u, w->worst_us / 1000u,
            w->longest_us / 1000u);
    fclose(file);
    rename(part, w->status_path);
    w->worst_us = 0;
    w->status_us = now_us();
}

static void
status_if_due(struct workload *w, const char *state)
{
    if (now_us() - w->status_us >= STATUS_EVERY_MS * 1000u)
        status_write(w, state);
}

static uint64_t
pattern(uint64_t page, uint64_t word)
{
    return (page * WORDS_PER_PAGE + word + 1) * PATTERN_STEP;
}

static void
page_fill(struct workload *w, uint64_t page)
{
    uint64_t *words = w->memory + page * WORDS_PER_PAGE;
    uint64_t i;

    for (i = 0; i < WORDS_PER_PAGE; i++)
        words[i] = pattern(page, i);
}

static void
page_verify(struct workload *w, uint64_t page)
{
    const uint64_t *words = w->memory + page * WORDS_PER_PAGE;
    uint64_t i;

    for (i = 0; i < WORDS_PER_PAGE; i += w->stride) {
        if (words[i] != pattern(page, i)) {
            w->bad++;
            break;
        }
    }
    w->reads++;
}

static void
pages_verify(struct workload *w, uint64_t page, uint64_t n)
{
    uint64_t before_us = now_us(), took_us, end = page + n;

    while (page < end)
        page_verify(w, page++);
    if (watch_asked) {
        watch_asked = 0;
        w->longest_us = 0;
        return; /* it began before */
    }
    took_us = now_us() - before_us;
    if (took_us > w->worst_us)
        w->worst_us = took_us;
    if (took_us > w->longest_us)
        w->longest_us = took_us;
}

/* Fill from where it stopped up to the used pages. */
static void
fill(struct workload *w)
{
    while (w->filled_pages < w->used_pages && !stop_asked) {
        page_fill(w, w->filled_pages++);
        status_if_due(w, "filling");
    }
}

static bool
parse_number(const char *text, uint64_t max, uint64_t *ret_number)
{
    char *end = NULL;
    unsigned long long number;

    errno = 0;
    number = strtoull(text, &end, 10);
    if (errno || end == text || *end || number > max)
        return false;
    *ret_number = number;
    return true;
}

/* The size asked for in STATUS_FILE.want; what it is now if that is no good. */
static uint64_t
wanted_pages(const struct workload *w)
{
    char path[PATH_BYTES], text[NUMBER_BYTES] = "";
    uint64_t mib;
    FILE *file;

    snprintf(path, sizeof(path), "%s.want", w->status_path);
    file = fopen(path, "r");
    if (!file)
        return w->used_pages;
    if (!fgets(text, sizeof(text), file))
        text[0] = '\0';
    fclose(file);
    text[strcspn(text, "\n")] = '\0';
    if (!parse_number(text, w->pages * PAGE_KIB / 1024u, &mib) || !mib)
        return w->used_pages;
    return mib * 1024u / PAGE_KIB;
}

static void
resize(struct workload *w)
{
    uint64_t pages = wanted_pages(w);

    resize_asked = 0;
    if (pages < w->filled_pages) {
        madvise(w->memory + pages * WORDS_PER_PAGE,
                (w->filled_pages - pages) * PAGE_BYTES, MADV_DONTNEED);
        w->filled_pages = pages;
    }
    w->used_pages = pages;
    w->cursor = 0;
    fill(w);
}

static uint64_t
next_page(struct workload *w)
{
    uint64_t page = w->cursor;

    if (++w->cursor >= w->used_pages) {
        w->cursor = 0;
        w->passes++;
    }
    if (!w->is_random)
        return page;
    w->seed ^= w->seed << 13; /* xorshift64 */
    w->seed ^= w->seed >> 7;
    w->seed ^= w->seed << 17;
    return w->seed % (w->used_pages / w->run_pages) * w->run_pages;
}

/* Re-read at the rate; what could not be read in time is not made up for. */
static void
run(struct workload *w)
{
    uint64_t gap_us, due_us = now_us(), now;

    while (!stop_asked) {
        if (resize_asked)
            resize(w);
        status_if_due(w, "running");
        if (w->rate_pages_s == 0) {
            sleep_us(STATUS_EVERY_MS * 1000u);
            continue;
        }
        pages_verify(w, next_page(w), w->run_pages);
        gap_us = w->run_pages * US_PER_S / w->rate_pages_s;
        due_us += gap_us;
        now = now_us();
        if (due_us > now + NAP_US)
            sleep_us(due_us - now);
        else if (due_us + US_PER_S < now)
            due_us = now;
    }
}

static void
verify_all(struct workload *w)
{
    uint64_t page;

    w->stride = 1;
    for (page = 0; page < w->filled_pages; page++) {
        pages_verify(w, page, 1);
        status_if_due(w, "verifying");
    }
}

static int
usage(void)
{
    fputs("usage: workload SIZE_MIB RATE_MIB_S STATUS_FILE "
          "[random|sequential|runs]\n",
          stderr);
    return 2;
}

int
main(int argc, char **argv)
{
    struct sigaction action = { .sa_handler = on_signal };
    struct workload w = { .seed = PATTERN_STEP };
    uint64_t size_mib, rate_mib_s;
    void *memory;

    if (argc < 4 || argc > 5 ||
        !parse_number(argv[1], MAX_SIZE_MIB, &size_mib) ||
        !parse_number(argv[2], MAX_RATE_MIB_S, &rate_mib_s) || !size_mib)
        return usage();
    w.is_random = argc < 5 || strcmp(argv[4], "sequential") != 0;
    w.run_pages = argc == 5 && strcmp(argv[4], "runs") == 0 ? RUN_PAGES : 1;
    w.stride = w.run_pages;
    w.status_path = argv[3];
    w.pages = size_mib * 1024u / PAGE_KIB;
    w.rate_pages_s = rate_mib_s * 1024u / PAGE_KIB;
    w.used_pages = w.pages;
    w.start_us = now_us();
    memory = mmap(NULL, w.pages * PAGE_BYTES, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        perror("workload: mmap");
        return 1;
    }
    w.memory = memory;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    status_write(&w, "filling");
    fill(&w);
    run(&w);
    verify_all(&w);
    munmap(memory, w.pages * PAGE_BYTES);
    status_write(&w, w.bad ? "corrupt" : "done");
    return w.bad ? 1 : 0;
}
