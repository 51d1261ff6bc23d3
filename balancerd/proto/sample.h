/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a guest's agent reports of the guest's memory at one instant.  Counters
 * count from the guest's start; SAMPLE_UNKNOWN is what its kernel does not
 * tell.  All of it is the guest's own word, untrusted.
 */
#ifndef PROTO_SAMPLE_H
#define PROTO_SAMPLE_H

#include <stdint.h>

#define SAMPLE_UNKNOWN UINT64_MAX

struct sample {
    uint64_t sequence;      /* rises with each sample; 0: there is none */
    uint64_t uptime_ms;     /* the guest's clock when it was taken */
    uint64_t total_kib;     /* MemTotal */
    uint64_t available_kib; /* MemAvailable */
    uint64_t cache_kib;     /* Active(file) + Inactive(file) */
    uint64_t anon_kib;      /* AnonPages */
    uint64_t swap_total_kib;
    uint64_t swap_free_kib;
    /* counters of /proc/vmstat: pswpin, pswpout, workingset_refault_anon and
     * _file, pgmajfault, pgscan_kswapd + pgscan_direct */
    uint64_t swap_in_pages;
    uint64_t swap_out_pages;
    uint64_t refault_anon_pages;
    uint64_t refault_file_pages;
    uint64_t major_faults;
    uint64_t scanned_pages;
    /* totals of /proc/pressure/memory */
    uint64_t stall_some_us;
    uint64_t stall_full_us;
};

#endif
