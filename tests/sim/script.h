/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a scenario file says beyond the host: the balancer's tuning, what
 * clients ask for, and what has to come of it.  README.md lists every line.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>

#include "sim-scenario.h"
#include "tuning.h"

#define SCRIPT_NAME_SIZE 32
#define SCRIPT_TEXT_SIZE 256

enum request_kind {
    REQUEST_RESERVE,
    REQUEST_RELEASE,
    REQUEST_EXTEND,
    REQUEST_TRANSFER,
    REQUEST_RANGE,
    REQUEST_WEIGHT,
    REQUEST_PIN,
    REQUEST_UNPIN,
    REQUEST_SWAP_POLICY,
    REQUEST_FORGET, /* its settings */
    REQUEST_BALANCE,
    REQUEST_RESTART, /* the daemon is killed and started again */
};

struct request {
    uint64_t at_ms;
    enum request_kind kind;
    char name[SCRIPT_NAME_SIZE]; /* what the file calls the reservation;
                                  * a policy */
    uint32_t domid;              /* UINT32_MAX: none */
    uint32_t starts;  /* that domain once it is granted; UINT32_MAX: none */
    bool is_for_next; /* for the next domain to come */
    uint64_t min_kib;
    uint64_t max_kib;
    uint64_t overhead_kib;
    uint64_t ttl_ms;
    uint64_t wait_ms;
    uint32_t weight;
    char key[SCRIPT_NAME_SIZE]; /* "" for none */
    int result;                 /* -errno that has to come back; 0 */
    char text[SCRIPT_TEXT_SIZE];
};

enum expect_when {
    EXPECT_AT,     /* then; the end has the scenario's end as its time */
    EXPECT_BY,     /* once, no later than then */
    EXPECT_ALWAYS, /* from then on, at every look */
};

struct expectation {
    enum expect_when when;
    uint64_t ms;
    char text[SCRIPT_TEXT_SIZE];
    char line[SCRIPT_TEXT_SIZE]; /* as it is in the file */
    bool is_met;                 /* EXPECT_AT, EXPECT_BY: was true */
    bool is_broken;
};

struct script {
    struct sim_scenario scenario;
    struct tuning tuning;
    uint64_t end_ms;
    size_t n_requests;
    struct request *requests; /* by rising time */
    size_t n_expectations;
    struct expectation *expectations;
};

/* 0, or -errno and a sentence. */
int
script_read(struct script *ret, const char *path, char error[HOST_ERROR_SIZE]);
void script_done(struct script *s);

#endif
