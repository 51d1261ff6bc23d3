/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a guest's sample: what is taken is within its limits, and reads
 * the same when it is written again. */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
    if (!holds)
        abort();
}

static void
check_swap(const struct sample_swap *swap)
{
    require(memchr(swap->name, '\0', SAMPLE_SWAP_NAME_SIZE) != NULL);
    if (swap->name[0])
        require(sample_name_is_good(swap->name, strlen(swap->name)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[SAMPLE_TEXT_SIZE];
    struct sample s, again;

    /* The sanitizer sees if anything behind the input is looked at. */
    if (sample_parse((const char *)data, size, &s) < 0)
        return 0;
    require(size < SAMPLE_TEXT_SIZE && s.sequence > 0);
    for (size_t i = 0; i < SAMPLE_SWAPS; i++)
        check_swap(&s.swaps[i]);
    sample_format(&s, text);
    require(strlen(text) + 1 < SAMPLE_TEXT_SIZE);
    require(sample_parse(text, strlen(text), &again) == 0);
    require(memcmp(&s, &again, sizeof(s)) == 0);
    return 0;
}
