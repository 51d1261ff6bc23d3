/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a guest's agent reports of the guest's memory at one instant.  Counters
 * count from the guest's start; SAMPLE_UNKNOWN is what its kernel does not
 * tell.  All of it is the guest's own word, untrusted.
 *
 * In xenstore it is one line, words with one blank between them:
 *
 *   1 seq=71234 up=71250 total=98304 available=34816 ... swap=xvdb:131068:0
 *
 * The first word is the version; within one the order of the others does not
 * matter, those that are not known are skipped, and all but seq and up may be
 * missing.  balancer-agent(8) lists them.
 */
#ifndef PROTO_SAMPLE_H
#define PROTO_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SAMPLE_UNKNOWN UINT64_MAX
#define SAMPLE_VERSION 1

#define SAMPLE_TEXT_SIZE      1024 /* the longest line, and a NUL */
#define SAMPLE_SWAPS          4    /* more areas are not told of */
#define SAMPLE_SWAP_NAME_SIZE 16   /* "xvdb"; longer names are cut */

/* A swap area that is in use; no name: none. */
struct sample_swap {
    char name[SAMPLE_SWAP_NAME_SIZE]; /* letters, digits and ._+- */
    uint64_t size_kib;
    uint64_t used_kib;
};

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
    struct sample_swap swaps[SAMPLE_SWAPS];
};

/* Nothing is known, not even that there is one. */
void sample_init(struct sample *s);

/* May a swap area have this name of length bytes? */
bool sample_name_is_good(const char *name, size_t length);

/* Writes the line; what is unknown is left out. */
void sample_format(const struct sample *s, char ret_text[SAMPLE_TEXT_SIZE]);

/* Reads a line of length bytes, terminated or not.  0; -EINVAL (no sample),
 * -ERANGE (a number that cannot be), -E2BIG (too long), -EPROTONOSUPPORT (of a
 * newer version). */
int sample_parse(const char *text, size_t length, struct sample *ret);
/* Why, in words that follow "is": "no sample". */
const char *sample_error(int error);

#endif
