/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of what a request holds, and of what the refusal of one does. */
#ifndef PROTO_PARAMS_H
#define PROTO_PARAMS_H

/* errors */
#define FIELD_CODE          "code"
#define FIELD_MESSAGE       "message"
#define FIELD_DATA          "data"
#define FIELD_ERROR         "error"         /* data: the code's name */
#define FIELD_DETAILS       "details"       /* data: numbers by name */
#define FIELD_CONTRIBUTIONS "contributions" /* data: who can give what */
#define FIELD_NEEDED        "needed_kib"
#define FIELD_AVAILABLE     "available_kib"
#define FIELD_SPARE         "free_now_kib"
#define FIELD_HELD          "held_kib"
#define FIELD_GIVE          "give_kib"
#define FIELD_FLOOR         "floor_kib"
#define FIELD_LIMIT         "limit"
/* xe's spelling */
#define FIELD_ERROR_PARAMETERS "Error parameters"

/* params */
#define PARAM_VM          "vm"
#define PARAM_NAME_LABEL  "name-label"
#define PARAM_MULTIPLE    "multiple"
#define PARAM_PARAMS      "params"
#define PARAM_MIN         "min"
#define PARAM_MAX         "max"
#define PARAM_TARGET      "target"
#define PARAM_SIZE        "size"
#define PARAM_OVERHEAD    "overhead"
#define PARAM_OWNER       "owner"
#define PARAM_KEY         "key"
#define PARAM_TTL         "ttl"
#define PARAM_WAIT        "wait"
#define PARAM_UUID        "uuid"
#define PARAM_ID          "id"
#define PARAM_DOMID       "domid"
#define PARAM_CONFIG      "config"
#define PARAM_DYNAMIC_MIN "dynamic-min"
#define PARAM_DYNAMIC_MAX "dynamic-max"
#define PARAM_STATIC_MIN  "static-min"
#define PARAM_STATIC_MAX  "static-max"
#define PARAM_MEMORY      "memory"
#define PARAM_WEIGHT      "weight"
#define PARAM_POLICY      "policy"
#define PARAM_MAX_SIZE    "max-size"
#define PARAM_PARAM_NAME  "param-name"
#define PARAM_PARAM_KEY   "param-key"
#define PARAM_SINCE       "since"
#define PARAM_KIND        "kind"
#define PARAM_LIMIT       "limit"
#define PARAM_INTERVAL    "interval"
#define PARAM_FORMAT      "format"
#define PARAM_COUNT       "count"
#define PARAM_ENGINE      "engine"
#define PARAM_NAME        "name"
#define PARAM_OPTIONS     "options"
#define PARAM_PARAM       "param"
#define PARAM_VALUE       "value"
#define PARAM_TIMEOUT     "timeout"
#define PARAM_GRACE       "grace"
#define PARAM_FORCE       "force"
/* remote swap */
#define PARAM_LEGS  "legs"
#define PARAM_FORCE "force"
#define PARAM_PEER  "peer"
#define PARAM_MOVE  "move"
/* a domain that is to be sized */
#define PARAM_TYPE        "type"
#define PARAM_MEMORY      "memory"
#define PARAM_MAXMEM      "maxmem"
#define PARAM_VCPUS       "vcpus"
#define PARAM_HAP         "hap"
#define PARAM_VIDEORAM    "videoram"
#define PARAM_STUB_DOMAIN "stub-domain"
#define PARAM_MULTIPLIER  "multiplier"
#define PARAM_TOTAL       "total"
#define PARAM_APPROXIMATE "approximate"

#endif
