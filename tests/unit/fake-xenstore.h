/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stands in for libxenstore: a store in this process, and what others do to
 * it.  Paths and values are kept by pointer or short.
 */
#ifndef TESTS_UNIT_FAKE_XENSTORE_H
#define TESTS_UNIT_FAKE_XENSTORE_H

#include <stdbool.h>
#include <xenstore.h>

/* What xs_fileno() says. */
#define FAKE_FD 1234

struct fake_counts {
    unsigned reads;
    unsigned writes;
    unsigned watches;      /* that are set now */
    unsigned transactions; /* that were begun */
    unsigned opens;        /* that succeeded */
    unsigned closes;
};

/* Empty, nothing counted; the handle to pass. */
struct xs_handle *fake_reset(void);
extern struct fake_counts fake;

/* What another client does: fires watches. */
void fake_set(const char *path, const char *value);
void fake_unset(const char *path); /* with all below it */
/* An event of a special watch: "@introduceDomain". */
void fake_fire(const char *path);
/* NULL if absent. */
const char *fake_get(const char *path);

/* The next n transactions end in a conflict. */
void fake_conflict(unsigned n);
/* From now on opening and writing fail with this errno; 0: no longer. */
void fake_refuse(int error);
/* xenstored has gone. */
void fake_hang_up(void);

#endif
