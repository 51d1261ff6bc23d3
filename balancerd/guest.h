/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is known about the domains of this host: the latest facts and what was
 * learned by watching them.  Keeps, judges and forgets; never acts.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest-load.h"
#include "guest-regret.h"
#include "guest-state.h"
#include "guest-wake.h"
#include "host.h"
#include "ladder.h"
#include "plan-rule.h"
#include "range.h"
#include "settings.h"
#include "status-plan.h"
#include "thrash.h"

struct tuning;

struct guest {
    struct host_domain facts;
    enum guest_state state;
    bool is_seen;     /* mark for the sweep of vanished domains */
    bool has_balloon; /* said so or proved it by moving (A6) */
    bool is_thrashing;
    struct guest_load load;     /* what its agent tells */
    struct thrash thrash;       /* what follows from that ... */
    struct guest_regret regret; /* ... for squeezing it (G7) */
    struct ladder ladder;       /* ... for remote swap */

    /* The chain in force: the last good one (A7). */
    struct range range;
    bool has_range;                    /* false: hands off, range = target */
    char range_error[HOST_ERROR_SIZE]; /* "" or why facts' keys are refused */
    /* "" or why the settings kept for it are not in force */
    char settings_error[HOST_ERROR_SIZE];
    bool is_adopted;   /* has been given what is kept or due for it ... */
    uint64_t adopt_ms; /* ... or is to be tried again then */
    uint32_t weight;   /* 1..65535, 256 is neutral */
    uint64_t pin_kib;  /* its target stays this; HOST_UNSET: not pinned */
    char engine[SETTINGS_ENGINE_SIZE]; /* "": the default one */

    /* pages held minus target when settled (A5) */
    int64_t offset_kib;
    bool is_calibrated;

    /* the progress monitor */
    uint64_t unproven_since_ms;  /* a proof of its balloon is wanted since */
    uint64_t watched_target_kib; /* target whose pursuit is being timed */
    uint64_t target_since_ms;
    uint64_t pursuit_distance_kib;  /* off that target at the beginning */
    bool pursuit_grows;             /* it was below that target then */
    uint64_t progress_distance_kib; /* nearest to it that counted so far */
    uint64_t previous_actual_kib;
    uint64_t last_move_ms;     /* actual changed at all */
    uint64_t gives_kib_per_s;  /* when it was last made smaller; 0: never was */
    uint64_t last_progress_ms; /* actual came nearer to the target */
    bool has_settled;          /* stood still once while running */
    bool is_stuck;
    uint64_t stuck_since_ms;
    struct guest_wake wake;

    /* what it has proven unable to give or to take; 0: nothing learned */
    uint64_t learned_floor_kib;
    uint64_t learned_floor_until_ms;
    uint64_t learned_ceiling_kib;
    uint64_t learned_ceiling_until_ms;

    /* the rule that had the last word on its target, and since when */
    bool is_planned;
    enum plan_rule rule;
    uint64_t rule_since_ms;

    /* what the status in xenstore says of it */
    struct status_word shown_word;
    struct status_amounts shown_amounts;
    bool is_balloon_published;
    uint32_t published_error; /* sum of range_error there; 0: none */
    uint32_t noted_error;     /* of range_error in log and events */

    uint64_t appeared_ms; /* 0: it was there before we looked */
    struct guest_told told;
    /* what Xen holds for it; HOST_UNSET: not asked, not measured */
    bool is_counted;       /* its coming was noticed by overhead_watch */
    uint64_t paging_kib;   /* for its page tables; 0: Xen does not say */
    uint64_t overhead_kib; /* all that it costs beyond its memory */
};

struct guest_table {
    size_t n;
    size_t capacity;
    struct guest *guests; /* by rising domid */
    bool has_looked;      /* who comes now was not there before */
    size_t n_gone;
    struct guest_gone *gone; /* who deals with it resets */
};

/* Takes an observation in: new domains appear, vanished ones go, every state
 * is judged anew.  0 or -ENOMEM (then the table is as it was). */
int guest_table_observe(struct guest_table *table, const struct host_view *view,
                        const struct tuning *tuning, uint64_t now_ms);
void guest_table_done(struct guest_table *table);

/* NULL if there is no such domain. */
struct guest *guest_find(struct guest_table *table, uint32_t domid);

/* A target was written: remembered for the progress monitor and for G7. */
void guest_note_target(struct guest *g, uint64_t target_kib,
                       const struct tuning *tuning, uint64_t now_ms);

#endif
