/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The agent's connection to xenstore.  It may fail at any time, after a
 * migration or while xenstored is restarted, and is then made anew, less and
 * less often until it works.
 */
#ifndef GUEST_STORE_H
#define GUEST_STORE_H

#include <stdbool.h>
#include <stdint.h>

struct xs_handle;

#define STORE_RETRY_MIN_MS 1000
#define STORE_RETRY_MAX_MS 60000

/* Zeroed at first. */
struct store {
    struct xs_handle *xs; /* NULL: not connected */
    bool is_watching;     /* since this connection */
    uint64_t retry_ms;    /* not before; only after a failure */
    uint64_t delay_ms;    /* 0: the last write did not fail */
};

/* Writes the guest's own key.  0; -EAGAIN: it is too early to try again after
 * a failure; or another -errno, logged the first time. */
int store_write(struct store *st, const char *key, const char *value,
                uint64_t now_ms);
/* Sees to it that changes at or below the key are heard of.  As for
 * store_write(). */
int store_watch(struct store *st, const char *key, uint64_t now_ms);
/* Has there been one?  The first look after a new connection says so. */
bool store_has_changed(struct store *st);
/* Becomes readable when there is a change; -1: there is no connection. */
int store_fd(const struct store *st);

/* The guest's own key, and the names below it; the caller frees them.  NULL:
 * there is nothing. */
char *store_read(struct store *st, const char *key, unsigned *ret_length);
char **store_list(struct store *st, const char *key, unsigned *ret_n);

/* Removes the key (NULL: nothing), if that can be done, and disconnects. */
void store_close(struct store *st, const char *key);

#endif
