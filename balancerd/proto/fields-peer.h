/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those names of JSON members that are about peers: what hosts ask each other,
 * and how the control socket shows them and their leases. */
#ifndef PROTO_FIELDS_PEER_H
#define PROTO_FIELDS_PEER_H

/* methods between hosts */
#define PEER_METHOD_PING   "ping"
#define PEER_METHOD_CREATE "lease-create"
#define PEER_METHOD_RESIZE "lease-resize"
#define PEER_METHOD_END    "lease-end"
#define PEER_METHOD_LIST   "lease-list"

/* a peer */
#define FIELD_PEERS        "peers"
#define FIELD_PEER         "peer"
#define FIELD_PEER_ADDRESS "address"
#define FIELD_PEER_SECRET  "secret"
#define FIELD_LEND_MAX     "lend_max_kib"
#define FIELD_LENT         "lent_kib"
#define FIELD_LENDABLE     "lendable_kib"
#define FIELD_RTT          "rtt_us"
#define FIELD_RECALLS      "recalls"

/* a lease */
#define FIELD_LEASES      "leases"
#define FIELD_LEASE       "lease"
#define FIELD_VOLUME      "volume"
#define FIELD_TOKEN       "token"
#define FIELD_PORT        "port"
#define FIELD_SIZE_KIB    "size_kib"
#define FIELD_IS_RECALLED "is_recalled"
#define FIELD_RECALL_LEFT "recall_left_ms"
#define FIELD_IDLE        "idle_ms"

#endif
