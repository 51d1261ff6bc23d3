/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a script may ask for with one xenstore-write: "size=512MiB ttl=10m". */
#ifndef ERRAND_WORDS_H
#define ERRAND_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "host-view.h"

#define ERRAND_WORDS_SIZE       256 /* all words together, and a NUL */
#define ERRAND_WORDS_ERROR_SIZE 256

struct reservation;

struct errand_words {
    uint64_t min_kib;
    uint64_t max_kib;
    uint64_t overhead_kib;
    uint64_t ttl_ms;
    uint64_t wait_ms;
    char uuid[HOST_UUID_SIZE]; /* "" for none */
};

/* Words of memory-reserve: size= (or both min= and max=), overhead=, ttl=,
 * wait=, uuid=, each once; a bare number counts KiB.  A first word without a
 * "=" is the size.  0, or -EINVAL and a sentence. */
int errand_words_parse(const char *untrusted_text, struct errand_words *ret,
                       char error[ERRAND_WORDS_ERROR_SIZE]);
/* Is r what the words ask for, whatever its time to live? */
bool
errand_words_mean(const struct errand_words *w, const struct reservation *r);

#endif
