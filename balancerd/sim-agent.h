/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a simulated guest says of its memory, honest or not, on time or not. */
#ifndef SIM_AGENT_H
#define SIM_AGENT_H

#include "guest/news.h"
#include "sim-memory.h"

enum sim_agent_mode {
    SIM_AGENT_GOOD,
    SIM_AGENT_ABSENT,   /* nobody says a word */
    SIM_AGENT_MEMINFO,  /* only data/meminfo_free, now and then */
    SIM_AGENT_LATE,     /* what it says is delay_ms old */
    SIM_AGENT_SILENT,   /* it said something once and no longer does */
    SIM_AGENT_LYING,    /* it claims to need claim_kib, and to suffer */
    SIM_AGENT_FLOODING, /* it says everything all the time */
};

/* Zeroed: a good one that has said nothing yet. */
struct sim_agent {
    enum sim_agent_mode mode;
    uint64_t delay_ms;
    uint64_t claim_kib;
    uint64_t next_ms; /* when it looks again */
    uint64_t sequence;
    struct news news;
    struct sample pending; /* of a late one: on its way */
    uint64_t arrives_ms;   /* when; 0: nothing is */
    uint64_t lied_pages;   /* counters of a liar */
    uint64_t lied_us;
};

/* "good" and so on; 0 or -EINVAL. */
int sim_agent_find(const char *name, enum sim_agent_mode *ret);

/* One look at its guest, which holds held_kib and is up for up_ms. */
struct sim_look {
    const struct sim_memory *memory;
    uint64_t held_kib;
    uint64_t up_ms;
    uint64_t now_ms;
};

/* It lives until now. Returns whether what the host is told has changed, in
 * *sample or *available_kib. */
bool sim_agent_look(struct sim_agent *a, const struct sim_look *look,
                    struct sample *sample, uint64_t *available_kib);

#endif
