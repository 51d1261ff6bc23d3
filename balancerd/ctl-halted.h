/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains that do not run, but for which something is set. */
#ifndef CTL_HALTED_H
#define CTL_HALTED_H

#include <stdbool.h>

struct balancer;
struct json_object;
struct settings;

/* With the members of vm_record().  The caller owns it. */
struct json_object *halted_record(const struct settings *s);

/* For each of b->settings: does its domain not run?  The caller frees; NULL:
 * no memory. */
bool *halted_find(const struct balancer *b);

#endif
