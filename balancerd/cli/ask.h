/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs that the daemon answers: asked and printed. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "args.h"

/* One of enum cli_exit. */
int ask_once(const struct args *args);
/* The same for a verb that refuses with REQUEST_TARGET_TIMEOUT as long as what
 * it is about is not there: asked again and again, up to timeout=. */
int ask_until_there(const struct args *args);

#endif
