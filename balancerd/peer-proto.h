/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What hosts ask each other, and what they answer: JSON-RPC 2.0 as on the
 * control socket, without sockets.  Who connects asks.
 *
 *     ping                           -> version, uuid, memory, recalls
 *     lease-create  volume= size=    -> leases: the one
 *     lease-resize  volume= size=    -> leases: the one
 *     lease-end     volume=          -> nothing
 *     lease-list                     -> leases: all of who asks
 */
#ifndef PEER_PROTO_H
#define PEER_PROTO_H

#include "lent.h"
#include "peers.h"

/* Of leases to one peer: their list has to fit into a line. */
#define PEER_LEASES_MAX 128

struct json_object;
struct response;

/* --- who asks ------------------------------------------------------------- */

/* Params; NULL: no memory. */
struct json_object *peer_proto_params(const char *volume, uint64_t size_kib);

struct peer_recalls {
    size_t n;
    struct peers_recall list[PEER_LEASES_MAX];
};

/* Results, which may be anything.  0 or -EPROTO. */
int peer_proto_read_ping(struct json_object *untrusted_result,
                         struct peers_status *status,
                         struct peer_recalls *ret_recalls);
/* host: where they are.  *ret_n up to PEER_LEASES_MAX. */
int
peer_proto_read_leases(struct json_object *untrusted_result, const char *host,
                       struct peers_lease ret[PEER_LEASES_MAX], size_t *ret_n);
/* An error: -errno as in peers.h, and its sentence. */
int peer_proto_read_error(struct json_object *untrusted_error,
                          char sentence[PEERS_ERROR_SIZE]);

/* --- who answers ---------------------------------------------------------- */

struct json_object *peer_proto_ping(const struct lent *lent, const char *peer,
                                    const char *uuid, uint64_t now_ms);
/* One lease, or all of the peer's (NULL). */
struct json_object *
peer_proto_leases(const struct lent *lent, const char *peer,
                  const struct lent_lease *one, uint64_t now_ms);

#endif
