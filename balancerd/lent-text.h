/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the next daemon has to know of a lease that is wanted back. */
#ifndef LENT_TEXT_H
#define LENT_TEXT_H

#include "lent.h"

#define LENT_RECALL_SIZE (LENT_LABEL_SIZE + 24)

/* "PEER/VOLUME UNTIL_MS" */
void
lent_recall_format(const struct lent_lease *l, char text[LENT_RECALL_SIZE]);
/* It is wanted back by then.  0, or -EINVAL: that is about another lease. */
int lent_recall_parse(const char *text, struct lent_lease *l);

#endif
