/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration: balancerd.conf and *.conf of its .d directory. Sections
 * and "key = value"; what is printed parses again.
 */
#ifndef CONF_H
#define CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "log.h"
#include "peer-name.h"
#include "settings-adopt.h"
#include "tuning.h"

#define CONF_ERROR_SIZE     1024
#define CONF_PATH_SIZE      108 /* a socket's path: sun_path */
#define CONF_WORD_SIZE      64
#define CONF_ENGINE_SIZE    256
#define CONF_OPTIONS_MAX    32
#define CONF_DIRECTORY_SIZE 128
#define CONF_SWAP_DIRECTORY STATEDIR "/swap"
#define CONF_AUTO           UINT64_MAX /* "auto" instead of an amount */

struct conf_option {
    char key[CONF_WORD_SIZE];
    char value[CONF_WORD_SIZE];
};

/* An engine and what it is told. */
struct conf_policy {
    char engine[CONF_ENGINE_SIZE]; /* name or path */
    size_t n_options;
    struct conf_option options[CONF_OPTIONS_MAX];
};

struct conf {
    const char *file;     /* where it came from; NULL: there was none */
    struct tuning tuning; /* [host], [policy] engine-budget */
    uint64_t dom0_dynamic_max_kib;      /* [host] or CONF_AUTO */
    struct default_range default_range; /* [domain] */
    char settings[CONF_DIRECTORY_SIZE]; /* [domain] settings, "" for auto */
    struct conf_policy policy;          /* [policy] */
    char swap_directory[CONF_DIRECTORY_SIZE]; /* [swap] directory */
    uint64_t swap_move_kib_per_s;             /* [swap] move; 0: nothing */
    char socket[CONF_PATH_SIZE];              /* [control] socket */
    char group[CONF_WORD_SIZE];               /* [control] group, "" for none */
    enum log_level log_level;                 /* [log] level */
    uint64_t record_kib;   /* [log] record-size; 0: nothing is recorded */
    uint64_t lend_max_kib; /* [lend]; 0: nothing is lent */
    uint64_t lend_grace_ms;
    uint64_t lend_slack_kib; /* of domain 0 */
    uint64_t lend_port;      /* of lendmem's NBD server */
    char lend_socket[CONF_PATH_SIZE];
    char peer_name[PEER_NAME_SIZE];      /* [peers] name, "" for the host's */
    char peer_listen[PEER_ADDRESS_SIZE]; /* [peers] listen, "" for nowhere */
    char metrics_listen[PEER_ADDRESS_SIZE]; /* [metrics] listen, the same */
};

void conf_default(struct conf *c);
/* One key; 0 or -EINVAL, -ERANGE and a sentence. */
int conf_set(struct conf *c, const char *section, const char *key,
             const char *value, char error[CONF_ERROR_SIZE]);
/* Do the values fit together?  0 or -EINVAL and a sentence. */
int conf_check(const struct conf *c, char error[CONF_ERROR_SIZE]);
/* The keys in file, called name in errors, one after the other into c, which
 * may be half changed on failure. */
int conf_parse(struct conf *c, FILE *file, const char *name,
               char error[CONF_ERROR_SIZE]);
/* Reads path, then path.d/ *.conf in the order of their names, and checks the
 * whole; path is kept.  An absent file is an error unless path is NULL: the
 * default one; an absent directory never is.  *ret_c is untouched on failure.
 * 0 or -errno, the sentence has file and line. */
int
conf_read(struct conf *ret_c, const char *path, char error[CONF_ERROR_SIZE]);
/* An engine, by name or absolute path, without options.  0, -EINVAL, -ERANGE
 * and a sentence. */
int conf_policy_init(struct conf_policy *ret, const char *engine,
                     char error[CONF_ERROR_SIZE]);
/* Sets an option, or changes it, whatever the engine says to it.  0 or -EINVAL
 * and a sentence. */
int conf_policy_set(struct conf_policy *p, const char *key, const char *value,
                    char error[CONF_ERROR_SIZE]);
bool
conf_policy_is_same(const struct conf_policy *a, const struct conf_policy *b);
/* Every key with its value in force, section by section. */
typedef void conf_each_fn(void *arg, const char *section, const char *key,
                          const char *value);
void conf_each(const struct conf *c, conf_each_fn *fn, void *arg);
/* The same in the syntax that is read. */
void conf_print(const struct conf *c, FILE *out);

#endif
