/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Errands: requests for memory that scripts leave in xenstore, one node each.
 * Each has at most one reservation, which carries the errand's name as its
 * idempotency key, and an answer that the script watches.
 */
#ifndef ERRAND_H
#define ERRAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "errand-words.h"
#include "reserve.h"

#define ERRAND_OWNER      "xenstore"
#define ERRAND_KEY_PREFIX "xenstore:"
#define ERRAND_NAME_SIZE  (RESERVE_KEY_SIZE - sizeof(ERRAND_KEY_PREFIX) + 1)
#define ERRAND_STATE_SIZE 640 /* "refused " and the book's sentence */
#define ERRAND_ERROR_SIZE 256
#define ERRANDS_MAX       256 /* at one time, ended ones that are still there */

/* First words of an answer. */
#define ERRAND_PENDING "pending"
#define ERRAND_GRANTED "granted"
#define ERRAND_REFUSED "refused"
#define ERRAND_ENDED   "ended"

struct errand {
    char name[ERRAND_NAME_SIZE];
    char words[ERRAND_WORDS_SIZE]; /* the node's value */
    char id[RESERVE_ID_SIZE];      /* its reservation, "" for none */
    char state[ERRAND_STATE_SIZE]; /* the answer */
    char error[ERRAND_ERROR_SIZE]; /* why the domain that it names will not do;
                                    * "" if it does */
    bool is_seen;     /* mark for the sweep of those that are gone */
    bool is_unasked;  /* nothing could be decided about it so far */
    bool is_unlinked; /* the domain that it names is to be read */
    bool is_due;      /* the answer is not in xenstore yet */
};

struct errand_table {
    size_t n;
    size_t capacity;
    struct errand *list;
    bool is_stale;     /* xenstore has to be read anew */
    bool is_behind;    /* there are changes that nobody looked at yet */
    bool is_failing;   /* the last answer could not be written */
    uint64_t retry_ms; /* what failed is tried again then ... */
    uint64_t pause_ms; /* ... after so long; 0: nothing failed lately */
};

void errand_table_done(struct errand_table *t);
/* NULL if absent; valid until the next change of the table. */
struct errand *errand_find(struct errand_table *t, const char *name);
/* A new one; NULL: no memory, or ERRANDS_MAX. */
struct errand *errand_add(struct errand_table *t, const char *name);
void errand_remove(struct errand_table *t, const char *name);

/* Can it be answered under that name? */
bool errand_name_is_good(const char *name);
void errand_key(char key[RESERVE_KEY_SIZE], const char *name);
/* The errand that r is for; NULL if it is a client's. */
const char *errand_name_of(const struct reservation *r);

/* The answer from now on; due if it is another one. */
void errand_answer(struct errand *e, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What became of r: answered if it is still some errand's. */
void errand_note(struct errand_table *t, const struct reservation *r,
                 const char *state, const char *why);

/* What a daemon that finds an errand has to do about it. */
enum errand_verdict {
    ERRAND_ASK,    /* nobody answered these words, or not for good */
    ERRAND_RESUME, /* they are answered, and its reservation is there */
    ERRAND_KEEP,   /* they are answered, and it is over */
    ERRAND_LOST,   /* they were granted, but there is no reservation any more */
};
/* answered: the words that state answers; both "" if there are none. */
enum errand_verdict errand_judge(const char *words, const char *answered,
                                 const char *state, bool has_reservation);

#endif
