/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xenstore paths, spelled here and nowhere else.  Amounts are decimal KiB.
 * Keys of a domain are below /local/domain/<domid>/.
 */
#ifndef PROTO_KEYS_H
#define PROTO_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#define KEYS_PATH_SIZE 192

/* what the toolstack keeps of its domains; KEYS_GUESTS/<domid>/<key> */
#define KEYS_GUESTS "/local/domain"
/* toolstack's and guest's, honoured */
#define KEY_NAME            "name"
#define KEY_TARGET          "memory/target"
#define KEY_STATIC_MAX      "memory/static-max"
#define KEY_DYNAMIC_MIN     "memory/dynamic-min"
#define KEY_DYNAMIC_MAX     "memory/dynamic-max"
#define KEY_VIDEORAM        "memory/videoram"
#define KEY_FEATURE_BALLOON "control/feature-balloon"
#define KEY_MEMINFO_FREE    "data/meminfo_free"
#define KEY_MEMINFO         "memory/meminfo" /* Qubes': used KiB */
/* ours */
#define KEY_STATIC_MIN "memory/static-min"
#define KEY_SAMPLE     "data/balancer/sample" /* by balancer-agent */
/* Swap devices: KEY_OFFERS/<volume> is what is offered, for the guest to read;
 * KEY_ANSWERS/<volume> is what balancer-agent says to it. */
#define KEY_OFFERS  "balancer/swap"
#define KEY_ANSWERS "data/balancer/swap"

/* the block devices that domain 0 serves; KEYS_VBDS/<domid>/<devid>/<key> */
#define KEYS_VBDS        "/local/domain/0/backend/vbd"
#define KEY_VBD_PARAMS   "params" /* what is behind it: a path */
#define KEY_VBD_NAME     "dev"    /* what the guest calls it */
#define KEY_VBD_NUMBERS  "physical-device"
#define KEY_VBD_PATH     "physical-device-path"
#define KEY_VBD_ERROR    "hotplug-error"
#define KEY_VBD_HOTPLUG  "hotplug-status"
#define VBD_HAS_FAILED   "error"
#define VBD_IS_CONNECTED "connected"
/* what libxl knows of them; KEYS_LIBXL/<domid>/KEY_LIBXL_VBDS/<devid>/... */
#define KEYS_LIBXL        "/libxl"
#define KEY_LIBXL_VBDS    "device/vbd"
#define KEY_LIBXL_BACKEND "backend"
/* by which libxl asks the guest to suspend itself; empty: by another way */
#define KEY_SUSPEND_CHANNEL "device/suspend/event-channel"

/* our own tree; only domain 0 reads or writes it */
#define KEYS_ROOT         "/balancer"
#define KEYS_RESERVATIONS KEYS_ROOT "/reservation"
#define KEYS_DOMAINS      KEYS_ROOT "/domain"
#define KEYS_OVERHEADS    KEYS_ROOT "/overhead"
#define KEYS_ERRANDS      KEYS_ROOT "/reserve"
#define KEYS_LENT         KEYS_ROOT "/lent" /* domain 0's size without, with */
#define KEYS_RECALLS      KEYS_ROOT "/recall" /* leases that are wanted back */
/* this daemon: running or stopped */
#define KEYS_DAEMON_VERSION KEYS_ROOT "/daemon/version"
#define KEYS_DAEMON_PID     KEYS_ROOT "/daemon/pid"
#define KEYS_DAEMON_STATE   KEYS_ROOT "/daemon/state"
/* the host */
#define KEYS_HOST_STATE     KEYS_ROOT "/host/state"
#define KEYS_HOST_TOTAL     KEYS_ROOT "/host/total"
#define KEYS_HOST_FREE      KEYS_ROOT "/host/free"
#define KEYS_HOST_RESERVED  KEYS_ROOT "/host/reserved"
#define KEYS_HOST_AVAILABLE KEYS_ROOT "/host/available"
/* below KEYS_DOMAINS/<domid>/ */
#define KEY_STATUS_UUID   "uuid"
#define KEY_STATUS_STATE  "state"
#define KEY_STATUS_TARGET "target"
#define KEY_STATUS_ACTUAL "actual"
#define KEY_STATUS_SWAP   "swap" /* state of its remote swap */
#define KEY_ERROR         "error"
#define KEY_CAN_BALLOON   "can-balloon"
/* below KEYS_ERRANDS/<name>/: the script's ... */
#define KEY_ERRAND_DOMID "domid"
/* ... and our answers */
#define KEY_ERRAND_STATE   "state"
#define KEY_ERRAND_ID      "id"
#define KEY_ERRAND_REQUEST "request" /* the words that state answers */
#define KEY_ERRAND_ERROR   "error"   /* why domid is of no use */

/* /local/domain/<domid>/<key>, /balancer/domain/<domid>/<key>,
 * /balancer/domain/<domid>, /balancer/reservation/<id>,
 * /balancer/overhead/<type>, /balancer/recall/<lease>,
 * /balancer/reserve/<name>, /balancer/reserve/<name>/<key>,
 * /local/domain/<domid>/<dir>/<volume>, the same relative to the guest's own
 * directory.  Return path; cut if too long. */
const char *
keys_domain(char path[KEYS_PATH_SIZE], uint32_t domid, const char *key);
const char *
keys_status(char path[KEYS_PATH_SIZE], uint32_t domid, const char *key);
const char *keys_status_dir(char path[KEYS_PATH_SIZE], uint32_t domid);
const char *keys_reservation(char path[KEYS_PATH_SIZE], const char *id);
const char *keys_overhead(char path[KEYS_PATH_SIZE], const char *type);
const char *keys_recall(char path[KEYS_PATH_SIZE], uint64_t number);
const char *keys_errand(char path[KEYS_PATH_SIZE], const char *name);
const char *
keys_errand_key(char path[KEYS_PATH_SIZE], const char *name, const char *key);

const char *keys_offer(char path[KEYS_PATH_SIZE], uint32_t domid,
                       const char *dir, const char *volume);
const char *
keys_own_offer(char path[KEYS_PATH_SIZE], const char *dir, const char *volume);

/* Of a path below KEYS_ERRANDS: is it others who write there?  <name> and
 * <name>/domid are. */
bool keys_is_asked(const char *path);

#endif
