/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those names of JSON members (fields.h) that are about remote swap. */
#ifndef PROTO_FIELDS_SWAP_H
#define PROTO_FIELDS_SWAP_H

/* a volume, as clients see it and as it is kept */
#define FIELD_VOLUMES        "volumes"
#define FIELD_VOLUME         "volume"
#define FIELD_VM_UUID        "vm_uuid"
#define FIELD_SWAP_SIZE      "size_kib"
#define FIELD_SWAP_USED      "used_kib"
#define FIELD_SWAP_DEVICE    "vdev"
#define FIELD_SWAP_GUEST     "guest"
#define FIELD_SWAP_LEGS      "legs"
#define FIELD_SWAP_SYNC      "sync_permyriad"
#define FIELD_SWAP_TROUBLE   "last_error"
#define FIELD_SWAP_WISH      "wanted" /* wanted, unwanted, forced */
#define FIELD_SWAP_PEER      "peer"
#define FIELD_SWAP_LENDER    "lender"
#define FIELD_SWAP_OWED      "owed"
#define FIELD_SWAP_AUTOMATIC "automatic"
#define FIELD_SWAP_MOVE      "move_kib_per_s"
/* when a domain is explained */
#define FIELD_SWAP "swap" /* its volume; absent without one */

/* rswap-attach(8)'s answers */
#define FIELD_RSWAP_ERROR   "error"
#define FIELD_RSWAP_MESSAGE "message"
#define FIELD_RSWAP_STATE   "state"
#define FIELD_RSWAP_DEVICE  "device"
#define FIELD_RSWAP_SIZE    "device_kib"
#define FIELD_RSWAP_LEG     "leg"
#define FIELD_RSWAP_MISSING "missing_legs"
#define FIELD_RSWAP_GUEST   "guest_state"
#define FIELD_RSWAP_USED    "guest_used_kib"

#endif
