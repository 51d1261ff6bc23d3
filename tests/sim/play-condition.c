/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a scenario may expect, but for plain numbers. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "play-condition.h"
#include "proto/keys.h"
#include "sim-domain.h"
#include "util/parse.h"
#include "util/units.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
/* A whole in permyriad; rounding to pages may cost this much. */
#define EVEN_SLACK 100

/* A condition's verdict: false, true, or -EINVAL if it makes no sense. */
typedef int condition_fn(struct play *p, const char *text);

static int
next_domid(const char **text, uint32_t *ret_domid)
{
    char word[SCRIPT_NAME_SIZE];
    uint64_t domid;

    if (sim_next_word(text, word, sizeof(word)) <= 0 ||
        parse_u64(word, 0, UINT32_MAX, &domid) < 0)
        return -EINVAL;
    *ret_domid = (uint32_t)domid;
    return 0;
}

/* The promise that the next word names; NULL: there is none. */
static struct promise *
next_promise(struct play *p, const char **text)
{
    char word[SCRIPT_NAME_SIZE];

    return sim_next_word(text, word, sizeof(word)) > 0 ? play_promise(p, word)
                                                       : NULL;
}

static bool
is_kept(const struct play *p, const struct promise *promise)
{
    for (size_t i = 0; i < p->balancer.reservations.n; i++)
        if (strcmp(p->balancer.reservations.list[i].id, promise->id) == 0)
            return true;
    return false;
}

static int
is_granted(struct play *p, const char *text)
{
    const struct promise *promise = next_promise(p, &text);

    return promise && promise->state == PROMISE_GRANTED && is_kept(p, promise);
}

static int
is_pending(struct play *p, const char *text)
{
    const struct promise *promise = next_promise(p, &text);

    return promise && promise->state == PROMISE_PENDING && is_kept(p, promise);
}

static int
is_ended(struct play *p, const char *text)
{
    const struct promise *promise = next_promise(p, &text);

    return promise && promise->state == PROMISE_GRANTED && !is_kept(p, promise);
}

static int
is_refused_at_once(struct play *p, const char *text)
{
    const struct promise *promise = next_promise(p, &text);

    return promise && promise->state == PROMISE_REFUSED_AT_ONCE;
}

static int
is_refused_later(struct play *p, const char *text)
{
    const struct promise *promise = next_promise(p, &text);

    return promise && promise->state == PROMISE_REFUSED_LATER;
}

static int
is_refused(struct play *p, const char *text)
{
    return is_refused_at_once(p, text) || is_refused_later(p, text);
}

/* "says NAME TEXT": the refusal has that text in it. */
static int
says(struct play *p, const char *text)
{
    const struct promise *promise = next_promise(p, &text);

    text += strspn(text, " ");
    return promise && strstr(promise->why, text);
}

/* "blames NAME DOMID". */
static int
blames(struct play *p, const char *text)
{
    const struct promise *promise = next_promise(p, &text);
    char wanted[SCRIPT_NAME_SIZE];
    const struct sim_guest *g;
    uint32_t domid;

    if (next_domid(&text, &domid) < 0)
        return -EINVAL;
    g = sim_world_find(p->world, domid);
    if (!promise || !g)
        return false;
    snprintf(wanted, sizeof(wanted), "%" PRIu32 " (%.16s)", domid,
             g->facts.name);
    return strstr(promise->why, wanted) != NULL;
}

/* "restored NAME [KIB]": all targets are what they were when it was asked
 * for, give or take KIB. */
static int
is_restored(struct play *p, const char *text)
{
    const struct promise *promise = next_promise(p, &text);
    uint64_t slack_kib = 0;

    text += strspn(text, " ");
    if (*text && parse_kib(text, &slack_kib) < 0)
        return -EINVAL;
    if (!promise)
        return false;
    for (size_t i = 0; i < promise->n_targets; i++) {
        const struct target *was = &promise->targets[i];
        const struct sim_guest *g = sim_world_find(p->world, was->domid);

        if (g && distance_u64(g->facts.target_kib, was->kib) > slack_kib)
            return false;
    }
    return true;
}

/* "untouched" or "untouched N": no target was ever written. */
static int
is_untouched(struct play *p, const char *text)
{
    const struct sim_guest *g;
    uint32_t domid;

    if (text[strspn(text, " ")] == '\0')
        return p->world->target_writes == 0;
    if (next_domid(&text, &domid) < 0)
        return -EINVAL;
    g = sim_world_find(p->world, domid);
    return g && g->target_writes == 0;
}

/* "state N WORD". */
static int
is_in_state(struct play *p, const char *text)
{
    const struct guest *g;
    uint32_t domid;

    if (next_domid(&text, &domid) < 0)
        return -EINVAL;
    g = guest_find(&p->balancer.guests, domid);
    text += strspn(text, " ");
    return g && strcmp(guest_state_name(g->state), text) == 0;
}

