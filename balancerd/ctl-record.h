/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records in the shape of xe's: chosen by their fields, shown in part. */
#ifndef CTL_RECORD_H
#define CTL_RECORD_H

#include <stdbool.h>

struct json_object;
struct verb_call;

/* A record's member for xe's name of it: "memory-target" is
 * "memory_target_kib".  NULL if there is none. */
const char *record_member(struct json_object *record, const char *field);

/* Is the field's value that of text?  Sizes may have suffixes.  0, or
 * -EINVAL with call->error. */
int record_matches(struct verb_call *call, struct json_object *record,
                   const char *field, const char *text, bool *ret_matches);

/* Is every field that the call names, but params=, as it says?  0, or -EINVAL
 * with call->error. */
int
record_is_wanted(struct verb_call *call, struct json_object *record, bool *ret);

/* Takes from each record of list what the call's params=a,b|all does not
 * name; without it the members of defaults, or all if that is NULL.  0, or
 * -EINVAL with call->error. */
int records_cut(struct verb_call *call, struct json_object *list,
                const char *defaults);

/* Puts those of all into list whose fields have the values that the call names,
 * and cuts them.  0, or -EINVAL with call->error. */
int records_select(struct verb_call *call, struct json_object *all,
                   struct json_object *list);

/* xe's refusals, about the call's uuid= and about a field.  Return -EINVAL. */
int record_refuse_uuid(struct verb_call *call, const char *class);
int record_refuse_field(struct verb_call *call, const char *field);

#endif
