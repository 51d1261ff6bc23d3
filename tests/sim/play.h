/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One scenario being played: the real balancer on a simulated host, in the
 * simulation's own time. */
#ifndef PLAY_H
#define PLAY_H

#include <stdarg.h>
#include <stdio.h>

#include "book.h"
#include "engines.h"
#include "script.h"
#include "sim-world.h"
#include "tick.h"

#define PLAY_PROMISES_MAX 128

enum promise_state {
    PROMISE_REFUSED_AT_ONCE,
    PROMISE_PENDING,
    PROMISE_GRANTED,
    PROMISE_REFUSED_LATER,
};

struct target {
    uint32_t domid;
    uint64_t kib;
};

/* What became of a reservation, as its client heard of it. */
struct promise {
    char name[SCRIPT_NAME_SIZE];
    char id[RESERVE_ID_SIZE];
    enum promise_state state;
    uint64_t kib; /* granted */
    char why[BOOK_ERROR_SIZE];
    size_t n_targets;
    struct target *targets; /* of all domains when it was asked for */
};

struct play {
    struct script *script;
    struct host *host;
    struct sim_world *world;
    struct engines engines;
    struct balancer balancer;
    size_t next_request;
    size_t n_promises;
    struct promise promises[PLAY_PROMISES_MAX];
    char *last_row;  /* of the table; only changes are recorded */
    FILE *record;    /* the table of ticks and the log */
    uint64_t grants; /* at the last look */
    unsigned failures;
};

/* Plays it to the end.  The number of failures; every one is in the record,
 * which the caller closes. */
unsigned play_script(struct script *script, FILE *record);

/* Something is not as it has to be: counted and recorded. */
void play_fail(struct play *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* NULL: the file calls none so. */
struct promise *play_promise(struct play *p, const char *name);

/* Does what clients ask for now. */
void play_requests(struct play *p);
/* After a tick: what has to hold always. */
void play_check_rules(struct play *p, bool is_end);
/* After a tick: what the file expects. */
void play_check_expectations(struct play *p, bool is_end);
/* One row of the table. */
void play_record_row(struct play *p);

#endif
