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
    uint64_t asked_ms;
    uint64_t decided_ms;
    uint32_t starts; /* that domain once it is granted; UINT32_MAX: none */
    char why[BOOK_ERROR_SIZE];
    size_t n_targets;
    struct target *targets; /* of all domains when it was asked for */
};

/* How to play a scenario. */
struct play_how {
    const struct conf_policy *policy; /* the engine */
    bool is_quiet;                    /* records failures only */
    bool ignores_expectations;
    const char *decisions;   /* a recording of them (record.h); NULL */
    uint64_t decisions_size; /* its limit in bytes */
    FILE *series;            /* what guests went through; NULL: nobody asks */
    void (*watch)(const struct sim_world *world); /* is told of it; NULL */
};

/* What came of it. */
struct play_result {
    bool has_begun; /* or host or engine could not be set up */
    unsigned failures;
    struct sim_bill bill;
    uint64_t waited_ms; /* for reservations, until the last word on each */
    uint64_t refused;   /* reservations */
    uint64_t ticks;
};

struct play {
    struct script *script;
    const struct play_how *how;
    struct host *host;
    struct sim_world *world;
    struct engines engines;
    struct balancer balancer;
    size_t next_request;
    size_t n_promises;
    struct promise promises[PLAY_PROMISES_MAX];
    char *last_row; /* of the table; only changes are recorded */
    bool has_series;
    uint64_t series_s;        /* of the last rows of the series */
    FILE *record;             /* the table of ticks and the log */
    struct record *decisions; /* NULL: they are not recorded */
    uint64_t grants;          /* at the last look */
    unsigned failures;
};

/* Plays it to the end.  Every failure is in the record, which the caller
 * closes. */
struct play_result
play_script(struct script *script, const struct play_how *how, FILE *record);

/* The simulated host lends and borrows. */
void play_lend(struct play *p);
/* What is decided from now on is recorded, if that is asked for. */
void play_record_decisions(struct play *p);

/* Something is not as it has to be: counted and recorded. */
void play_fail(struct play *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* NULL: the file calls none so. */
struct promise *play_promise(struct play *p, const char *name);

/* Does what clients ask for now. */
void play_requests(struct play *p);
/* Creates the domains whose memory was granted. */
void play_starts(struct play *p);
/* A row for each guest, once a second. */
void play_record_series(struct play *p);
/* After a tick: what has to hold always. */
void play_check_rules(struct play *p, bool is_end);
/* After a tick: what the file expects. */
void play_check_expectations(struct play *p, bool is_end);
/* One row of the table. */
void play_record_row(struct play *p);

#endif
