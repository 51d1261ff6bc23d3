/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What this host is called. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "host.h"

/* As hosts without a machine id have it, and domain 0. */
#define IDENTITY_NIL "00000000-0000-0000-0000-000000000000"

struct identity {
    char uuid[HOST_UUID_SIZE]; /* the machine id; IDENTITY_NIL without one */
    char name[HOST_NAME_SIZE];
};

void identity_read(struct identity *ret);

/* 32 hexadecimal digits, as machine-id(5) has them, with or without a newline,
 * written as a uuid.  0 or -EINVAL. */
int identity_parse(const char *machine_id, char ret_uuid[HOST_UUID_SIZE]);

#endif
