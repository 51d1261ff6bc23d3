/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* This host as a record in the shape of xe's. */
#ifndef CTL_HOST_H
#define CTL_HOST_H

struct json_object;
struct verb_call;

/* The host as it was observed last; the caller owns it.  0, or -EINVAL with
 * call->error: no memory. */
int host_record(struct verb_call *call, struct json_object **ret_record);

#endif
