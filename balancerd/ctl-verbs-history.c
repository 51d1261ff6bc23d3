/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* host-memory-history: the host's account over time, and its domains'. */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-history.h"
#include "ctl-verb-list.h"
#include "history.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "tick.h"
#include "util/units.h"

/* An hour in minutes fits a screen; so many rows a picture. */
#define DEFAULT_SINCE_MS    (3600 * MS_PER_S)
#define DEFAULT_INTERVAL_MS (60 * MS_PER_S)
#define INTERVAL_MAX_MS     (24 * 3600 * MS_PER_S)
#define PICTURE_ROWS        480

static const char *const formats[] = { "svg", "csv", "json" };

/* "" for the table, which has no domains. */
static int
read_format(struct verb_call *call, const char **ret)
{
    const char *text = verb_param(call, PARAM_FORMAT);

    *ret = "";
    if (!text)
        return 0;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(text, formats[i]) == 0) {
            *ret = formats[i];
            return 0;
        }
    }
    return verb_fail(call, REQUEST_INVALID_PARAMS,
                     "The " PARAM_FORMAT " is svg, csv or json");
}

/* What is neither too much for the answer nor finer than a picture shows. */
static uint64_t
picture_interval_ms(const struct balancer *b, uint64_t since_ms)
{
    uint64_t n_domains = max_u64(history_n_domains(b->history), 1);
    uint64_t rows = min_u64(PICTURE_ROWS, CTL_HISTORY_AMOUNTS / 2 / n_domains);
    uint64_t interval_ms = since_ms / max_u64(rows, 1);

    interval_ms += MS_PER_S - 1;
    return clamp_u64(interval_ms - interval_ms % MS_PER_S, HISTORY_STEP_MS,
                     INTERVAL_MAX_MS);
}

static int
check_interval(struct verb_call *call, uint64_t interval_ms)
{
    if (interval_ms >= HISTORY_STEP_MS && interval_ms <= INTERVAL_MAX_MS)
        return 0;
    return verb_fail(call, REQUEST_INVALID_PARAMS,
                     "The " PARAM_INTERVAL " is 1 s to 24 h, not %s",
                     verb_param(call, PARAM_INTERVAL));
}

static int
check_amounts(struct verb_call *call)
{
    const size_t n_domains = history_n_domains(call->b->history);
    struct json_object *rows = json_get_array(call->result, FIELD_HISTORY);
    const size_t n = json_object_array_length(rows) * n_domains * 2;

    if (n <= CTL_HISTORY_AMOUNTS)
        return 0;
    return verb_fail(call, REQUEST_INVALID_PARAMS,
                     "That would be %zu amounts, more than %u: a longer "
                     "" PARAM_INTERVAL " or a shorter " PARAM_SINCE " has less",
                     n, CTL_HISTORY_AMOUNTS);
}

static int
answer(struct verb_call *call, const struct ctl_history *ask,
       const char *format)
{
    int r;

    call->result = json_object_new_object();
    ctl_history_add_rows(ask, call->result);
    if (!format[0])
        return 0;
    r = check_amounts(call);
    if (r < 0)
        return r;
    json_set_text(call->result, FIELD_FORMAT, format);
    ctl_history_add_domains(ask, call->result);
    ctl_history_add_events(ask, call->result);
    return 0;
}

int
verb_host_memory_history(struct verb_call *call)
{
    const struct balancer *b = call->b;
    uint64_t since_ms = DEFAULT_SINCE_MS;
    struct ctl_history ask = { .b = b, .interval_ms = DEFAULT_INTERVAL_MS };
    const char *format = "";
    int r = verb_time(call, PARAM_SINCE, &since_ms);

    if (r == 0)
        r = read_format(call, &format);
    if (r == 0 && strcmp(format, "svg") == 0)
        ask.interval_ms = picture_interval_ms(b, since_ms);
    if (r == 0)
        r = verb_time(call, PARAM_INTERVAL, &ask.interval_ms);
    if (r == 0)
        r = check_interval(call, ask.interval_ms);
    if (r < 0)
        return r;
    ask.since_ms = sat_sub(b->host->ops->now_ms(b->host), since_ms);
    return answer(call, &ask, format);
}
