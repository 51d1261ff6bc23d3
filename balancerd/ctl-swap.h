/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Volumes of remote swap as clients see them. */
#ifndef CTL_SWAP_H
#define CTL_SWAP_H

struct balancer;
struct guest;
struct json_object;
struct swap_volume;

/* The caller owns it. */
struct json_object *
swap_record(struct balancer *b, const struct swap_volume *v);
/* The volume that g has becomes part of the record. */
void swap_explain(struct balancer *b, const struct guest *g,
                  struct json_object *record);

#endif
