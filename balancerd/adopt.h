/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stage of the loop that receives new domains. */
#ifndef ADOPT_H
#define ADOPT_H

#include <stdbool.h>

struct balancer;

/* Gives domains that appeared what is kept or due for them.  true if that
 * changes what is known of them: the host has to be looked at again. */
bool adopt_domains(struct balancer *b);
/* The defaults have changed: domains without a range may get one. */
void adopt_again(struct balancer *b);

#endif
