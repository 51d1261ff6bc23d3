/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The offer of a swap device to a guest, and what the guest's agent answers.
 * Both are one line in xenstore, words with one blank between them, of which
 * the first is the version; others may come in any order, and those that are
 * not known are skipped:
 *
 *   1 state=on serial=1 uuid=8a1c... size=522240 vdev=xvdp priority=100 move=0
 *   1 state=refused serial=2 used=10240 why=no-memory need=10240 have=4096
 *
 * An answer is the guest's own word, untrusted.
 */
#ifndef PROTO_OFFER_H
#define PROTO_OFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/parse.h"

#define OFFER_VERSION      1
#define OFFER_TEXT_SIZE    256 /* the longest line, and a NUL */
#define OFFER_VDEV_SIZE    16
#define OFFER_REASON_SIZE  160
#define OFFER_PRIORITY_MAX 32767 /* the kernel's */

struct offer {
    bool is_on;      /* off: the guest is asked to give the device up */
    uint32_t serial; /* of each state another: answers name what they answer */
    char uuid[PARSE_UUID_SIZE];
    uint64_t size_kib;
    char vdev[OFFER_VDEV_SIZE];
    uint32_t priority;
    uint64_t move_kib_per_s; /* 0: what is on other areas stays there */
};

enum offer_state {
    OFFER_NO_ANSWER,
    OFFER_WAITING, /* for the device */
    OFFER_ON,
    OFFER_LEAVING, /* the device is being given up */
    OFFER_OFF,
    OFFER_REFUSED,
};

enum offer_why {
    OFFER_WHY_NONE,
    OFFER_WHY_NO_MEMORY, /* for what is on the device: need_kib, have_kib */
    OFFER_WHY_NO_SWAP_AREA,
    OFFER_WHY_OTHER_AREA, /* uuid, label or size are not those offered */
    OFFER_WHY_SWAPON,     /* the kernel refused: error */
    OFFER_WHY_SWAPOFF,
};

struct offer_answer {
    enum offer_state state;
    uint32_t serial; /* the offer's */
    enum offer_why why;
    uint64_t used_kib;
    uint64_t need_kib, have_kib;
    uint32_t error; /* errno */
};

void offer_format(const struct offer *o, char ret_text[OFFER_TEXT_SIZE]);
/* 0; -EINVAL, -ERANGE; -EPROTONOSUPPORT: a newer version. */
int offer_parse(const char *text, size_t length, struct offer *ret);

/* Something that a guest's device may be called: "xvdp". */
bool offer_vdev_is_good(const char *vdev);

void offer_answer_format(const struct offer_answer *a,
                         char ret_text[OFFER_TEXT_SIZE]);
int
offer_answer_parse(const char *text, size_t length, struct offer_answer *ret);
/* "on"; NULL if there is no answer. */
const char *offer_state_text(enum offer_state state);
/* Does the guest use the device, or might it? */
bool offer_is_in_use(const struct offer_answer *a);
/* A sentence on why; empty if there is no reason.  Returns text. */
const char *
offer_reason(const struct offer_answer *a, char text[OFFER_REASON_SIZE]);

#endif
