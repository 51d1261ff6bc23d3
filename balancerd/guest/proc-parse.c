/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of a name and a number, and the two files that have others. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "proc-parse.h"
#include "util/parse.h"
#include "util/units.h"

#define DIGITS "0123456789"
#define BLANKS " \t"

/* A number that is part of a field: several are added up. */
struct term {
    const char *name;
    size_t offset;
};

static const struct term meminfo_terms[] = {
    { "MemTotal", offsetof(struct sample, total_kib) },
    { "MemAvailable", offsetof(struct sample, available_kib) },
    { "Active(file)", offsetof(struct sample, cache_kib) },
    { "Inactive(file)", offsetof(struct sample, cache_kib) },
    { "AnonPages", offsetof(struct sample, anon_kib) },
    { "SwapTotal", offsetof(struct sample, swap_total_kib) },
    { "SwapFree", offsetof(struct sample, swap_free_kib) },
    /* Copies of pages that are in memory: they lack none. */
    { "SwapCached", offsetof(struct sample, swap_free_kib) },
    { NULL, 0 },
};

static const struct term vmstat_terms[] = {
    { "pswpin", offsetof(struct sample, swap_in_pages) },
    { "pswpout", offsetof(struct sample, swap_out_pages) },
    { "workingset_refault_anon", offsetof(struct sample, refault_anon_pages) },
    { "workingset_refault_file", offsetof(struct sample, refault_file_pages) },
    /* Before Linux 5.9 there was one, of file pages only. */
    { "workingset_refault", offsetof(struct sample, refault_file_pages) },
    { "pgmajfault", offsetof(struct sample, major_faults) },
    { "pgscan_kswapd", offsetof(struct sample, scanned_pages) },
    { "pgscan_direct", offsetof(struct sample, scanned_pages) },
    { NULL, 0 },
};

static void
add_term(struct sample *s, const struct term *term, uint64_t value)
{
    uint64_t *field = (uint64_t *)(void *)((char *)s + term->offset);

    *field = *field == SAMPLE_UNKNOWN ? value : sat_add(*field, value);
}

/* The decimal number that text begins with. */
static int
leading_number(const char *text, uint64_t *ret)
{
    return parse_u64_n(text, strspn(text, DIGITS), 0, UINT64_MAX - 1, ret);
}

/* "MemTotal:   98304 kB", "pswpin 0" */
static void
take_line(const char *line, const struct term *terms, struct sample *s)
{
    size_t length = strcspn(line, ": \n");
    const char *value = line + length + (line[length] == ':');
    uint64_t number;

    while (terms->name && (strlen(terms->name) != length ||
                           memcmp(terms->name, line, length) != 0))
        terms++;
    value += strspn(value, BLANKS);
    if (terms->name && leading_number(value, &number) == 0)
        add_term(s, terms, number);
}

/* The line after this one; NULL if this is the last. */
static const char *
next_line(const char *line)
{
    const char *end = strchr(line, '\n');

    return end && end[1] ? end + 1 : NULL;
}

static void
take_lines(const char *text, const struct term *terms, struct sample *s)
{
    for (const char *line = text; line; line = next_line(line))
        take_line(line, terms, s);
}

void
proc_parse_meminfo(const char *text, struct sample *s)
{
    take_lines(text, meminfo_terms, s);
}

void
proc_parse_vmstat(const char *text, struct sample *s)
{
    take_lines(text, vmstat_terms, s);
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=1234" */
static void
take_pressure(const char *line, const char *kind, uint64_t *ret_us)
{
    static const char key[] = " total=";
    const char *total = strstr(line, key);
    const char *end = strchr(line, '\n');

    if (strncmp(line, kind, strlen(kind)) != 0 || !total ||
        (end && end < total))
        return;
    leading_number(total + strlen(key), ret_us);
}

void
proc_parse_pressure(const char *text, struct sample *s)
{
    for (const char *line = text; line; line = next_line(line)) {
        take_pressure(line, "some ", &s->stall_some_us);
        take_pressure(line, "full ", &s->stall_full_us);
    }
}

/* The last part of a path, in letters that a sample may have. */
static void
take_name(const char *path, size_t length, struct sample_swap *swap)
{
    size_t begin = length;

    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    length = min_u64(length - begin, SAMPLE_SWAP_NAME_SIZE - 1);
    memcpy(swap->name, path + begin, length);
    for (size_t i = 0; i < length; i++)
        if (!sample_name_is_good(&swap->name[i], 1))
            swap->name[i] = '_';
}

/* "/dev/xvdb    partition    131068    0    -2" */
static int
parse_swap(const char *line, struct sample_swap *ret)
{
    size_t length = strcspn(line, BLANKS "\n");
    const char *at = line + length;
    int r;

    take_name(line, length, ret);
    at += strspn(at, BLANKS);
    at += strcspn(at, BLANKS "\n"); /* partition or file */
    at += strspn(at, BLANKS);
    r = leading_number(at, &ret->size_kib);
    if (r < 0)
        return r;
    at += strspn(at, DIGITS);
    at += strspn(at, BLANKS);
    return ret->name[0] ? leading_number(at, &ret->used_kib) : -EINVAL;
}

/* The first line is a heading, and no swap area by its form. */
void
proc_parse_swaps(const char *text, struct sample *s)
{
    size_t n = 0;

    for (const char *line = text; line && n < SAMPLE_SWAPS;
         line = next_line(line)) {
        struct sample_swap swap = { "", 0, 0 };

        if (parse_swap(line, &swap) == 0)
            s->swaps[n++] = swap;
    }
}
