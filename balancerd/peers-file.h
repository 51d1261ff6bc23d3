/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The peers that last: peers.conf in the directory of the settings.
 *
 *     [host2]
 *     address = 10.9.0.2:10810
 *     secret = ...
 */
#ifndef PEERS_FILE_H
#define PEERS_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "peer-name.h"

#define PEERS_FILE_NAME       "peers.conf"
#define PEERS_FILE_MAX        64
#define PEERS_FILE_ERROR_SIZE 512

struct peers_entry {
    char name[PEER_NAME_SIZE];
    struct peer_address address;
    char secret[PEER_SECRET_SIZE];
};

struct peers_list {
    size_t n;
    struct peers_entry list[PEERS_FILE_MAX];
};

/* 0, or -errno and a sentence; *ret is untouched on failure.  No file is no
 * peer. */
int peers_file_read(const char *dir, struct peers_list *ret,
                    char error[PEERS_FILE_ERROR_SIZE]);
int peers_file_parse(FILE *file, const char *name, struct peers_list *ret,
                     char error[PEERS_FILE_ERROR_SIZE]);
/* It is on disk when this returns.  0 or -errno. */
int peers_file_write(const char *dir, const struct peers_list *peers);

/* NULL: there is none. */
struct peers_entry *peers_list_find(struct peers_list *peers, const char *name);

#endif
