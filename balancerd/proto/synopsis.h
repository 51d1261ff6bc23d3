/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs, their keys and their one-line descriptions, as the man page has
 * them (man/balancerctl.synopsis).
 */
#ifndef PROTO_SYNOPSIS_H
#define PROTO_SYNOPSIS_H

#include <stdbool.h>

#define SYNOPSIS_ERROR_SIZE 256

struct synopsis_key {
    const char *name;
    const char *value; /* "SIZE"; "" for a flag (--name) */
    bool is_required;
    bool is_selector;    /* one of <vm-selectors> */
    const char *meaning; /* NULL for one of a list, <...> */
};

struct synopsis {
    const char *verb;
    const char *topic; /* verbs of one topic stand together */
    const char *usage; /* what follows the verb, a blank before each word */
    const char *summary;
    const struct synopsis_key *keys; /* ended by a NULL name */
};

/* An old name of a verb: accepted, not mentioned. */
struct synopsis_alias {
    const char *alias;
    const char *verb;
};

/* A word of the usages, "SIZE", and what may stand there. */
struct synopsis_word {
    const char *name;
    const char *meaning;
};

/* Each is ended by NULLs. */
extern const struct synopsis synopsis_table[];
extern const struct synopsis_alias synopsis_aliases[];
extern const struct synopsis_word synopsis_words[];

/* By its name or an old one; NULL if there is no such verb. */
const struct synopsis *synopsis_find(const char *verb);
/* NULL if the verb has no such key. */
const struct synopsis_key *
synopsis_key(const struct synopsis *s, const char *name);
/* What to say of a wrong verb or key, with what was probably meant. */
void synopsis_refuse_verb(const char *verb, char error[SYNOPSIS_ERROR_SIZE]);
void synopsis_refuse_key(const struct synopsis *s, const char *name,
                         char error[SYNOPSIS_ERROR_SIZE]);

/* Are all keys there that the verb cannot do without?  has says which are.
 * If not, a sentence. */
typedef bool synopsis_has_fn(const void *arg, const char *name);
bool synopsis_is_complete(const struct synopsis *s, synopsis_has_fn *has,
                          const void *arg, char error[SYNOPSIS_ERROR_SIZE]);

#endif
