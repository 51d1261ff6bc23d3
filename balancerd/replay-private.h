/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recording that is being played, for the files that do it. */
#ifndef REPLAY_PRIVATE_H
#define REPLAY_PRIVATE_H

#include "engines-text.h"
#include "engines.h"
#include "replay-host.h"
#include "replay.h"
#include "tick.h"

struct replay {
    const struct replay_how *how;
    FILE *out;
    struct replay_host host;
    struct engines engines;
    struct balancer b;
    /* as recorded, and not yet in force */
    struct engines_kept wanted;
    bool are_engines_new;
    size_t n_was;
    struct guest *was; /* of the domains of the host's view, in their order */
    bool is_known;     /* they are in b's table */
    uint64_t line, looks, plans, decisions, differences;
};

/* The next word of a line.  0 or -EINVAL. */
int replay_domid(char **rest, uint32_t *ret);
int replay_number(char **rest, uint64_t most, uint64_t *ret);

/* What a line says, its first word read.  0 or -errno. */
typedef int replay_line_fn(struct replay *p, char *rest);
replay_line_fn replay_take_tuning;
replay_line_fn replay_take_memory;
replay_line_fn replay_take_engines;
replay_line_fn replay_take_engine;
replay_line_fn replay_take_option;
replay_line_fn replay_take_reservations;
replay_line_fn replay_take_reservation;
replay_line_fn replay_take_domain;
replay_line_fn replay_take_guest;
replay_line_fn replay_take_known;
replay_line_fn replay_take_set;
replay_line_fn replay_take_gone;

/* "engine=NAME" names no constant. */
bool replay_set_is_engine(const char *set);
/* --set has the last word. */
int replay_set_tuning(struct replay *p);
/* The engines are those that the recording named last.  0, -EINVAL (it named
 * none) or -errno. */
int replay_put_engines(struct replay *p);

#endif
