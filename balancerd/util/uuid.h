/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fresh random uuids (RFC 4122, version 4). */
#ifndef UTIL_UUID_H
#define UTIL_UUID_H

#define UUID_SIZE 37 /* 36 characters and a NUL */

/* 0 or -errno: the kernel gave no random bytes. */
int uuid_make(char ret_uuid[UUID_SIZE]);

#endif
