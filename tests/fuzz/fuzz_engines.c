/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as the file of engines; what is taken comes back as the same; what
 * is refused says why. */
#include <config.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engines-text.h"
#include "util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct engines_kept first, second;

static int
parse(const char *text, size_t size, struct engines_kept *ret)
{
    char error[CONF_ERROR_SIZE] = "";
    int r = engines_text_parse(text, size, ret, error);

    if (r != 0 && r != -EINVAL && r != -ENOTSUP)
        abort();
    if (r < 0 && (error[0] == '\0' || !text_is_printable(error)))
        abort();
    return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text;

    if (parse((const char *)data, size, &first) < 0)
        return 0;
    text = engines_text_format(&first);
    if (!text || strlen(text) >= ENGINES_TEXT_SIZE ||
        parse(text, strlen(text), &second) < 0)
        abort();
    free(text);
    if (first.n != second.n)
        abort();
    for (size_t i = 0; i < first.n; i++)
        if (strcmp(first.list[i].name, second.list[i].name) != 0 ||
            !conf_policy_is_same(&first.list[i].spec, &second.list[i].spec))
            abort();
    return 0;
}
