/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Setting something for the domains that a call selects, running or not: all
 * or none.
 */
#ifndef CTL_SET_H
#define CTL_SET_H

#include <stdbool.h>
#include <stdint.h>

struct guest;
struct json_object;
struct range;
struct settings;
struct verb_call;

#define SET_LIMITS 4

/* One domain, as a verb meets it. */
struct set_subject {
    struct json_object *record;
    const char *uuid;
    uint32_t domid; /* VM_NO_DOMID: it does not run */
    /* Valid until the book is asked, which looks at the host: */
    const struct guest *g;       /* NULL: it does not run */
    const struct settings *kept; /* NULL: nothing is set */
};

struct set_wish;

/* Fills wanted with what the verb sets for this domain, from the call's
 * params.  0, or -EINVAL with call->error. */
typedef int set_fill_fn(struct verb_call *call, const struct set_wish *wish,
                        const struct set_subject *vm, struct settings *wanted);

/* What a verb does. */
struct set_wish {
    unsigned fields; /* of enum settings_fields */
    set_fill_fn *fill;
    const char *keys[SET_LIMITS]; /* params of fill; NULL: none */
};

/* Does it not run, or not any more? */
bool set_is_halted(const struct set_subject *vm);

/* For each domain that the call selects, or each record. */
int set_selected(struct verb_call *call, const struct set_wish *wish);
int set_records(struct verb_call *call, const struct set_wish *wish,
                struct json_object *records);

/* The same by hand: fn for each record, until one fails; wish may be NULL.  In
 * set_all what was done for those before it is then undone. */
typedef int set_each_fn(struct verb_call *call, const struct set_wish *wish,
                        const struct set_subject *vm);
int set_each(struct verb_call *call, const struct set_wish *wish,
             struct json_object *records, set_each_fn *fn);
int set_all(struct verb_call *call, const struct set_wish *wish,
            struct json_object *records, set_each_fn *fn);
/* The book's answer r in the words of the socket; range is the one that was
 * refused by -ERANGE.  0, or -EINVAL with call->error. */
int set_translate(struct verb_call *call, const struct set_subject *vm, int r,
                  const struct range *range, const char *error);
/* Names the domain in a refusal. */
void set_detail(struct verb_call *call, const struct set_subject *vm);

#endif
