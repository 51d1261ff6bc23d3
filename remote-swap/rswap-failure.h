/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why something was not done: one code for programs, a sentence for people. */
#ifndef RSWAP_FAILURE_H
#define RSWAP_FAILURE_H

#include <stdint.h>

#define RSWAP_MESSAGE_SIZE 512

/* The codes; rswap-attach(8) lists them. */
#define RSWAP_USAGE              "usage"
#define RSWAP_BUSY               "busy"
#define RSWAP_SINGLE_REMOTE_LEG  "single-remote-leg"
#define RSWAP_NO_ROOM            "no-room"
#define RSWAP_NO_DEVICE          "no-device"
#define RSWAP_LENDER_UNREACHABLE "lender-unreachable"
#define RSWAP_LENDER_REFUSED     "lender-refused"
#define RSWAP_TOO_SMALL          "too-small"
#define RSWAP_NO_DOMAIN          "no-domain"
#define RSWAP_VBD_FAILED         "vbd-failed"
#define RSWAP_IN_USE             "in-use"
#define RSWAP_GUEST_REFUSES      "guest-refuses"
#define RSWAP_NO_ANSWER          "no-answer"
#define RSWAP_NOT_ATTACHED       "not-attached"
#define RSWAP_LAST_LEG           "last-leg"
#define RSWAP_NO_SLOT            "no-slot"
#define RSWAP_SYSTEM             "system"

struct rswap_failure {
    const char *code; /* NULL: nothing has failed */
    char message[RSWAP_MESSAGE_SIZE];
    const char *step;
    uint64_t needed_kib; /* 0: that is not why */
    uint64_t available_kib;
};

/* The first failure is kept; others follow from it.  Returns -EIO. */
int rswap_fail(struct rswap_failure *f, const char *code, const char *format,
               ...) __attribute__((format(printf, 3, 4)));
/* The same for a matter of room. */
int
rswap_fail_room(struct rswap_failure *f, const char *code, uint64_t needed_kib,
                uint64_t available_kib, const char *what);

#endif
