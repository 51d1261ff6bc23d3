/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of values that configuration keys have. */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"

#define CONF_VALUE_SIZE 256

/* Of sizes in KiB, of times in ms; of texts max is the room in bytes. */
struct conf_limits {
    uint64_t min;
    uint64_t max;
};

struct conf_kind {
    const char *expects; /* for the error: "a size (...)" */
    bool is_amount;      /* a uint64_t that has a range */
    /* 0, -EINVAL or -ERANGE; field is untouched on failure. */
    int (*parse)(const struct conf_limits *limits, const char *value,
                 void *field);
    /* What parse reads back as the same. */
    void (*format)(const void *field, char text[CONF_VALUE_SIZE]);
};

/* What is to become of a line "key = value". */
struct conf_value {
    const struct conf_kind *kind;
    struct conf_limits limits;
    const char *key;
    const char *value;
};

extern const struct conf_kind conf_kind_size;         /* uint64_t KiB */
extern const struct conf_kind conf_kind_size_or_auto; /* and CONF_AUTO */
extern const struct conf_kind conf_kind_limit;        /* struct default_limit */
extern const struct conf_kind conf_kind_time;         /* uint64_t ms */
extern const struct conf_kind conf_kind_number;       /* uint64_t */
extern const struct conf_kind conf_kind_bool;
extern const struct conf_kind conf_kind_engine;       /* name or path */
extern const struct conf_kind conf_kind_name;         /* [a-z0-9-]+ */
extern const struct conf_kind conf_kind_path;         /* absolute */
extern const struct conf_kind conf_kind_path_or_auto; /* "" for auto */
extern const struct conf_kind conf_kind_text;    /* one line, maybe empty */
extern const struct conf_kind conf_kind_peer;    /* a peer's name, or "" */
extern const struct conf_kind conf_kind_address; /* IP with port, or "" */
extern const struct conf_kind conf_kind_listen;  /* the same, or a port */
extern const struct conf_kind conf_kind_level;   /* enum log_level */

/* Parses value into field; 0, or -errno and a sentence about key. */
int conf_value_parse(const struct conf_value *v, void *field,
                     char error[CONF_ERROR_SIZE]);

#endif
