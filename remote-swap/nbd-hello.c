/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fixed newstyle negotiation with one option, NBD_OPT_GO.  Numbers are big
 * endian. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "nbd-hello.h"

#define MAGIC          UINT64_C(0x4e42444d41474943) /* NBDMAGIC */
#define OPTION_MAGIC   UINT64_C(0x49484156454f5054) /* IHAVEOPT */
#define REPLY_MAGIC    UINT64_C(0x0003e889045565a9)
#define FIXED_NEWSTYLE 1u
#define NO_ZEROES      2u
#define OPTION_GO      7u

#define REPLY_ACK         1u
#define REPLY_INFO        3u
#define REPLY_IS_ERROR    (1u << 31)
#define REPLY_UNKNOWN     (REPLY_IS_ERROR | 6u)
#define INFO_EXPORT       0u
#define INFO_EXPORT_BYTES 12

static unsigned char *
put(unsigned char *to, uint64_t value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (unsigned char)(value >> 8 * (n - 1 - i));
    return to + n;
}

static uint64_t
get(const unsigned char *from, size_t n)
{
    uint64_t value = 0;

    for (size_t i = 0; i < n; i++)
        value = value << 8 | from[i];
    return value;
}

int
nbd_hello_greeting(const unsigned char bytes[NBD_GREETING_BYTES])
{
    bool is_good = get(bytes, 8) == MAGIC &&
                   get(bytes + 8, 8) == OPTION_MAGIC &&
                   (get(bytes + 16, 2) & FIXED_NEWSTYLE);

    return is_good ? 0 : -EPROTO;
}

size_t
nbd_hello_request(const char *name, unsigned char ret_bytes[NBD_REQUEST_MAX])
{
    size_t length = strnlen(name, NBD_NAME_MAX);
    unsigned char *to = ret_bytes;

    to = put(to, FIXED_NEWSTYLE | NO_ZEROES, 4);
    to = put(to, OPTION_MAGIC, 8);
    to = put(to, OPTION_GO, 4);
    to = put(to, 4 + length + 2, 4);
    to = put(to, length, 4);
    memcpy(to, name, length);
    to += length;
    to = put(to, 0, 2); /* no information is asked for by name */
    return (size_t)(to - ret_bytes);
}

int
nbd_hello_reply(const unsigned char bytes[NBD_REPLY_BYTES],
                struct nbd_reply *ret)
{
    struct nbd_reply reply = {
        .type = (uint32_t)get(bytes + 12, 4),
        .length = (uint32_t)get(bytes + 16, 4),
    };

    if (get(bytes, 8) != REPLY_MAGIC || get(bytes + 8, 4) != OPTION_GO ||
        reply.length > NBD_REPLY_DATA_MAX)
        return -EPROTO;
    *ret = reply;
    return 0;
}

static int
take_info(const struct nbd_reply *reply, const unsigned char *data,
          struct nbd_export *e)
{
    if (reply->length < 2)
        return -EPROTO;
    if (get(data, 2) != INFO_EXPORT)
        return 0;
    if (reply->length != INFO_EXPORT_BYTES)
        return -EPROTO;
    e->size_bytes = get(data + 2, 8);
    e->flags = (uint16_t)get(data + 10, 2);
    e->is_known = true;
    return 0;
}

int
nbd_hello_data(const struct nbd_reply *reply, const unsigned char *data,
               struct nbd_export *e)
{
    if (reply->type == REPLY_ACK)
        return e->is_known ? 1 : -EPROTO;
    if (reply->type == REPLY_INFO)
        return take_info(reply, data, e);
    if (reply->type == REPLY_UNKNOWN)
        return -ENOENT;
    return reply->type & REPLY_IS_ERROR ? -EACCES : 0;
}
