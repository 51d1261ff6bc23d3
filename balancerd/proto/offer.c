/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Offers of swap devices and answers to them, to text and back. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/offer.h"
#include "util/units.h"

/* Nothing that a 52-bit physical address can name is larger. */
#define KIB_MAX    (UINT64_C(1) << 42)
#define ERRNO_MAX  4095 /* the kernel's */
#define VALUE_SIZE 64

static const char *const state_words[] = {
    [OFFER_WAITING] = "waiting", [OFFER_ON] = "on",
    [OFFER_LEAVING] = "leaving", [OFFER_OFF] = "off",
    [OFFER_REFUSED] = "refused",
};
static const char *const why_words[] = {
    [OFFER_WHY_NONE] = "none",
    [OFFER_WHY_NO_MEMORY] = "no-memory",
    [OFFER_WHY_NO_SWAP_AREA] = "no-swap-area",
    [OFFER_WHY_OTHER_AREA] = "other-area",
    [OFFER_WHY_SWAPON] = "swapon",
    [OFFER_WHY_SWAPOFF] = "swapoff",
};
#define N_STATES (sizeof(state_words) / sizeof(state_words[0]))
#define N_WHYS   (sizeof(why_words) / sizeof(why_words[0]))

/* A line that is read word by word. */
struct words {
    const char *at;
    const char *end;
};

/* The next word is KEY=VALUE: is this its key?  Then its value. */
static bool
is_key(const char *word, size_t length, const char *key, char *value)
{
    size_t n = strlen(key);

    if (length <= n || memcmp(word, key, n) != 0 || word[n] != '=' ||
        length - n - 1 >= VALUE_SIZE)
        return false;
    memcpy(value, word + n + 1, length - n - 1);
    value[length - n - 1] = '\0';
    return true;
}

static bool
next_word(struct words *w, const char **ret_word, size_t *ret_length)
{
    const char *blank;

    if (w->at >= w->end)
        return false;
    blank = memchr(w->at, ' ', (size_t)(w->end - w->at));
    *ret_word = w->at;
    *ret_length = (size_t)((blank ? blank : w->end) - w->at);
    w->at = blank ? blank + 1 : w->end;
    return true;
}

static int
read_version(struct words *w, const char *text, size_t length)
{
    uint64_t version;
    const char *word;
    size_t n = 0;

    *w = (struct words){ .at = text, .end = text + length };
    if (length >= OFFER_TEXT_SIZE || !next_word(w, &word, &n) ||
        parse_u64_n(word, n, 1, UINT32_MAX, &version) < 0)
        return -EINVAL;
    return version > OFFER_VERSION ? -EPROTONOSUPPORT : 0;
}

static int
word_index(const char *const *words, size_t n, const char *value)
{
    for (size_t i = 0; i < n; i++)
        if (words[i] && strcmp(words[i], value) == 0)
            return (int)i;
    return -EINVAL;
}

static int
take_u32(const char *value, uint32_t max, uint32_t *ret)
{
    uint64_t number = 0;
    int r = parse_u64(value, 0, max, &number);

    if (r == 0)
        *ret = (uint32_t)number;
    return r;
}

bool
offer_vdev_is_good(const char *vdev)
{
    size_t length = strnlen(vdev, OFFER_VDEV_SIZE);

    return length > 0 && length < OFFER_VDEV_SIZE &&
           strspn(vdev, "abcdefghijklmnopqrstuvwxyz0123456789") == length;
}

static int
take_vdev(const char *value, char ret[OFFER_VDEV_SIZE])
{
    if (!offer_vdev_is_good(value))
        return -EINVAL;
    memcpy(ret, value, strlen(value) + 1);
    return 0;
}

static int
take_state_on(const char *value, bool *ret)
{
    *ret = strcmp(value, "on") == 0;
    return *ret || strcmp(value, "off") == 0 ? 0 : -EINVAL;
}

static int
take_offer_word(const char *word, size_t n, struct offer *o)
{
    char value[VALUE_SIZE];

    if (is_key(word, n, "state", value))
        return take_state_on(value, &o->is_on);
    if (is_key(word, n, "serial", value))
        return take_u32(value, UINT32_MAX, &o->serial);
    if (is_key(word, n, "uuid", value))
        return parse_uuid(value, o->uuid);
    if (is_key(word, n, "size", value))
        return parse_u64(value, 1, KIB_MAX, &o->size_kib);
    if (is_key(word, n, "vdev", value))
        return take_vdev(value, o->vdev);
    if (is_key(word, n, "priority", value))
        return take_u32(value, OFFER_PRIORITY_MAX, &o->priority);
    if (is_key(word, n, "move", value))
        return parse_u64(value, 0, KIB_MAX, &o->move_kib_per_s);
    return 0;
}

