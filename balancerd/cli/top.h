/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What balancerctl top shows: its state. */
#ifndef CLI_TOP_H
#define CLI_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOP_UUID_SIZE    37
#define TOP_NAME_SIZE    64
#define TOP_STATE_SIZE   12
#define TOP_TIME_SIZE    9 /* "23:59:59" */
#define TOP_MESSAGE_SIZE 256
#define TOP_INPUT_SIZE   48

/* Texts are printable ASCII; an amount that nobody knows is UINT64_MAX. */
struct top_domain {
    uint32_t domid;
    char uuid[TOP_UUID_SIZE];
    char name[TOP_NAME_SIZE];
    char state[TOP_STATE_SIZE];
    uint64_t min_kib; /* the dynamic range */
    uint64_t max_kib;
    uint64_t target_kib;
    uint64_t actual_kib;
    bool is_stuck;
    bool is_thrashing;
};

struct top_host {
    uint64_t total_kib;
    uint64_t xen_kib;
    uint64_t dom0_kib;
    uint64_t domains_kib;
    uint64_t reserved_kib;
    uint64_t free_kib;
    uint64_t host_reserve_kib; /* to be kept free for the host ... */
    uint64_t promised_kib;     /* ... and for reservations */
};

enum top_sort {
    TOP_BY_DOMID,
    TOP_BY_NAME,
    TOP_BY_STATE, /* who is in trouble comes first */
    TOP_BY_TARGET,
    TOP_BY_ACTUAL,
    TOP_BY_MAX,
};
#define TOP_SORTS (TOP_BY_MAX + 1)

enum top_mode {
    TOP_LIST,
    TOP_RANGE, /* a range is being typed */
    TOP_HELP,
};

struct top {
    struct top_host host;
    size_t n_domains;
    struct top_domain *domains; /* in the order in which they are shown */
    size_t n_reservations;
    size_t n_pending;
    char time[TOP_TIME_SIZE]; /* of the last answer, "" before it */
    bool is_plain;            /* for a file: nothing can be picked */

    enum top_sort sort;
    bool is_reversed;
    size_t picked; /* an index, and who that was */
    uint32_t picked_domid;
    enum top_mode mode;
    struct top_domain changing; /* whose range is being typed */
    char input[TOP_INPUT_SIZE];
    char message[TOP_MESSAGE_SIZE]; /* what went wrong, or what was done */
};

#endif
