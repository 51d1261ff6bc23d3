/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Options of engines: a table says which there are; a value is a decimal
 * number of up to four decimals and a unit.  What an engine keeps begins with
 * struct xbp_options, so that xbp_option_config can be its config.
 */
#ifndef XBP_OPTION_H
#define XBP_OPTION_H

#include <stddef.h>
#include <stdint.h>

enum xbp_option_kind {
    XBP_OPTION_SIZE,   /* B, KiB, MiB, GiB, TiB, none: bytes; kept in KiB */
    XBP_OPTION_TIME,   /* ms, s, m, h, d, none: seconds; kept in ms */
    XBP_OPTION_NUMBER, /* %, none; kept in 1/10000: XBP_OPTION_ONE is 1 */
};
#define XBP_OPTION_ONE 10000u

/* One option; the table ends with one that has no key. */
struct xbp_option {
    const char *key;
    enum xbp_option_kind kind;
    size_t offset;            /* of a uint64_t in what the engine keeps */
    const char *least, *most; /* its bounds, and ... */
    const char *standard;     /* ... what it is if nobody says */
};

struct xbp_options {
    const struct xbp_option *table;
};

/* size bytes of zero that begin with struct xbp_options, all options of the
 * table at their defaults; NULL if there is no memory.  For free(). */
void *xbp_option_create(size_t size, const struct xbp_option *table);

/* Sets one option: a config of struct xbp_policy. */
int xbp_option_config(void *ctx, const char *key, const char *value,
                      char *error, size_t error_size);

#endif
