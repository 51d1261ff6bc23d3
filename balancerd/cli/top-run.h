/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* balancerctl top: the host and its domains, again and again. */
#ifndef CLI_TOP_RUN_H
#define CLI_TOP_RUN_H

struct args;

/* An enum cli_exit. */
int top_run(const struct args *args);

#endif
