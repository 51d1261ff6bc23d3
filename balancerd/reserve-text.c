/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes and reads reservations as lines of key=value words. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reserve-text.h"
#include "util/parse.h"

/* Index of a word; all must be there, each once. */
enum word {
    WORD_STATE,
    WORD_KIB,
    WORD_MIN,
    WORD_OVERHEAD,
    WORD_ASKED_MS,
    WORD_GIVE_UP_MS,
    WORD_EXPIRES_MS,
    WORD_PID,
    WORD_DOMID,
    WORD_TRANSFERRED,
    WORD_FOR_NEXT,
    WORD_UUID,
    WORD_KEY,
    WORD_OWNER,
    WORDS,
};

static const char *const word_names[WORDS] = {
    "state",      "kib",        "min", "overhead", "asked-ms",
    "give-up-ms", "expires-ms", "pid", "domid",    "transferred",
    "for-next",   "uuid",       "key", "owner",
};

bool
reserve_name_is_good(const char *name)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz"
                               "0123456789._:@+-";
    size_t length = name ? strlen(name) : 0;

    return length > 0 && length < RESERVE_NAME_SIZE &&
           strspn(name, good) == length;
}

void
reservation_format(const struct reservation *r, char text[RESERVE_TEXT_SIZE])
{
    snprintf(text, RESERVE_TEXT_SIZE,
             "state=%s kib=%" PRIu64 " min=%" PRIu64 " overhead=%" PRIu64
             " asked-ms=%" PRIu64 " give-up-ms=%" PRIu64 " expires-ms=%" PRIu64
             " pid=%" PRIu32 " domid=%" PRIu32
             " transferred=%d for-next=%d uuid=%s key=%s owner=%s",
             reserve_state_name(r->state), r->kib, r->min_kib, r->overhead_kib,
             r->asked_ms, r->give_up_ms, r->expires_ms, r->owner_pid, r->domid,
             r->is_transferred, r->is_for_next, r->uuid, r->key, r->owner);
}

static int
parse_number(const char *text, uint64_t *ret)
{
    return parse_u64(text, 0, UINT64_MAX, ret);
}

static int
parse_u32(const char *text, uint32_t *ret)
{
    uint64_t wide;
    int r = parse_u64(text, 0, UINT32_MAX, &wide);

    if (r == 0)
        *ret = (uint32_t)wide;
    return r;
}

static int
parse_flag(const char *text, bool *ret)
{
    uint64_t flag;
    int r = parse_u64(text, 0, 1, &flag);

    if (r == 0)
        *ret = flag == 1;
    return r;
}

static int
parse_state(const char *text, enum reserve_state *ret)
{
    if (strcmp(text, reserve_state_name(RESERVE_PENDING)) == 0)
        *ret = RESERVE_PENDING;
    else if (strcmp(text, reserve_state_name(RESERVE_GRANTED)) == 0)
        *ret = RESERVE_GRANTED;
    else
        return -EINVAL;
    return 0;
}

/* A word that may be empty, of at most size - 1 good characters. */
static int
parse_name(const char *text, char *ret, size_t size)
{
    size_t length = strlen(text);

    if (length >= size || (length > 0 && !reserve_name_is_good(text)))
        return -EINVAL;
    memcpy(ret, text, length + 1);
    return 0;
}

static int
take_word(struct reservation *r, enum word word, const char *value)
{
    switch (word) {
    case WORD_STATE:
        return parse_state(value, &r->state);
    case WORD_KIB:
        return parse_number(value, &r->kib);
    case WORD_MIN:
        return parse_number(value, &r->min_kib);
    case WORD_OVERHEAD:
        return parse_number(value, &r->overhead_kib);
    case WORD_ASKED_MS:
        return parse_number(value, &r->asked_ms);
    case WORD_GIVE_UP_MS:
        return parse_number(value, &r->give_up_ms);
    case WORD_EXPIRES_MS:
        return parse_number(value, &r->expires_ms);
    case WORD_PID:
        return parse_u32(value, &r->owner_pid);
    case WORD_DOMID:
        return parse_u32(value, &r->domid);
    case WORD_TRANSFERRED:
        return parse_flag(value, &r->is_transferred);
    case WORD_FOR_NEXT:
        return parse_flag(value, &r->is_for_next);
    case WORD_UUID:
        return value[0] == '\0' ? 0 : parse_uuid(value, r->uuid);
    case WORD_KEY:
        return parse_name(value, r->key, sizeof(r->key));
    case WORD_OWNER:
        return parse_name(value, r->owner, sizeof(r->owner));
    case WORDS:
        break;
    }
    return -EINVAL;
}

static enum word
find_word(const char *name)
{
    enum word word = WORD_STATE;

    while (word < WORDS && strcmp(word_names[word], name) != 0)
        word++;
    return word;
}

static int
parse_words(struct reservation *r, char *text)
{
    unsigned seen = 0;
    char *rest = NULL;

    for (char *at = strtok_r(text, " ", &rest); at;
         at = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(at, '=');
        enum word word;

        if (!value)
            return -EINVAL;
        *value++ = '\0';
        word = find_word(at);
        if (word == WORDS || (seen & (1u << word)) ||
            take_word(r, word, value) < 0)
            return -EINVAL;
        seen |= 1u << word;
    }
    /* A daemon that is upgraded finds lines that lack what came later. */
    seen |= 1u << WORD_FOR_NEXT;
    return seen == (1u << WORDS) - 1 ? 0 : -EINVAL;
}

int
reservation_parse(const char *id, const char *text, struct reservation *ret_r)
{
    struct reservation r = { 0 };
    char copy[RESERVE_TEXT_SIZE];

    if (parse_uuid(id, r.id) < 0 || strlen(text) >= sizeof(copy))
        return -EINVAL;
    memcpy(copy, text, strlen(text) + 1);
    if (parse_words(&r, copy) < 0 || r.kib == 0 || r.min_kib > r.kib ||
        r.overhead_kib > r.kib)
        return -EINVAL;
    *ret_r = r;
    return 0;
}
