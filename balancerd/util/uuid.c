/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random bytes in the shape of a uuid. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

#include "util/uuid.h"

#define UUID_BYTES 16

int
uuid_make(char ret_uuid[UUID_SIZE])
{
    unsigned char bytes[UUID_BYTES];
    ssize_t got;
    size_t used = 0;
    size_t i;

    do
        got = getrandom(bytes, sizeof(bytes), 0);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof(bytes))
        return got < 0 ? -errno : -EIO;
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    for (i = 0; i < sizeof(bytes); i++) {
        const char *dash = i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";

        used += (size_t)snprintf(ret_uuid + used, UUID_SIZE - used, "%s%02x",
                                 dash, bytes[i]);
    }
    return 0;
}
