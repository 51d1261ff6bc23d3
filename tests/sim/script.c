/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads scenario files. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script-request.h"
#include "script.h"
#include "sim-domain.h"
#include "util/cleanup.h"
#include "util/parse.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define LINES_MAX     256 /* requests, expectations: nobody reads more */
#define END_MS        60000

enum tuning_kind {
    TUNING_KIB,
    TUNING_MS,
    TUNING_FLAG,
};

#define TUNING(member) offsetof(struct tuning, member)

static const struct {
    const char *key;
    enum tuning_kind kind;
    size_t offset;
} tuning_keys[] = {
    { "host-reserve", TUNING_KIB, TUNING(host_reserve_kib) },
    { "balance-interval", TUNING_MS, TUNING(idle_tick_ms) },
    { "busy-tick", TUNING_MS, TUNING(busy_tick_ms) },
    { "slow-after", TUNING_MS, TUNING(slow_after_ms) },
    { "stuck-after", TUNING_MS, TUNING(stuck_after_ms) },
    { "stuck-retry", TUNING_MS, TUNING(stuck_retry_ms) },
    { "boot-grace", TUNING_MS, TUNING(boot_grace_ms) },
    { "settle", TUNING_MS, TUNING(settle_ms) },
    { "rest", TUNING_MS, TUNING(rest_ms) },
    { "dead-band", TUNING_KIB, TUNING(dead_band_kib) },
    { "regret", TUNING_MS, TUNING(regret_ms) },
    { "regret-hold", TUNING_MS, TUNING(regret_hold_ms) },
    { "regret-again", TUNING_MS, TUNING(regret_again_ms) },
    { "learned", TUNING_MS, TUNING(learned_ms) },
    { "oom-floor", TUNING_FLAG, TUNING(has_oom_floor) },
    { "manage-domain-zero", TUNING_FLAG, TUNING(manages_dom0) },
    { "domain-zero-dynamic-min", TUNING_KIB, TUNING(dom0_floor_kib) },
};

static int
take_tuning(struct tuning *tuning, const char *key, const char *value)
{
    for (size_t i = 0; i < LENGTH(tuning_keys); i++) {
        void *field = (char *)tuning + tuning_keys[i].offset;

        if (strcmp(key, tuning_keys[i].key) != 0)
            continue;
        switch (tuning_keys[i].kind) {
        case TUNING_KIB:
            return parse_kib(value, field);
        case TUNING_MS:
            return parse_duration_ms(value, field);
        case TUNING_FLAG:
            return parse_bool(value, field);
        }
    }
    return -EINVAL;
}

static int
take_request(struct script *s, const char *when, const char *text)
{
    size_t i = s->n_requests;
    struct request request;

    if (i == LINES_MAX || request_parse(&request, when, text) < 0)
        return -EINVAL;
    for (; i > 0 && s->requests[i - 1].at_ms > request.at_ms; i--)
        s->requests[i] = s->requests[i - 1];
    s->requests[i] = request;
    s->n_requests++;
    return 0;
}

/* "end", "always", "5s", "by 5s", "from 5s". */
static int
parse_when(struct expectation *e, const char *when)
{
    e->ms = HOST_UNSET; /* the end, whenever that is */
    if (strcmp(when, "end") == 0) {
        e->when = EXPECT_AT;
        return 0;
    }
    if (strcmp(when, "always") == 0) {
        e->when = EXPECT_ALWAYS;
        e->ms = 0;
        return 0;
    }
    if (strncmp(when, "by ", 3) == 0) {
        e->when = EXPECT_BY;
        return parse_duration_ms(when + 3, &e->ms);
    }
    if (strncmp(when, "from ", 5) == 0) {
        e->when = EXPECT_ALWAYS;
        return parse_duration_ms(when + 5, &e->ms);
    }
    e->when = EXPECT_AT;
    return parse_duration_ms(when, &e->ms);
}

static int
take_expectation(struct script *s, const char *when, const char *text)
{
    struct expectation e = { 0 };

    if (s->n_expectations == LINES_MAX || parse_when(&e, when) < 0)
        return -EINVAL;
    snprintf(e.text, sizeof(e.text), "%s", text);
    snprintf(e.line, sizeof(e.line), "%s = %s", when, text);
    s->expectations[s->n_expectations++] = e;
    return 0;
}

static int
take_line(void *arg, const char *section, const char *key, const char *value,
          char error[HOST_ERROR_SIZE])
{
    struct script *s = arg;

    (void)error; /* the caller's sentence will do */
    if (strcmp(section, "tuning") == 0)
        return take_tuning(&s->tuning, key, value);
    if (strcmp(section, "requests") == 0)
        return take_request(s, key, value);
    if (strcmp(section, "expect") == 0)
        return take_expectation(s, key, value);
    if (strcmp(section, "scenario") == 0 && strcmp(key, "end") == 0)
        return parse_duration_ms(value, &s->end_ms);
    return -EINVAL;
}

/* Nobody keeps a scenario that does not say what it is for. */
static int
check_why(const char *path, char error[HOST_ERROR_SIZE])
{
    cleanup_fclose FILE *file = fopen(path, "re");
    char line[128] = "";

    if (file && fgets(line, sizeof(line), file) &&
        strncmp(line, "# why: ", 7) == 0)
        return 0;
    snprintf(error, HOST_ERROR_SIZE,
             "%.180s: cannot be read, or does not begin with \"# why: \"",
             path);
    return -EINVAL;
}

int
script_read(struct script *ret, const char *path, char error[HOST_ERROR_SIZE])
{
    struct script s = {
        .tuning = tuning_default,
        .end_ms = END_MS,
        .requests = calloc(LINES_MAX, sizeof(struct request)),
        .expectations = calloc(LINES_MAX, sizeof(struct expectation)),
    };
    const struct sim_lines lines = { take_line, &s };
    int r = check_why(path, error);

    if (r == 0 && (!s.requests || !s.expectations)) {
        snprintf(error, HOST_ERROR_SIZE, "no memory");
        r = -ENOMEM;
    }
    if (r == 0)
        r = sim_scenario_read(&s.scenario, path, &lines, error);
    if (r == 0 && s.n_expectations == 0) {
        snprintf(error, HOST_ERROR_SIZE, "%.200s: expects nothing", path);
        r = -EINVAL;
    }
    if (r < 0) {
        script_done(&s);
        return r;
    }
    for (size_t i = 0; i < s.n_expectations; i++)
        if (s.expectations[i].ms == HOST_UNSET)
            s.expectations[i].ms = s.end_ms;
    *ret = s;
    return 0;
}

void
script_done(struct script *s)
{
    sim_scenario_done(&s->scenario);
    free(s->requests);
    free(s->expectations);
    *s = (struct script){ 0 };
}
