/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a client of the NBD protocol asks for an export, before the kernel takes
 * the connection over.  nbd-client and libnbd do that, too; but the one cannot
 * tell the kernel whose device it made, so that one that was killed could not
 * find it again, and the other brings 40 MiB of libraries into domain 0.
 */
#ifndef NBD_HELLO_H
#define NBD_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NBD_GREETING_BYTES 18 /* the server speaks first */
#define NBD_REPLY_BYTES    20 /* before a reply's data */
#define NBD_REPLY_DATA_MAX 4096
#define NBD_NAME_MAX       255
#define NBD_REQUEST_MAX    (NBD_NAME_MAX + 26)

struct nbd_export {
    uint64_t size_bytes;
    uint16_t flags; /* the server's, for the kernel */
    bool is_known;
};

struct nbd_reply {
    uint32_t type;
    uint32_t length; /* of the data that follows */
};

/* 0; -EPROTO: this is no server that can be asked by name. */
int nbd_hello_greeting(const unsigned char bytes[NBD_GREETING_BYTES]);

/* Flags and the request to use the export; returns its length. */
size_t
nbd_hello_request(const char *name, unsigned char ret_bytes[NBD_REQUEST_MAX]);

/* 0; -EPROTO. */
int nbd_hello_reply(const unsigned char bytes[NBD_REPLY_BYTES],
                    struct nbd_reply *ret);

/* With the reply's data: 1: the export is ours; 0: go on; -EPROTO;
 * -ENOENT: there is no such export; -EACCES: refused. */
int nbd_hello_data(const struct nbd_reply *reply, const unsigned char *data,
                   struct nbd_export *e);

#endif