int
offer_parse(const char *text, size_t length, struct offer *ret)
{
    struct offer o = { .is_on = false };
    struct words w;
    const char *word;
    size_t n = 0;
    int r = read_version(&w, text, length);

    while (r == 0 && next_word(&w, &word, &n))
        r = take_offer_word(word, n, &o);
    if (r == 0 && (!o.uuid[0] || !o.vdev[0] || o.size_kib == 0))
        r = -EINVAL;
    if (r == 0)
        *ret = o;
    return r;
}

void
offer_format(const struct offer *o, char ret_text[OFFER_TEXT_SIZE])
{
    snprintf(ret_text, OFFER_TEXT_SIZE,
             "%d state=%s serial=%u uuid=%s size=%" PRIu64
             " vdev=%s priority=%u move=%" PRIu64,
             OFFER_VERSION, o->is_on ? "on" : "off", o->serial, o->uuid,
             o->size_kib, o->vdev, o->priority, o->move_kib_per_s);
}

static int
take_answer_word(const char *word, size_t n, struct offer_answer *a)
{
    char value[VALUE_SIZE];
    int index;

    if (is_key(word, n, "state", value)) {
        index = word_index(state_words, N_STATES, value);
        a->state = index < 0 ? OFFER_NO_ANSWER : (enum offer_state)index;
        return index < 0 ? index : 0;
    }
    if (is_key(word, n, "why", value)) {
        index = word_index(why_words, N_WHYS, value);
        /* A newer agent may know more reasons. */
        a->why = index < 0 ? OFFER_WHY_NONE : (enum offer_why)index;
        return 0;
    }
    if (is_key(word, n, "serial", value))
        return take_u32(value, UINT32_MAX, &a->serial);
    if (is_key(word, n, "used", value))
        return parse_u64(value, 0, KIB_MAX, &a->used_kib);
    if (is_key(word, n, "need", value))
        return parse_u64(value, 0, KIB_MAX, &a->need_kib);
    if (is_key(word, n, "have", value))
        return parse_u64(value, 0, KIB_MAX, &a->have_kib);
    if (is_key(word, n, "errno", value))
        return take_u32(value, ERRNO_MAX, &a->error);
    return 0;
}

int
offer_answer_parse(const char *text, size_t length, struct offer_answer *ret)
{
    struct offer_answer a = { .state = OFFER_NO_ANSWER };
    struct words w;
    const char *word;
    size_t n = 0;
    int r = read_version(&w, text, length);

    while (r == 0 && next_word(&w, &word, &n))
        r = take_answer_word(word, n, &a);
    if (r == 0 && a.state == OFFER_NO_ANSWER)
        r = -EINVAL;
    if (r == 0)
        *ret = a;
    return r;
}

void
offer_answer_format(const struct offer_answer *a,
                    char ret_text[OFFER_TEXT_SIZE])
{
    snprintf(ret_text, OFFER_TEXT_SIZE,
             "%d state=%s serial=%u used=%" PRIu64 " why=%s need=%" PRIu64
             " have=%" PRIu64 " errno=%u",
             OFFER_VERSION, offer_state_text(a->state), a->serial, a->used_kib,
             why_words[a->why], a->need_kib, a->have_kib, a->error);
}

const char *
offer_state_text(enum offer_state state)
{
    return state_words[state];
}

bool
offer_is_in_use(const struct offer_answer *a)
{
    switch (a->state) {
    case OFFER_OFF:
        return false;
    case OFFER_REFUSED:
        return a->why == OFFER_WHY_NONE || a->why == OFFER_WHY_NO_MEMORY ||
               a->why == OFFER_WHY_SWAPOFF;
    case OFFER_NO_ANSWER:
    case OFFER_WAITING:
    case OFFER_ON:
    case OFFER_LEAVING:
        break;
    }
    return true;
}

const char *
offer_reason(const struct offer_answer *a, char text[OFFER_REASON_SIZE])
{
    text[0] = '\0';
    switch (a->why) {
    case OFFER_WHY_NONE:
        break;
    case OFFER_WHY_NO_MEMORY:
        snprintf(text, OFFER_REASON_SIZE,
                 "needs %" PRIu64 " KiB for what is on the device, can find "
                 "%" PRIu64 " KiB",
                 a->need_kib, a->have_kib);
        break;
    case OFFER_WHY_NO_SWAP_AREA:
        snprintf(text, OFFER_REASON_SIZE,
                 "there is no swap area on the device");
        break;
    case OFFER_WHY_OTHER_AREA:
        snprintf(text, OFFER_REASON_SIZE,
                 "the swap area on the device is not the one offered");
        break;
    case OFFER_WHY_SWAPON:
    case OFFER_WHY_SWAPOFF:
        snprintf(text, OFFER_REASON_SIZE, "%s: %s",
                 a->why == OFFER_WHY_SWAPON ? "swapon" : "swapoff",
                 strerror((int)a->error));
        break;
    }
    return text;
}
