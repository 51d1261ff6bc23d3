/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains as records, and the choice of them by xe's selectors. */
#ifndef CTL_VM_H
#define CTL_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct balancer;
struct guest;
struct guest_table;
struct json_object;
struct verb_call;

/* The caller owns it. */
struct json_object *vm_record(const struct balancer *b, const struct guest *g);

/* NULL if no domain has that uuid, or text is none.  While a domain moves
 * within this host there are two: the one that is not going away. */
const struct guest *
vm_find_uuid(const struct guest_table *table, const char *text);
/* Does the call say which domains it is about? */
bool vm_has_selector(const struct verb_call *call);
/* Is g, of which record says something, what every selector says?  What the
 * record does not say is not so.  0, or -EINVAL with call->error. */
int vm_is_selected(struct verb_call *call, const struct guest *g,
                   struct json_object *record, bool *ret);

struct vm_list {
    size_t n;
    uint32_t *domids;
    struct json_object *records; /* an array: n vm_record()s */
};

/* The domains that all selectors of the call name; without any all of them.
 * The host is observed first.  0, or -EINVAL with call->error. */
int vm_select(struct verb_call *call, struct vm_list *ret);
/* The same for a verb that changes domains: at least one selector, at least
 * one domain; more than one only with multiple=true. */
int vm_select_to_change(struct verb_call *call, struct vm_list *ret);
/* The same for a verb that is about one domain. */
int vm_select_one(struct verb_call *call, uint32_t *ret_domid);
void vm_list_done(struct vm_list *list);

#endif
