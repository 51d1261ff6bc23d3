/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answer to host-memory-show as what balancerctl top shows. */
#ifndef CLI_TOP_READ_H
#define CLI_TOP_READ_H

#include "top.h"

struct json_object;

/* 0 or -ENOMEM, then t is as it was. */
int top_read(struct top *t, struct json_object *result);
void top_done(struct top *t);

#endif
