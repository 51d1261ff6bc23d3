/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sizes of what names a lease, on both sides. */
#ifndef PROTO_LEASE_H
#define PROTO_LEASE_H

#define LEASE_TOKEN_SIZE  33 /* 128 random bits in hexadecimal, and a NUL */
#define LEASE_VOLUME_SIZE 64 /* a name of the borrower's: a uuid, and more */

#endif
