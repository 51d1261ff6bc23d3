/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a recording of decisions: it is played, or refused in words. */
#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "replay.h"
#include "util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct replay_how how = { .is_verbose = true };
    static FILE *out;
    char error[CONF_ERROR_SIZE] = "";
    FILE *file;
    int r;

    log_set_level(LOG_LEVEL_ERROR);
    if (!out)
        out = fopen("/dev/null", "we");
    file = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    if (!file || !out)
        return 0;
    r = replay_stream(file, &how, out, error);
    if (r > 1 || (r < 0 && (error[0] == '\0' || !text_is_printable(error))))
        abort();
    fclose(file);
    return 0;
}
