/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that survive a restart of the daemon in between. */
#ifndef CLI_LIFELINE_H
#define CLI_LIFELINE_H

#include "output.h"
#include "rpc.h"

struct lifeline {
    const struct output *output; /* for refusals */
    const char *socket;
    bool is_quiet; /* nothing is printed */
    struct rpc rpc;
};

void lifeline_open(struct lifeline *ret, const struct args *args);
/* Safe to be asked twice, or the caller does not mind.  0 with a result;
 * -EREMOTEIO: refused, and printed; -EINTR: a signal; -ENOTCONN: no daemon,
 * and printed. */
int lifeline_call(struct lifeline *l, const char *verb,
                  struct json_object *params, struct response *ret);
/* Lets time pass between two calls; false if a signal came. */
bool lifeline_rest(void);
void lifeline_close(struct lifeline *l);

#endif
