/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each domain could give, as clients see it. */
#ifndef CTL_SHORTAGE_H
#define CTL_SHORTAGE_H

struct contribution;
struct feasibility;
struct json_object;
struct verb_call;

/* The caller owns it. */
struct json_object *contribution_record(const struct contribution *c);
/* It is not there, or not free and nobody may be squeezed.  Returns -EINVAL. */
int verb_refuse_shortage(struct verb_call *call, const struct feasibility *why);

#endif
