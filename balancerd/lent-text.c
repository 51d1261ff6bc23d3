/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A lease that is wanted back as xenstore has it. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lent-text.h"
#include "util/parse.h"

void
lent_recall_format(const struct lent_lease *l, char text[LENT_RECALL_SIZE])
{
    char label[LENT_LABEL_SIZE];

    lent_label(l->peer, l->volume, label);
    snprintf(text, LENT_RECALL_SIZE, "%s %" PRIu64, label, l->recall_ms);
}

int
lent_recall_parse(const char *text, struct lent_lease *l)
{
    char label[LENT_LABEL_SIZE];
    size_t length = strcspn(text, " ");
    uint64_t until_ms;

    lent_label(l->peer, l->volume, label);
    if (length != strlen(label) || memcmp(text, label, length) != 0 ||
        text[length] != ' ' ||
        parse_u64(text + length + 1, 0, UINT64_MAX, &until_ms) < 0)
        return -EINVAL;
    lent_recall(l, until_ms);
    return 0;
}
