/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a file of settings: what is taken comes back as the same, and
 * is within its bounds; what is refused says why. */
#include <config.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "settings-text.h"
#include "util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
parse(const char *text, size_t size, struct settings *ret)
{
    char error[SETTINGS_ERROR_SIZE] = "";
    int r = settings_parse(text, size, ret, error);

    if (r != 0 && r != -EINVAL && r != -ENOTSUP)
        abort();
    if (r < 0 && (error[0] == '\0' || !text_is_printable(error)))
        abort();
    return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char first[SETTINGS_TEXT_SIZE], second[SETTINGS_TEXT_SIZE];
    struct settings s, again;

    if (parse((const char *)data, size, &s) < 0)
        return 0;
    if (s.weight > WEIGHT_MAX || !text_is_printable(s.name))
        abort();
    settings_format(&s, first);
    if (parse(first, strlen(first), &again) < 0)
        abort();
    settings_format(&again, second);
    if (strcmp(first, second) != 0)
        abort();
    return 0;
}
