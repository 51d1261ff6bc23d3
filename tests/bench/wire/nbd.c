/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NBD, newstyle fixed, simple replies; and the same bytes without NBD. */
#include <config.h>

#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "wire.h"

#define NBD_MAGIC         UINT64_C(0x4e42444d41474943)
#define NBD_OPTION_MAGIC  UINT64_C(0x49484156454f5054)
#define NBD_REQUEST_MAGIC 0x25609513u
#define NBD_REPLY_MAGIC   0x67446698u
#define NBD_OPT_GO        7u
#define NBD_REP_ACK       1u
#define NBD_REP_ERROR     (1u << 31)
#define NBD_FIXED         3u /* newstyle, without 124 zeroes */

struct nbd_option {
    uint64_t magic;
    uint32_t option;
    uint32_t length;
} __attribute__((packed));

struct nbd_option_reply {
    uint64_t magic;
    uint32_t option;
    uint32_t type;
    uint32_t length;
} __attribute__((packed));

struct nbd_request {
    uint32_t magic;
    uint16_t flags;
    uint16_t type;
    uint64_t handle;
    uint64_t offset;
    uint32_t length;
} __attribute__((packed));

struct nbd_reply {
    uint32_t magic;
    uint32_t error;
    uint64_t handle;
} __attribute__((packed));

static void
send_go(struct wire *w, const char *name)
{
    uint32_t flags = htobe32(NBD_FIXED);
    uint32_t length = (uint32_t)strlen(name);
    struct nbd_option option = {
        .magic = htobe64(NBD_OPTION_MAGIC),
        .option = htobe32(NBD_OPT_GO),
        .length = htobe32(4 + length + 2),
    };
    uint32_t name_length = htobe32(length);
    uint16_t no_requests = 0;

    wire_put(w, &flags, sizeof(flags));
    wire_put(w, &option, sizeof(option));
    wire_put(w, &name_length, sizeof(name_length));
    wire_put(w, name, length);
    wire_put(w, &no_requests, sizeof(no_requests));
}

static void
nbd_greet(struct wire *w, const char *export_name)
{
    struct nbd_option_reply reply;
    uint64_t magic[2];
    uint16_t flags;
    uint8_t info[4096];

    wire_take(w, magic, sizeof(magic));
    wire_take(w, &flags, sizeof(flags));
    wire_require(magic[0] == htobe64(NBD_MAGIC) &&
                     magic[1] == htobe64(NBD_OPTION_MAGIC),
                 "not an NBD server");
    send_go(w, export_name);
    do {
        wire_take(w, &reply, sizeof(reply));
        wire_require(!(be32toh(reply.type) & NBD_REP_ERROR), export_name);
        wire_require(be32toh(reply.length) <= sizeof(info), "NBD_OPT_GO");
        if (reply.length)
            wire_take(w, info, be32toh(reply.length));
    } while (be32toh(reply.type) != NBD_REP_ACK);
}

static size_t
nbd_head(struct wire *w, const struct wire_request *r, uint8_t *to)
{
    struct nbd_request request = {
        .magic = htobe32(NBD_REQUEST_MAGIC),
        .type = htobe16(r->is_write),
        .handle = htobe64(r->tag),
        .offset = htobe64(r->offset),
        .length = htobe32(r->length),
    };

    (void)w;
    memcpy(to, &request, sizeof(request));
    return sizeof(request);
}

static size_t
reply_length(const struct wire *w)
{
    return sizeof(struct nbd_reply) + (w->shape.is_write ? 0 : w->shape.length);
}

static void
nbd_receive(struct wire *w)
{
    struct nbd_reply reply;

    wire_take(w, w->reply, reply_length(w));
    memcpy(&reply, w->reply, sizeof(reply));
    wire_require(reply.magic == htobe32(NBD_REPLY_MAGIC) && !reply.error,
                 "NBD reply");
}

static void
raw_greet(struct wire *w, const char *export_name)
{
    struct wire_raw_greeting greeting = {
        .in_data = (uint32_t)(sizeof(struct nbd_request) +
                              (w->shape.is_write ? w->shape.length : 0)),
        .out_data = (uint32_t)reply_length(w),
    };

    (void)export_name;
    wire_put(w, &greeting, sizeof(greeting));
}

static void
calls_greet(struct wire *w, const char *export_name)
{
    struct wire_raw_greeting greeting = {
        .in_head = sizeof(struct nbd_request),
        .in_data = w->shape.is_write ? w->shape.length : 0,
        .out_head = sizeof(struct nbd_reply),
        .out_data = w->shape.is_write ? 0 : w->shape.length,
    };

    (void)export_name;
    wire_put(w, &greeting, sizeof(greeting));
}

static void
raw_receive(struct wire *w)
{
    wire_take(w, w->reply, reply_length(w));
}

const struct wire_protocol wire_nbd = {
    "nbd",
    nbd_greet,
    nbd_head,
    nbd_receive,
};

const struct wire_protocol wire_raw = {
    "raw",
    raw_greet,
    nbd_head,
    raw_receive,
};

const struct wire_protocol wire_calls = {
    "calls",
    calls_greet,
    nbd_head,
    raw_receive,
};
