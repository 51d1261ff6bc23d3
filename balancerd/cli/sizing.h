/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a domain of an xl configuration will need: the larger of what libxl
 * wants and of what the daemon computes, and what it has learned. */
#ifndef CLI_SIZING_H
#define CLI_SIZING_H

#include "lifeline.h"
#include "xl.h"

struct args;

/* Has the daemon reckon, too: need_kib and overhead_kib become what is to be
 * reserved.  As lifeline_call. */
int sizing_ask(struct lifeline *daemon, struct xl_domain *domain);
/* Why more is asked for than xl would; nothing if it is not. */
void sizing_explain(const char *config, const struct xl_domain *domain);
/* vm-compute-memory-overhead config=FILE.  One of enum cli_exit. */
int sizing_show(const struct args *args);
/* what-if config=FILE: puts size= in its place.  One of enum cli_exit. */
int sizing_take(const struct args *args);

#endif
