/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The agent's command line. */
#ifndef GUEST_OPTIONS_H
#define GUEST_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct agent_options {
    uint64_t interval_ms; /* between two looks */
    bool is_once;         /* one sample, and that is it */
    bool prints;          /* samples go to standard output */
    bool is_answered;     /* --help or --version */
};

/* 0, or -EINVAL with a sentence on standard error. */
int agent_options_parse(struct agent_options *ret, int argc, char *argv[]);

#endif
