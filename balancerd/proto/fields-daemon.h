/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those names of JSON members (fields.h) that are about the daemon itself: what
 * it remembers, how it plans, what it is. */
#ifndef PROTO_FIELDS_DAEMON_H
#define PROTO_FIELDS_DAEMON_H

/* an event */
#define FIELD_EVENTS      "events"
#define FIELD_TIME        "time"
#define FIELD_KIND        "kind"
#define FIELD_RESERVATION "reservation"
#define FIELD_OLD         "old_kib"
#define FIELD_NEW         "new_kib"
#define FIELD_OLD_STATE   "old_state"
#define FIELD_NEW_STATE   "new_state"
#define FIELD_PARAMS      "params" /* what was asked to be shown */

/* an engine */
#define FIELD_ENGINES     "engines"
#define FIELD_BUILT_IN    "built_in"
#define FIELD_INSTANCE    "instance"
#define FIELD_DESCRIPTION "description"
#define FIELD_IS_DEFAULT  "is_default"
#define FIELD_IS_FAILING  "is_failing"
#define FIELD_FAILURES    "failures"
#define FIELD_SET_ASIDE   "is_set_aside"
#define FIELD_TROUBLE     "trouble"
#define FIELD_OPTIONS     "options"

/* the history */
#define FIELD_HISTORY      "history"
#define FIELD_TARGETS      "targets_kib"
#define FIELD_IS_SQUEEZING "is_squeezing"
#define FIELD_ACTUALS      "actuals_kib"
#define FIELD_WALL         "wall_ms" /* since 1970 */
#define FIELD_STEP         "step_ms"
#define FIELD_FORMAT       "format"

/* the daemon */
#define FIELD_VERSION         "version"
#define FIELD_UPTIME          "uptime_ms"
#define FIELD_DOMAINS         "domains"
#define FIELD_TICKS           "ticks"
#define FIELD_FAILED_TICKS    "failed_ticks"
#define FIELD_TARGET_WRITES   "target_writes"
#define FIELD_GRANTS          "grants"
#define FIELD_REFUSALS        "refusals"
#define FIELD_ENGINE_FAILURES "engine_failures"
#define FIELD_GUARD_FAILURES  "guard_failures"
#define FIELD_AT_REST         "is_at_rest"
#define FIELD_CLIENTS         "clients"
#define FIELD_WAITING         "waiting"
#define FIELD_INSTANCES       "instances"
#define FIELD_LAST_EVENT      "last_event"
#define FIELD_CONFIG_FILE     "config_file"
#define FIELD_FILE            "file"
#define FIELD_CONFIGURATION   "configuration"

#endif
