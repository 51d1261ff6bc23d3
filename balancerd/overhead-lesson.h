/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * By how much predictions of overhead have fallen short, by type of domain.
 * The largest of the last few shortfalls is charged to later domains of that
 * type; so one bad measurement costs memory only until as many others came.
 */
#ifndef OVERHEAD_LESSON_H
#define OVERHEAD_LESSON_H

#include <stddef.h>
#include <stdint.h>

#define OVERHEAD_LESSON_N         8 /* measurements that are remembered */
#define OVERHEAD_LESSON_TEXT_SIZE (OVERHEAD_LESSON_N * 21)

/* Zeroed at first. */
struct overhead_lesson {
    size_t n;
    uint64_t short_kib[OVERHEAD_LESSON_N]; /* oldest first */
};

/* A domain was predicted to cost so much, and was measured.  A shortfall
 * counts up to overhead_lesson_max_kib: what is beyond that was hardly the
 * domain's. */
void overhead_lesson_add(struct overhead_lesson *l, uint64_t predicted_kib,
                         uint64_t measured_kib);
/* The largest shortfall that is remembered. */
uint64_t overhead_lesson_kib(const struct overhead_lesson *l);

/* As it is kept in xenstore: numbers with a blank between them.  Parsing: 0 or
 * -EINVAL, and *ret is left alone. */
void overhead_lesson_format(const struct overhead_lesson *l,
                            char text[OVERHEAD_LESSON_TEXT_SIZE]);
int overhead_lesson_parse(const char *text, struct overhead_lesson *ret);

#endif
