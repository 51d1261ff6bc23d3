/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The history as clients see it. */
#ifndef CTL_HISTORY_H
#define CTL_HISTORY_H

#include <stdint.h>

struct balancer;
struct json_object;

/* More amounts than this are not told at once: 4 MiB of JSON, a day of 170
 * domains by the minute. */
#define CTL_HISTORY_AMOUNTS 500000u

struct ctl_history {
    const struct balancer *b;
    uint64_t since_ms; /* monotonic */
    uint64_t interval_ms;
};

/* Rows of the host's account, with the length of their intervals. */
void
ctl_history_add_rows(const struct ctl_history *ask, struct json_object *result);
/* For each domain its targets and what it held, a value for each row. */
void ctl_history_add_domains(const struct ctl_history *ask,
                             struct json_object *result);
/* What happened since, but for changes of targets: the rows show these. */
void ctl_history_add_events(const struct ctl_history *ask,
                            struct json_object *result);

#endif
