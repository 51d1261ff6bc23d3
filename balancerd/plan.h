/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Wishes and the steps that carry them out.  A plan has one wish per sharer of
 * its snapshot, in the same order; plan_diff turns it into ordered steps.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "guest.h"
#include "plan-rule.h"
#include "snapshot.h"

/* More rules than that change no wish one after the other. */
#define WISH_CLIPS 6

/* A rule changed a wish. */
struct clip {
    enum plan_rule rule;
    uint64_t target_kib; /* what it made of it */
};

struct wish {
    uint32_t domid;
    uint64_t target_kib;
    enum plan_rule rule;
    uint64_t wished_kib; /* by the engine, ... */
    size_t n_clips;
    struct clip clips[WISH_CLIPS]; /* ... and what became of that, in order */
};

struct plan {
    size_t n;
    size_t capacity;
    struct wish *wishes; /* wishes[i] is about snapshot guest i */
};

enum step_kind {
    STEP_TARGET,
    STEP_MAXMEM,
    STEP_WAKE, /* a target that is another one only for a balloon driver */
};

struct step {
    enum step_kind kind;
    uint32_t domid;
    uint64_t old_kib;
    uint64_t new_kib;
    enum plan_rule rule;
    int result; /* once it is done: 0 or -errno */
};

struct steps {
    size_t n;
    size_t capacity;
    struct step *list; /* to be done in this order */
    uint64_t held_kib; /* growth that waits for memory to become free (G3) */
};

/* Room for the snapshot's sharers, each wish its target in force.
 * 0 or -ENOMEM. */
int plan_begin(struct plan *ret, const struct snapshot *s);
void plan_done(struct plan *p);

/* What has to be done, in order: targets down (with maxmem after them),
 * unreachable targets retracted (G6), balloon drivers probed for (G5), growth
 * as far as memory is free now (G3, maxmem before target: G4), balloon drivers
 * woken (A11).  table must be the one the snapshot was built from.  0 or
 * -ENOMEM. */
int plan_diff(struct steps *ret, const struct plan *p, const struct snapshot *s,
              const struct guest_table *table);
void steps_done(struct steps *s);
/* As recordings have it. */
const char *step_kind_name(enum step_kind kind);

#endif
