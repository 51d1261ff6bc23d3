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
struct range;
struct settings;
struct verb_call;

/* The caller owns it. */
struct json_object *vm_record(const struct balancer *b, const struct guest *g);
/* Parts of it.  s NULL: nothing is set. */
void vm_set_limits(struct json_object *record, const struct range *limits);
void vm_set_settings(struct json_object *record, const struct settings *s);

/* What xenstore says of a domain's limits. */
struct range vm_store_range(const struct guest *g);

/* NULL if no domain has that uuid, or text is none.  While a domain moves
 * within this host there are two: the one that is not going away. */
const struct guest *
vm_find_uuid(const struct guest_table *table, const char *text);
/* xe's refusal of one whose power state is another.  Returns -EINVAL. */
int vm_refuse_power_state(struct verb_call *call, struct json_object *record,
                          const char *expected);

/* What vm= may call a domain. */
struct vm_names {
    const char *name;
    const char *uuid;
    uint32_t domid; /* VM_NO_DOMID: none */
};

/* Does the call say which domains it is about? */
bool vm_has_selector(const struct verb_call *call);
/* Is a domain of these names, of which record says something, what every
 * selector says?  What the record does not say is not so.  A key that is the
 * verb's own, such as a new weight, is no selector.  0, or -EINVAL with
 * call->error. */
int vm_is_selected(struct verb_call *call, const struct vm_names *names,
                   struct json_object *record, bool *ret);

#define VM_NO_DOMID UINT32_MAX
#define VM_HALTED   "halted" /* its power state */
#define VM_RUNNING  "running"

struct vm_list {
    size_t n;
    uint32_t *domids;            /* VM_NO_DOMID: it does not run */
    struct json_object *records; /* an array: n vm_record()s */
};

/* The domains that all selectors of the call name; without any all of them;
 * those that do not run last.  The host is observed first.  0, or -EINVAL with
 * call->error. */
int vm_select(struct verb_call *call, struct vm_list *ret);
/* The same for a verb that changes what is set for domains: at least one
 * selector, at least one domain; more than one only with multiple=true. */
int vm_select_to_set(struct verb_call *call, struct vm_list *ret);
/* The same for a verb that is about domains that run. */
int vm_select_to_change(struct verb_call *call, struct vm_list *ret);
/* The same for a verb that is about one domain that runs. */
int vm_select_one(struct verb_call *call, uint32_t *ret_domid);
void vm_list_done(struct vm_list *list);
/* The record, which the caller owns, of the domain with the call's uuid=; it
 * may also be one that does not run.  0, or -EINVAL with call->error. */
int vm_select_uuid(struct verb_call *call, struct json_object **ret_record);

#endif
