/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rswap-attach's command line: a command, then KEY=VALUE. */
#ifndef RSWAP_ARGS_H
#define RSWAP_ARGS_H

#include "proto/offer.h"
#include "rswap-leg.h"

#define RSWAP_SIZE_MIN_KIB (16 * 1024)

enum rswap_command {
    RSWAP_ATTACH,
    RSWAP_WITHDRAW,
    RSWAP_DETACH,
    RSWAP_STATUS,
    RSWAP_REMOVE_LEG,
    RSWAP_ADD_LEG,
    RSWAP_LIST,
    RSWAP_COMMANDS,
};

struct rswap_args {
    enum rswap_command command;
    char volume[PARSE_UUID_SIZE];
    uint32_t domid;
    uint64_t size_kib;
    struct rswap_leg legs[RSWAP_LEGS_MAX];
    size_t n_legs;
    char vdev[OFFER_VDEV_SIZE]; /* empty: whichever is free */
    uint32_t priority;
    uint64_t move_kib_per_s;
    uint64_t sync_kib_per_s;
    uint64_t wait_ms;
    bool is_forced;
    bool is_single_remote; /* why it was refused */
};

/* argv[1] is the command.  0; -EINVAL with a sentence, then only
 * is_single_remote of ret is set. */
int rswap_args_parse(struct rswap_args *ret, int argc, char *const *argv,
                     char error[PARSE_ERROR_SIZE]);

const char *rswap_command_text(enum rswap_command command);

#endif
