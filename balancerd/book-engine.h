/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Policy engines as clients change them while the daemon runs. */
#ifndef BOOK_ENGINE_H
#define BOOK_ENGINE_H

#include "engines.h"

struct balancer;

/* As engines_put and engines_remove; then told, and a balance is due. */
int book_put_engine(struct balancer *b, const char *name,
                    const struct conf_policy *spec, struct engine **ret,
                    char error[CONF_ERROR_SIZE]);
int book_remove_engine(struct balancer *b, const char *name,
                       char error[CONF_ERROR_SIZE]);

#endif
