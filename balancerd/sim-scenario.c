/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the file that describes a simulated host. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "sim-domain.h"
#include "sim-scenario.h"
#include "util/cleanup.h"
#include "util/parse.h"
#include "util/units.h"

#define FILE_MAX_BYTES (1024 * 1024) /* far more than any scenario needs */
#define GUESTS_MAX     20000         /* twice the largest bench */
/* Half the balancer's busy tick. */
#define SLICE_MS        10
#define XEN_DEFAULT_KIB (64 * KIB_PER_MIB)

struct reading {
    struct sim_scenario scenario;
    const struct sim_lines *lines;
    char *error; /* "" until the first */
};

/* Room for one more of size bytes; arrays here only grow. */
static int
grow(void **array, size_t n, size_t size)
{
    void *grown;

    if (n > 0 && (n & (n - 1)) != 0)
        return 0; /* between powers of two there is room */
    grown = realloc(*array, (n > 0 ? 2 * n : 1) * size);
    if (!grown)
        return -ENOMEM;
    *array = grown;
    return 0;
}

/* The domain of that number, made if it is new; NULL: no memory. */
static struct sim_guest *
guest_at(struct sim_scenario *s, uint32_t domid)
{
    size_t i = s->n_guests;
    void *array = s->guests;

    while (i > 0 && s->guests[i - 1].facts.domid > domid)
        i--;
    if (i > 0 && s->guests[i - 1].facts.domid == domid)
        return &s->guests[i - 1];
    if (grow(&array, s->n_guests, sizeof(s->guests[0])) < 0)
        return NULL;
    s->guests = array;
    memmove(&s->guests[i + 1], &s->guests[i],
            (s->n_guests - i) * sizeof(s->guests[0]));
    s->n_guests++;
    sim_guest_init(&s->guests[i], domid);
    return &s->guests[i];
}

/* "3" or "3-10". */
static int
parse_domids(const char *text, uint64_t *ret_first, uint64_t *ret_last)
{
    size_t length = strcspn(text, "-");
    int r = parse_u64_n(text, length, 0, UINT32_MAX, ret_first);

    if (r < 0)
        return r;
    *ret_last = *ret_first;
    if (text[length] == '-')
        r = parse_u64(text + length + 1, *ret_first, *ret_first + GUESTS_MAX,
                      ret_last);
    return r;
}

static int
take_domain(struct sim_scenario *s, const char *domids, const char *key,
            const char *value)
{
    uint64_t first, last;

    if (parse_domids(domids, &first, &last) < 0)
        return -EINVAL;
    for (uint64_t domid = first; domid <= last; domid++) {
        struct sim_guest *g = guest_at(s, (uint32_t)domid);

        if (!g)
            return -ENOMEM;
        if (sim_domain_set(g, key, value) < 0)
            return -EINVAL;
    }
    return 0;
}

static int
take_event(struct sim_scenario *s, const char *when, const char *text)
{
    void *array = s->events;
    size_t i = s->n_events;
    struct sim_event e;

    if (sim_event_parse(&e, when, text) < 0)
        return -EINVAL;
    if (grow(&array, s->n_events, sizeof(s->events[0])) < 0)
        return -ENOMEM;
    s->events = array;
    for (; i > 0 && s->events[i - 1].at_ms > e.at_ms; i--)
        s->events[i] = s->events[i - 1];
    s->events[i] = e;
    s->n_events++;
    return 0;
}

static int
parse_slice(const char *value, uint64_t *ret_ms)
{
    uint64_t ms;

    if (parse_duration_ms(value, &ms) < 0 || ms == 0)
        return -EINVAL;
    *ret_ms = ms;
    return 0;
}

static int
take_lender(struct sim_scenario *s, const char *name, const char *size)
{
    for (size_t i = 0; i < SIM_LENDERS; i++) {
        struct sim_lender *l = &s->lenders[i];

        if (l->name[0])
            continue;
        if (strlen(name) >= sizeof(l->name) ||
            parse_kib(size, &l->size_kib) < 0)
            return -EINVAL;
        snprintf(l->name, sizeof(l->name), "%s", name);
        return 0;
    }
    return -EINVAL;
}

static int
take_host(struct sim_scenario *s, const char *key, const char *value)
{
    if (strcmp(key, "total") == 0)
        return parse_kib(value, &s->total_kib);
    if (strcmp(key, "free") == 0)
        return parse_kib(value, &s->free_kib);
    if (strcmp(key, "xen") == 0)
        return parse_kib(value, &s->xen_kib);
    if (strcmp(key, "slice") == 0)
        return parse_slice(value, &s->slice_ms);
    if (strcmp(key, "swap-room") == 0)
        return parse_kib(value, &s->swap_room_kib);
    if (strcmp(key, "speed") == 0)
        return parse_u64(value, 1, 1000, &s->speed);
    if (strcmp(key, "seed") == 0)
        return parse_u64(value, 0, UINT64_MAX, &s->seed);
    if (strcmp(key, "spool") == 0 && strlen(value) < sizeof(s->spool)) {
        snprintf(s->spool, sizeof(s->spool), "%s", value);
        return 0;
    }
    return -EINVAL;
}

