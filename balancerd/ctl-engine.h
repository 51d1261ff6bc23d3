/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Policy engines as clients see them. */
#ifndef CTL_ENGINE_H
#define CTL_ENGINE_H

#include "conf.h"

struct balancer;
struct engine;
struct json_object;

/* The caller owns them. */
struct json_object *
engine_record(const struct balancer *b, const struct engine *e);
/* What comes with the daemon, loaded or not. */
struct json_object *engine_built_in_records(void);

/* The sentence on an instance that is not there. */
void engine_unknown(const struct balancer *b, const char *name,
                    char error[CONF_ERROR_SIZE]);

#endif
