/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a script's request: what is understood says the same when it is
 * written down again, and what is not is refused in printable words. */
#include <config.h>

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "errand-words.h"
#include "reserve.h"
#include "util/text.h"

#define TEXT_SIZE 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
    if (!holds)
        abort();
}

static void
check_again(const struct errand_words *w)
{
    char text[TEXT_SIZE], error[ERRAND_WORDS_ERROR_SIZE];
    struct errand_words again;
    struct reservation r = {
        .kib = w->max_kib,
        .min_kib = w->min_kib,
        .overhead_kib = w->overhead_kib,
    };

    snprintf(text, sizeof(text),
             "min=%" PRIu64 " max=%" PRIu64 " overhead=%" PRIu64 " ttl=%" PRIu64
             "ms wait=%" PRIu64 "ms%s%s",
             w->min_kib, w->max_kib, w->overhead_kib, w->ttl_ms, w->wait_ms,
             w->uuid[0] ? " uuid=" : "", w->uuid);
    require(errand_words_parse(text, &again, error) == 0);
    require(again.min_kib == w->min_kib && again.max_kib == w->max_kib &&
            again.overhead_kib == w->overhead_kib &&
            again.ttl_ms == w->ttl_ms && again.wait_ms == w->wait_ms &&
            strcmp(again.uuid, w->uuid) == 0);
    memcpy(r.uuid, w->uuid, sizeof(r.uuid));
    require(errand_words_mean(w, &r));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    char error[ERRAND_WORDS_ERROR_SIZE] = "";
    struct errand_words words = { 0 };

    require(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    if (errand_words_parse(text, &words, error) == 0)
        check_again(&words);
    else
        require(error[0] != '\0' && text_is_printable(error));
    free(text);
    return 0;
}
