/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asks lendmem, over its control socket, and never waits for it: answers come
 * from the loop, in the order of the requests.
 */
#ifndef LEND_CLIENT_H
#define LEND_CLIENT_H

#include <stddef.h>

struct event_base;
struct json_object;
struct lend_client;
struct response;

/* response is NULL for -errno: lendmem cannot be asked, or does not answer. */
typedef void lend_client_fn(void *arg, int r, const struct response *response);

#define LEND_CLIENT_DEADLINE_S 3

struct lend_client *
lend_client_new(struct event_base *base, const char *path); /* NULL */
/* Nobody who still waits is called. */
struct lend_client *lend_client_free(struct lend_client *c);
/* params stays the caller's.  0: fn will be called, later, once; -ENOMEM. */
int lend_client_ask(struct lend_client *c, const char *verb,
                    struct json_object *params, lend_client_fn *fn, void *arg);

#endif
