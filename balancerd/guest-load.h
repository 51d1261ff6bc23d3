/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a guest's samples to rates: what its memory does right now. */
#ifndef GUEST_LOAD_H
#define GUEST_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "host-view.h"
#include "proto/sample.h"

/* After this long without a new one a sample says nothing any more: an agent
 * reports every second when something changes, and every ten when nothing
 * does; three of those may be late. */
#define GUEST_LOAD_STALE_MS 30000

struct guest_load {
    struct sample last; /* sequence 0: none */
    uint64_t taken_ms;  /* our clock when it came */
    /* between the last two samples; SAMPLE_UNKNOWN where one is missing */
    uint64_t span_ms; /* 0: there are no such two */
    uint64_t swap_in_kib_per_s;
    uint64_t swap_out_kib_per_s;
    uint64_t refault_anon_kib_per_s;
    uint64_t refault_file_kib_per_s;
    uint64_t major_faults_per_s;
    uint64_t scanned_kib_per_s;
    uint64_t stall_some_permyriad; /* part of the time */
    uint64_t stall_full_permyriad;
    /* What the host sees of its swap, and the rates of the time before that. */
    struct host_swap seen;
    uint64_t seen_ms;      /* our clock at that time */
    uint64_t seen_span_ms; /* 0: none, or not known */
    uint64_t seen_in_kib_per_s;
    uint64_t seen_out_kib_per_s;
    uint64_t seen_wait_permyriad; /* of the time a read was waited for */
};

/* Nothing is known. */
void guest_load_init(struct guest_load *l);
/* Takes a sample in, if it is a new one; forgets an old one.  Counters that
 * run backwards or a clock that does (the guest was restarted, or lies) begin
 * anew. */
void
guest_load_take(struct guest_load *l, const struct sample *s, uint64_t now_ms);
/* Takes in what the host sees. */
void guest_load_see(struct guest_load *l, const struct host_swap *swap,
                    uint64_t now_ms);
/* Is there a sample that still says something? */
bool guest_load_is_fresh(const struct guest_load *l, uint64_t now_ms);

#endif
