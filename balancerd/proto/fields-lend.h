/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those names of JSON members that are about memory lent to other hosts. */
#ifndef PROTO_FIELDS_LEND_H
#define PROTO_FIELDS_LEND_H

/* what is asked */
#define FIELD_LEND_TOKEN  "token"
#define FIELD_LEND_SIZE   "size"
#define FIELD_LEND_QUOTA  "quota"
#define FIELD_LEND_LABEL  "label"
#define FIELD_LEND_MEMORY "memory"

/* the pool */
#define FIELD_LEND_MEMORY_KIB   "memory_kib"
#define FIELD_LEND_MEMORY_MAX   "memory_max_kib"
#define FIELD_LEND_PROMISED     "promised_kib"
#define FIELD_LEND_STORED       "stored_kib"
#define FIELD_LEND_HELD         "held_kib"
#define FIELD_LEND_N_LEASES     "n_leases"
#define FIELD_LEND_CONNECTIONS  "connections"
#define FIELD_LEND_NOT_PROMISED "available_kib"
#define FIELD_LEND_NEEDED       "needed_kib"

/* a lease */
#define FIELD_LEND_LEASES        "leases"
#define FIELD_LEND_NUMBER        "lease"
#define FIELD_LEND_SIZE_KIB      "size_kib"
#define FIELD_LEND_QUOTA_KIB     "quota_kib"
#define FIELD_LEND_TABLE         "table_kib"
#define FIELD_LEND_READS         "reads"
#define FIELD_LEND_WRITES        "writes"
#define FIELD_LEND_ZEROES        "zeroes"
#define FIELD_LEND_READ_BYTES    "read_bytes"
#define FIELD_LEND_WRITTEN_BYTES "written_bytes"
#define FIELD_LEND_HITS          "hits"
#define FIELD_LEND_MISSES        "misses"
#define FIELD_LEND_REFUSED       "refused"
#define FIELD_LEND_IDLE          "idle_s"
#define FIELD_LEND_AGES          "stored_by_idle"

#endif
