/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Usage texts, made from the synopsis. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "proto/synopsis.h"

/* verb NULL: an overview. */
void help_print(const struct synopsis *verb, FILE *out);
/* The same for scripts: the verbs, or the verb's words. */
void help_print_minimal(const struct synopsis *verb, FILE *out);

#endif
