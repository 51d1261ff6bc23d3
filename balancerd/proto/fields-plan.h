/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of what is planned, and of why. */
#ifndef PROTO_FIELDS_PLAN_H
#define PROTO_FIELDS_PLAN_H

/* a domain */
#define FIELD_ENGINE_WISH "engine_wish_kib"
#define FIELD_CLIPS       "clips"
#define FIELD_RULE_NAME   "rule_name"
#define FIELD_RULE_FOR    "rule_for_ms"
#define FIELD_NEXT        "next_target_kib"
#define FIELD_NEXT_RULE   "next_rule"
#define FIELD_DECISION    "decision"
#define FIELD_IS_OURS     "is_ours"
#define FIELD_CHANGES     "changes_when"

/* the host */
#define FIELD_SPARE_NOW   "spare_now_kib"
#define FIELD_GIVEN       "given_kib"
#define FIELD_TAKEN       "taken_kib"
#define FIELD_SPARE_THEN  "spare_then_kib"
#define FIELD_WAITING_KIB "waiting_kib"

/* what if */
#define FIELD_TO_FREE  "to_free_kib"
#define FIELD_READY_IN "ready_in_ms"
#define FIELD_GIVES    "gives_kib"
#define FIELD_KEEPS    "keeps_kib"
#define FIELD_IS_GUESS "is_guess"

#endif
