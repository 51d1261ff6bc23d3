/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Decides what the status in xenstore says and when it is worth a write: on
 * change only, and never so often that whoever watches it cannot keep up.
 */
#ifndef STATUS_PLAN_H
#define STATUS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guest;
struct snapshot;

/* Amounts are written when they differ by this much, ... */
#define STATUS_AMOUNT_KIB 1024
/* ... and no more often than this. */
#define STATUS_AMOUNT_MS 1000
/* Words are written at once; whoever changes his state this often in a row
 * (a domain that flaps) ... */
#define STATUS_WORDS_BURST 5
/* ... has it written once in this time, as it then is. */
#define STATUS_WORDS_MS 10000

/* Zeroed at first: nothing is shown. */
struct status_word {
    const char *shown;   /* static text; NULL: nothing */
    uint64_t spent_ms;   /* changes that were written, as time they cost */
    uint64_t counted_ms; /* when that was */
};

#define STATUS_AMOUNTS_MAX 4

struct status_amounts {
    bool is_shown;
    uint64_t shown_kib[STATUS_AMOUNTS_MAX];
    uint64_t shown_ms;
};

/* Both: 0: write it now (and note that it is shown); UINT64_MAX: nothing to
 * do; else the instant at which to ask again. */
uint64_t status_word_due_ms(const struct status_word *w, const char *word,
                            uint64_t now_ms);
uint64_t status_amounts_due_ms(const struct status_amounts *a,
                               const uint64_t *kib, size_t n, uint64_t now_ms);
void status_word_note(struct status_word *w, const char *word, uint64_t now_ms);
void status_amounts_note(struct status_amounts *a, const uint64_t *kib,
                         size_t n, uint64_t now_ms);

/* A domain in one word for scripts: states that come and go with every
 * change of its target are left out. */
const char *status_guest_word(const struct guest *g);
/* "ok"; "squeezing": less is free than is promised, or somebody waits, and
 * domains are being made smaller; "short": it is, and nothing moves. */
const char *
status_host_word(const struct snapshot *s, bool is_awaited, bool is_at_rest);

#endif