/* "memory-state N WORD": does it suffer? */
static int
fares(struct play *p, const char *text)
{
    const struct guest *g;
    uint32_t domid;

    if (next_domid(&text, &domid) < 0)
        return -EINVAL;
    g = guest_find(&p->balancer.guests, domid);
    text += strspn(text, " ");
    return g && strcmp(thrash_state_name(g->thrash.state), text) == 0;
}

/* "exists N". */
static int
exists(struct play *p, const char *text)
{
    uint32_t domid;

    if (next_domid(&text, &domid) < 0)
        return -EINVAL;
    return sim_world_find(p->world, domid) != NULL;
}

/* "error N TEXT": that is published about the domain's keys; no TEXT:
 * nothing is. */
static int
has_error(struct play *p, const char *text)
{
    char path[KEYS_PATH_SIZE];
    const char *value;
    uint32_t domid;

    if (next_domid(&text, &domid) < 0)
        return -EINVAL;
    text += strspn(text, " ");
    value =
        sim_store_read(&p->world->store, keys_status(path, domid, KEY_ERROR));
    if (!value || value[0] == '\0')
        return *text == '\0';
    return *text != '\0' && strstr(value, text);
}

static bool
event_has(const struct events_entry *e, const char *text)
{
    char line[SCRIPT_TEXT_SIZE + EVENTS_SENTENCE_SIZE];

    if (e->domid == EVENTS_NO_DOMID)
        return strstr(e->sentence, text) != NULL;
    snprintf(line, sizeof(line), "%" PRIu32 " %s: %s", e->domid, e->name,
             e->sentence);
    return strstr(line, text) != NULL;
}

/* "event KIND [TEXT]" */
static int
has_event(struct play *p, const char *text)
{
    const struct events *ev = p->balancer.events;
    const struct events_entry *e = events_after(ev, 0);
    char word[SCRIPT_NAME_SIZE];
    const char *bad;
    uint64_t kinds;

    if (sim_next_word(&text, word, sizeof(word)) <= 0 ||
        events_parse_kinds(word, &kinds, &bad) < 0)
        return -EINVAL;
    text += strspn(text, " ");
    for (; e; e = events_next(ev, e)) {
        if ((UINT64_C(1) << e->kind & kinds) && event_has(e, text))
            return 1;
    }
    return 0;
}

/* "store PATH TEXT": the value there begins with TEXT; no TEXT: there is no
 * such node. */
static int
has_stored(struct play *p, const char *text)
{
    char path[KEYS_PATH_SIZE];
    const char *value;

    if (sim_next_word(&text, path, sizeof(path)) <= 0)
        return -EINVAL;
    text += strspn(text, " ");
    value = sim_store_read(&p->world->store, path);
    if (*text == '\0')
        return !value;
    return value && strncmp(value, text, strlen(text)) == 0;
}

/* "even": all movable domains have the same share of their range, unless a
 * limit of their own holds them elsewhere. */
static int
is_even(struct play *p, const char *text)
{
    uint64_t lowest = UINT64_MAX, highest = 0;

    (void)text;
    for (size_t i = 0; i < p->balancer.snapshot.xbp.n_guests; i++) {
        const struct xbp_guest *e = &p->balancer.snapshot.entries[i];
        uint64_t range_kib = e->dynamic_max_kib - e->dynamic_min_kib;
        uint64_t share;

        if (range_kib == 0 || e->target_kib == e->lower_kib ||
            e->target_kib == e->upper_kib)
            continue;
        share =
            mul_div(e->target_kib - e->dynamic_min_kib, PERMYRIAD, range_kib);
        lowest = min_u64(lowest, share);
        highest = max_u64(highest, share);
    }
    return sat_sub(highest, lowest) <= EVEN_SLACK;
}

static const struct {
    const char *word;
    condition_fn *fn;
} conditions[] = {
    { "granted", is_granted },
    { "pending", is_pending },
    { "ended", is_ended },
    { "refused", is_refused },
    { "refused-at-once", is_refused_at_once },
    { "refused-later", is_refused_later },
    { "says", says },
    { "blames", blames },
    { "restored", is_restored },
    { "untouched", is_untouched },
    { "state", is_in_state },
    { "memory-state", fares },
    { "exists", exists },
    { "error", has_error },
    { "event", has_event },
    { "even", is_even },
    { "store", has_stored },
};

int
play_condition(struct play *p, const char *text)
{
    char word[SCRIPT_NAME_SIZE];

    if (sim_next_word(&text, word, sizeof(word)) <= 0)
        return -EINVAL;
    if (strcmp(word, "not") == 0) {
        int r = play_condition(p, text);

        return r < 0 ? r : !r;
    }
    for (size_t i = 0; i < LENGTH(conditions); i++)
        if (strcmp(word, conditions[i].word) == 0)
            return conditions[i].fn(p, text);
    return play_comparison(p, word, text);
}
