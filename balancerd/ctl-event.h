/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events as clients see them, and the choice of them. */
#ifndef CTL_EVENT_H
#define CTL_EVENT_H

#include <stdbool.h>
#include <stdint.h>

struct events_entry;
struct json_object;
struct verb_call;

/* The caller owns it. */
struct json_object *event_record(const struct events_entry *e);

/* since=: the id of the last event that is too old; without it *ret stays as
 * it is.  0, or -EINVAL with call->error. */
int event_since(struct verb_call *call, uint64_t *ret_id);
/* Are kind= and the selectors of the call well-formed? */
int event_check_filter(struct verb_call *call);
/* The first event after *id that the call's filter lets pass, or NULL; *id is
 * then the last one that was looked at. 0, or -EINVAL with call->error. */
int event_next_match(struct verb_call *call, uint64_t *id,
                     const struct events_entry **ret);

#endif
