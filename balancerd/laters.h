/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Answers that verbs wait for and that somebody else gives: another process, or
 * another host.  Who waits knows them by a number.
 */
#ifndef LATERS_H
#define LATERS_H

#include <stdint.h>

#include "proto/request-error.h"

struct json_object;
struct later;
struct laters;

/* Called when one of them is there. */
typedef void laters_fn(void *arg);

struct laters *laters_new(laters_fn *fn, void *arg); /* NULL: no memory */
struct laters *laters_free(struct laters *t); /* who gives was told to forget */

/* NULL: no memory, or too many. */
struct later *later_begin(struct laters *t);
uint64_t later_id(const struct later *l);
/* Exactly one of these, once.  result becomes its; error is copied, but for
 * its data. */
void later_give(struct later *l, struct json_object *result);
void later_refuse(struct later *l, const struct request_error *error);

/* Is it there?  Then its result, which is the caller's, or its error: 1.  Not
 * yet: 0.  -ENOENT: there is no such answer. */
int later_take(struct laters *t, uint64_t id, struct json_object **ret_result,
               struct request_error *ret_error);
/* Nobody waits for it any more. */
void later_abandon(struct laters *t, uint64_t id);

#endif
