/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What clients of the control socket may call: a table of verbs, each a
 * function from params (texts) to a result or an error.
 */
#ifndef CTL_VERBS_H
#define CTL_VERBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/request.h"
#include "reserve.h"
#include "util/parse.h"

struct balancer;
struct synopsis;
struct verb_call;

/* 0, or -EINVAL with call->error. */
typedef int verb_fn(struct verb_call *call);

/* An answer that comes later.  Set by a verb that returns 0 without a result:
 * one of reservation and again. */
struct verb_wait {
    char reservation[RESERVE_ID_SIZE]; /* its fate is the answer; "" */
    /* Called with the same params and this struct after every tick and event,
     * outside of ticks, until it gives a result or fails; NULL. */
    verb_fn *again;
    uint64_t timeout_ms; /* then called with is_late, to fail; UINT64_MAX */
    uint64_t event_id;   /* again's: what it has looked at */
    char volume[PARSE_UUID_SIZE]; /* again's: whose fate it is about; "" */
    const struct synopsis
        *synopsis; /* the call's, for when it is asked again */
};

struct verb_call {
    struct balancer *b;
    const struct synopsis *synopsis; /* the verb's; set by verb_run */
    struct json_object *params;      /* of texts; keys are the verb's */
    uint32_t pid;                    /* of the client */
    uint64_t started_ms;             /* when the daemon began to listen */
    size_t n_clients;
    size_t n_waiting; /* of them those whose answer comes later */
    /* the answer; verb_call_done frees it */
    struct json_object *result; /* NULL: an empty object */
    struct request_error error;
    bool has_changed; /* something for the loop to do */
    struct verb_wait wait;
    bool is_late; /* this is the last time that it is asked */
};

struct verb {
    const char *name;
    verb_fn *run;
    bool only_reads;
};

/* NULL if there is no such verb. */
const struct verb *verb_find(const char *name);
/* Checks the params' keys, then calls; 0, or -EINVAL with call->error. */
int verb_run(const struct verb *verb, struct verb_call *call);
void verb_call_done(struct verb_call *call);

/* For the verbs: their params ... */
const char *verb_param(const struct verb_call *call, const char *key);
/* Absent: ret stays as it is.  0, or -EINVAL with call->error. */
int verb_size(struct verb_call *call, const char *key, uint64_t *ret_kib);
int verb_time(struct verb_call *call, const char *key, uint64_t *ret_ms);
int verb_domid(struct verb_call *call, const char *key, uint32_t *ret_domid);
int verb_bool(struct verb_call *call, const char *key, bool *ret);
/* ... and their refusals. Returns -EINVAL. */
int verb_fail(struct verb_call *call, enum request_code code,
              const char *format, ...) __attribute__((format(printf, 3, 4)));
/* One more number of the refusal. */
void verb_detail(struct verb_call *call, const char *name, uint64_t value);
void
verb_detail_text(struct verb_call *call, const char *name, const char *text);
/* Looks at the host; 0, or -EINVAL with call->error. */
int verb_observe(struct verb_call *call);

#endif