/* inih wants non-zero for success. */
static int
take_line(void *arg, const char *section, const char *key, const char *value)
{
    struct reading *reading = arg;
    char why[HOST_ERROR_SIZE] = "not known, or not of that form";
    int r = 0;

    if (strcmp(section, "host") == 0)
        r = take_host(&reading->scenario, key, value);
    else if (strncmp(section, "domain ", 7) == 0)
        r = take_domain(&reading->scenario, section + 7, key, value);
    else if (strcmp(section, "lenders") == 0)
        r = take_lender(&reading->scenario, key, value);
    else if (strcmp(section, "events") == 0)
        r = take_event(&reading->scenario, key, value);
    else if (reading->lines)
        r = reading->lines->take(reading->lines->arg, section, key, value, why);
    if (r < 0 && reading->error[0] == '\0')
        snprintf(reading->error, HOST_ERROR_SIZE, "[%s] %s = %s: %s", section,
                 key, value, why);
    return r >= 0;
}

/* What the domains that are there hold, and Xen for them. */
static uint64_t
held_kib(const struct sim_scenario *s)
{
    uint64_t sum_kib = 0;

    for (size_t i = 0; i < s->n_guests; i++)
        if (!s->guests[i].nature.is_absent)
            sum_kib = sat_add(sum_kib,
                              sat_add(s->guests[i].facts.actual_kib,
                                      sim_guest_overhead_kib(&s->guests[i])));
    return sum_kib;
}

static int
complete(struct sim_scenario *s, char error[HOST_ERROR_SIZE])
{
    uint64_t used_kib;

    for (size_t i = 0; i < s->n_guests; i++)
        sim_guest_complete(&s->guests[i], s->seed);
    used_kib = sat_add(s->xen_kib, held_kib(s));
    if (s->total_kib == HOST_UNSET && s->free_kib != HOST_UNSET)
        s->total_kib = sat_add(used_kib, s->free_kib);
    if (s->total_kib == HOST_UNSET || used_kib > s->total_kib) {
        snprintf(error, HOST_ERROR_SIZE,
                 "[host] needs free, or a total of at least %" PRIu64 " KiB",
                 used_kib);
        return -EINVAL;
    }
    s->free_kib = s->total_kib - used_kib;
    return 0;
}

int
sim_scenario_parse(struct sim_scenario *ret, const char *text,
                   const struct sim_lines *lines, char error[HOST_ERROR_SIZE])
{
    char why[HOST_ERROR_SIZE] = "";
    struct reading reading = {
        .scenario =
            {
                .total_kib = HOST_UNSET,
                .free_kib = HOST_UNSET,
                .xen_kib = XEN_DEFAULT_KIB,
                .slice_ms = SLICE_MS,
                .swap_room_kib = HOST_UNSET,
                .speed = 1,
            },
        .lines = lines,
        .error = why,
    };
    int line = ini_parse_string(text, take_line, &reading);
    int r = line == 0 ? complete(&reading.scenario, why) : -EINVAL;

    if (r == 0) {
        *ret = reading.scenario;
        return 0;
    }
    sim_scenario_done(&reading.scenario);
    if (line > 0)
        snprintf(error, HOST_ERROR_SIZE, "line %d: %.200s", line,
                 why[0] ? why : "neither [section] nor key = value");
    else
        snprintf(error, HOST_ERROR_SIZE, "%s", why[0] ? why : "no memory");
    return r;
}

/* The whole file as text; the caller frees it. */
static int
read_all(const char *path, char **ret_text)
{
    cleanup_fclose FILE *file = fopen(path, "re");
    char *text;
    size_t n;

    if (!file)
        return -errno;
    text = malloc(FILE_MAX_BYTES + 1);
    if (!text)
        return -ENOMEM;
    n = fread(text, 1, FILE_MAX_BYTES + 1, file);
    if (ferror(file) || n > FILE_MAX_BYTES) {
        free(text);
        return n > FILE_MAX_BYTES ? -EFBIG : -EIO;
    }
    text[n] = '\0';
    *ret_text = text;
    return 0;
}

int
sim_scenario_read(struct sim_scenario *ret, const char *path,
                  const struct sim_lines *lines, char error[HOST_ERROR_SIZE])
{
    cleanup_free char *text = NULL;
    char why[HOST_ERROR_SIZE];
    int r = read_all(path, &text);

    if (r < 0) {
        snprintf(error, HOST_ERROR_SIZE, "%.180s: %s", path, strerror(-r));
        return r;
    }
    r = sim_scenario_parse(ret, text, lines, why);
    if (r < 0)
        snprintf(error, HOST_ERROR_SIZE, "%.100s: %.150s", path, why);
    return r;
}

void
sim_scenario_done(struct sim_scenario *s)
{
    free(s->guests);
    free(s->events);
    *s = (struct sim_scenario){ 0 };
}
