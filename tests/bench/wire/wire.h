/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Plain blocking sockets to block servers: one send per request, one receive
 * per reply, whatever the protocol, so that what differs between two of them is
 * the server.  Any failure ends the program.
 */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_LENGTH_MAX (128u * 1024)
#define WIRE_HEADER_MAX 64u

struct wire_request {
    bool is_write;
    uint32_t length;
    uint64_t offset;
    uint32_t tag; /* below the depth; of a request that is under way */
};

struct wire;

struct wire_protocol {
    const char *name;
    /* Up to where requests can be sent. */
    void (*greet)(struct wire *w, const char *export_name);
    /* Writes the head of the request; returns its length. */
    size_t (*head)(struct wire *w, const struct wire_request *r, uint8_t *to);
    /* Takes one reply off the socket. */
    void (*receive)(struct wire *w);
};

struct wire {
    int fd;
    bool is_spinning; /* for replies, rather than to sleep */
    const struct wire_protocol *protocol;
    struct wire_request shape; /* what all requests are like */
    uint32_t sequence;         /* for protocols that number requests */
    uint8_t *data;             /* header and payload; payload is not zero */
    uint8_t *reply;
};

extern const struct wire_protocol wire_nbd, wire_iscsi;
/* No protocol: as many bytes there and back as NBD would need. */
extern const struct wire_protocol wire_raw;
/* The same, in as many calls of the server as nbdkit makes: the head of a
 * request, its data; the head of an answer, its data. */
extern const struct wire_protocol wire_calls;

/* What a raw client says first. */
struct wire_raw_greeting {
    uint32_t in_head, in_data;
    uint32_t out_head, out_data; /* a head of 0: all in one */
};

void wire_open(struct wire *w, const char *port, const char *export_name);
void wire_close(struct wire *w);
void wire_send(struct wire *w, const struct wire_request *r);

/* For protocols. */
void wire_put(struct wire *w, const void *bytes, size_t length);
void wire_take(struct wire *w, void *bytes, size_t length);
void wire_require(bool holds, const char *what);

#endif
