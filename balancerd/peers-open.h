/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The peers' beginning, change and end: for the daemon, and for the verbs. */
#ifndef PEERS_OPEN_H
#define PEERS_OPEN_H

#include "peers-file.h"
#include "peers.h"

struct balancer;
struct event_base;
struct lender;

struct peers_config {
    struct event_base *base;
    struct balancer *b;    /* for its events */
    struct lender *lender; /* who answers what peers ask */
    const char *name;      /* of this host, as its peers know it */
    const char *uuid;
    const char *listen; /* an address, "" for none */
    const char *dir;    /* where peers last, NULL: they do not */
};

/* Connects to those in the file.  0, or -errno and a sentence. */
int peers_open(struct peers **ret, const struct peers_config *config,
               char error[PEERS_FILE_ERROR_SIZE]);
/* NULL is fine.  The lender, who would answer, is closed before. */
struct peers *peers_close(struct peers *peers);
/* Reads the file again.  0, or -errno and a sentence; nothing has changed. */
int peers_reload(struct peers *peers, char error[PEERS_FILE_ERROR_SIZE]);

/* A peer more, or another address or secret for one; it is on disk when this
 * returns.  0, or -errno and a sentence; nothing has changed. */
int peers_add(struct peers *peers, const struct peers_entry *entry,
              char error[PEERS_FILE_ERROR_SIZE]);
int peers_remove(struct peers *peers, const char *name,
                 char error[PEERS_FILE_ERROR_SIZE]);

/* The name of this host. */
const char *peers_own_name(const struct peers *peers);
struct lender *peers_lender(const struct peers *peers);

#endif
