/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process of a plugin, from its fork to its end. */
#ifndef POLICY_SERVE_H
#define POLICY_SERVE_H

#include <stdint.h>
#include <sys/types.h>

struct policy_room;

/* A number that is sent for each question, and sent back with the answer in
 * the room. */
typedef uint32_t policy_serial;

/* Answers what comes at fd until the other side closes it. */
void policy_serve(int fd, struct policy_room *room, pid_t parent)
    __attribute__((noreturn));

#endif
