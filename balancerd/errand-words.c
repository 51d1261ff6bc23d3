/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the words of a request that a script left in xenstore. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "errand-words.h"
#include "proto/params.h"
#include "reserve.h"
#include "util/parse.h"
#include "util/text.h"

#define BLANKS " \t\n"

/* What of a wrong word is repeated. */
#define SHOWN_SIZE 80

enum word {
    WORD_SIZE,
    WORD_MIN,
    WORD_MAX,
    WORD_OVERHEAD,
    WORD_TTL,
    WORD_WAIT,
    WORD_UUID,
    WORDS,
};

static const char *const word_names[WORDS] = {
    [WORD_SIZE] = PARAM_SIZE, [WORD_MIN] = PARAM_MIN,
    [WORD_MAX] = PARAM_MAX,   [WORD_OVERHEAD] = PARAM_OVERHEAD,
    [WORD_TTL] = PARAM_TTL,   [WORD_WAIT] = PARAM_WAIT,
    [WORD_UUID] = PARAM_UUID,
};

static int
refuse_word(const char *before, const char *untrusted_word, const char *after,
            char error[ERRAND_WORDS_ERROR_SIZE])
{
    char shown[SHOWN_SIZE];

    text_escape(shown, sizeof(shown), untrusted_word);
    snprintf(error, ERRAND_WORDS_ERROR_SIZE, "%s'%s'%s", before, shown, after);
    return -EINVAL;
}

static int
take_amount(const char *name, const char *value, uint64_t *ret_kib, char *error)
{
    if (parse_kib(value, ret_kib) == 0)
        return 0;
    parse_size_error(error, name, value);
    return -EINVAL;
}

static int
take_time(const char *name, const char *value, uint64_t *ret_ms, char *error)
{
    if (parse_duration_ms(value, ret_ms) == 0)
        return 0;
    parse_duration_error(error, name, value);
    return -EINVAL;
}

static int
take_word(struct errand_words *w, enum word word, const char *value,
          char error[ERRAND_WORDS_ERROR_SIZE])
{
    const char *name = word_names[word];
    int r;

    switch (word) {
    case WORD_SIZE:
        r = take_amount(name, value, &w->min_kib, error);
        w->max_kib = w->min_kib;
        return r;
    case WORD_MIN:
        return take_amount(name, value, &w->min_kib, error);
    case WORD_MAX:
        return take_amount(name, value, &w->max_kib, error);
    case WORD_OVERHEAD:
        return take_amount(name, value, &w->overhead_kib, error);
    case WORD_TTL:
        return take_time(name, value, &w->ttl_ms, error);
    case WORD_WAIT:
        return take_time(name, value, &w->wait_ms, error);
    case WORD_UUID:
        if (parse_uuid(value, w->uuid) == 0)
            return 0;
        return refuse_word("uuid is not a uuid: ", value, "", error);
    case WORDS:
        break;
    }
    return -EINVAL;
}

static enum word
find_word(const char *name)
{
    enum word word = WORD_SIZE;

    while (word < WORDS && strcmp(word_names[word], name) != 0)
        word++;
    return word;
}

/* text is "name=value", or the value of the first word. */
static int
read_word(struct errand_words *w, char *text, unsigned *seen,
          char error[ERRAND_WORDS_ERROR_SIZE])
{
    char *value = strchr(text, '=');
    enum word word = WORD_SIZE;

    if (value)
        *value++ = '\0';
    else if (*seen == 0)
        value = text;
    else
        return refuse_word("", text, " is not of the form name=value", error);
    if (value != text)
        word = find_word(text);
    if (word == WORDS)
        return refuse_word("", text,
                           " is not known; size, min, max, overhead, ttl, "
                           "wait and uuid are",
                           error);
    if (*seen & 1u << word)
        return refuse_word("", text, " is there twice", error);
    *seen |= 1u << word;
    return take_word(w, word, value, error);
}

static int
check_amounts(unsigned seen, char error[ERRAND_WORDS_ERROR_SIZE])
{
    const unsigned size = 1u << WORD_SIZE;
    const unsigned range = 1u << WORD_MIN | 1u << WORD_MAX;

    if ((seen & (size | range)) == size || (seen & (size | range)) == range)
        return 0;
    snprintf(error, ERRAND_WORDS_ERROR_SIZE,
             "either size is needed, or both min and max");
    return -EINVAL;
}

int
errand_words_parse(const char *untrusted_text, struct errand_words *ret,
                   char error[ERRAND_WORDS_ERROR_SIZE])
{
    struct errand_words w = {
        .ttl_ms = RESERVE_DEFAULT_TTL_MS,
        .wait_ms = RESERVE_DEFAULT_WAIT_MS,
    };
    char copy[ERRAND_WORDS_SIZE];
    unsigned seen = 0;
    char *rest = NULL;
    int r = 0;

    if (strlen(untrusted_text) >= sizeof(copy))
        return refuse_word("the words are too long: ", untrusted_text, "",
                           error);
    memcpy(copy, untrusted_text, strlen(untrusted_text) + 1);
    for (char *at = strtok_r(copy, BLANKS, &rest); at && r == 0;
         at = strtok_r(NULL, BLANKS, &rest))
        r = read_word(&w, at, &seen, error);
    if (r == 0)
        r = check_amounts(seen, error);
    if (r == 0)
        *ret = w;
    return r;
}

bool
errand_words_mean(const struct errand_words *w, const struct reservation *r)
{
    return w->min_kib == r->min_kib && r->kib <= w->max_kib &&
           w->overhead_kib == r->overhead_kib &&
           (r->is_transferred || strcmp(w->uuid, r->uuid) == 0);
}
