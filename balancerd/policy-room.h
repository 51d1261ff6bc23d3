/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory that the daemon and the process of a plugin share, at the same
 * address in both.  Who has been asked owns it until the answer; whatever the
 * daemon finds in it then is untrusted, and may change while it is read.
 */
#ifndef POLICY_ROOM_H
#define POLICY_ROOM_H

#include <limits.h>

#include "host-view.h"
#include "policy.h"
#include "xbp.h"

/* Xen's domain numbers end at 32752; the rest are reservations. Pages that
 * nobody touches cost nothing. */
#define POLICY_ROOM_GUESTS 40960

/* What the process is asked, in this order up to POLICY_OP_READY. */
enum policy_op {
    POLICY_OP_OPEN,
    POLICY_OP_CREATE,
    POLICY_OP_CONFIG,
    POLICY_OP_READY,
    POLICY_OP_PLAN,
    POLICY_OP_EXPLAIN,
};

struct policy_room_words {
    char uuid[HOST_UUID_SIZE];
    char name[HOST_NAME_SIZE];
};

struct policy_room {
    enum policy_op op;
    int result; /* 0, or what the engine or policy_code_*() returned */
    /* asked */
    char path[PATH_MAX];
    char key[POLICY_WORD_SIZE];
    char value[POLICY_WORD_SIZE];
    uint64_t index;
    /* answered; not terminated if the process is not what it should be */
    char text[POLICY_ERROR_SIZE];
    char name[POLICY_NAME_SIZE];
    char version[POLICY_NAME_SIZE];
    char description[POLICY_ERROR_SIZE];
    /* planned */
    struct xbp_snapshot snapshot;
    const struct xbp_guest *pointers[POLICY_ROOM_GUESTS];
    struct xbp_guest guests[POLICY_ROOM_GUESTS];
    struct policy_room_words words[POLICY_ROOM_GUESTS];
    uint64_t wishes[POLICY_ROOM_GUESTS];
};

/* NULL: no memory. */
struct policy_room *policy_room_new(void);
void policy_room_free(struct policy_room *room);
/* Copies the facts, and targets as wishes.  0 or -ENOMEM: too many guests. */
int policy_room_fill(struct policy_room *room, const struct xbp_snapshot *s);

#endif
