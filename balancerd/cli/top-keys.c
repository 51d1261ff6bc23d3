/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the keys of balancerctl top do, and the order of its domains. */
#include <config.h>

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "top-keys.h"
#include "util/text.h"
#include "util/units.h"

static int
compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* The larger one first; an amount that nobody knows comes last. */
static int
compare_amounts(uint64_t a, uint64_t b)
{
    return compare_u64(b + 1, a + 1);
}

static uint64_t
trouble(const struct top_domain *d)
{
    return (uint64_t)d->is_stuck + 2 * (uint64_t)d->is_thrashing;
}

static int
compare_domids(const struct top_domain *a, const struct top_domain *b)
{
    return compare_u64(a->domid, b->domid);
}

static int
compare_names(const struct top_domain *a, const struct top_domain *b)
{
    return strcmp(a->name, b->name);
}

static int
compare_states(const struct top_domain *a, const struct top_domain *b)
{
    int r = compare_u64(trouble(b), trouble(a));

    return r != 0 ? r : strcmp(a->state, b->state);
}

static int
compare_targets(const struct top_domain *a, const struct top_domain *b)
{
    return compare_amounts(a->target_kib, b->target_kib);
}

static int
compare_actuals(const struct top_domain *a, const struct top_domain *b)
{
    return compare_amounts(a->actual_kib, b->actual_kib);
}

static int
compare_maxima(const struct top_domain *a, const struct top_domain *b)
{
    return compare_amounts(a->max_kib, b->max_kib);
}

typedef int compare_fn(const struct top_domain *a, const struct top_domain *b);

static compare_fn *const compares[TOP_SORTS] = {
    [TOP_BY_DOMID] = compare_domids,   [TOP_BY_NAME] = compare_names,
    [TOP_BY_STATE] = compare_states,   [TOP_BY_TARGET] = compare_targets,
    [TOP_BY_ACTUAL] = compare_actuals, [TOP_BY_MAX] = compare_maxima,
};

/* Insertion: what comes in is all but sorted, and equal ones stay in order. */
static void
sort(struct top *t)
{
    compare_fn *compare = compares[t->sort];
    int sign = t->is_reversed ? -1 : 1;

    for (size_t i = 1; i < t->n_domains; i++) {
        struct top_domain d = t->domains[i];
        size_t j = i;

        for (; j > 0 && sign * compare(&t->domains[j - 1], &d) > 0; j--)
            t->domains[j] = t->domains[j - 1];
        t->domains[j] = d;
    }
}

static void
pick(struct top *t, size_t i)
{
    size_t last = (size_t)sat_sub(t->n_domains, 1);

    t->picked = i < last ? i : last;
    if (t->n_domains > 0)
        t->picked_domid = t->domains[t->picked].domid;
}

void
top_arrange(struct top *t)
{
    sort(t);
    for (size_t i = 0; i < t->n_domains; i++) {
        if (t->domains[i].domid == t->picked_domid) {
            pick(t, i);
            return;
        }
    }
    pick(t, t->picked);
}

/* As xe has sizes; all of it, so that Enter alone changes nothing. */
static void
append_size(char input[TOP_INPUT_SIZE], uint64_t kib)
{
    bool is_whole = kib % KIB_PER_MIB == 0;

    text_append(input, TOP_INPUT_SIZE, "%s%" PRIu64 "%c", input[0] ? " " : "",
                is_whole ? kib / KIB_PER_MIB : kib, is_whole ? 'm' : 'k');
}

static void
begin_range(struct top *t)
{
    const struct top_domain *d;

    if (t->n_domains == 0)
        return;
    d = &t->domains[t->picked];
    t->mode = TOP_RANGE;
    t->changing = *d;
    t->input[0] = '\0';
    if (d->min_kib != UINT64_MAX && d->max_kib != UINT64_MAX) {
        append_size(t->input, d->min_kib);
        append_size(t->input, d->max_kib);
    }
}

static void
sort_again(struct top *t, enum top_sort by, bool is_reversed)
{
    t->sort = by;
    t->is_reversed = is_reversed;
    top_arrange(t);
}

/* Up and down by so many; false: it is not such a key. */
static bool
move(struct top *t, int key, size_t page)
{
    switch (key) {
    case TOP_KEY_UP:
    case 'k':
        pick(t, (size_t)sat_sub(t->picked, 1));
        return true;
    case TOP_KEY_DOWN:
    case 'j':
        pick(t, t->picked + 1);
        return true;
    case TOP_KEY_PAGE_UP:
        pick(t, (size_t)sat_sub(t->picked, page));
        return true;
    case TOP_KEY_PAGE_DOWN:
        pick(t, t->picked + page);
        return true;
    case TOP_KEY_HOME:
        pick(t, 0);
        return true;
    case TOP_KEY_END:
        pick(t, SIZE_MAX);
        return true;
    }
    return false;
}

static enum top_deed
press_in_list(struct top *t, int key, size_t page)
{
    if (move(t, key, page))
        return TOP_NOTHING;
    switch (key) {
    case 'q':
        return TOP_QUIT;
    case ' ':
        return TOP_ASK;
    case 'h':
    case '?':
        t->mode = TOP_HELP;
        break;
    case 's':
        sort_again(t, (enum top_sort)((t->sort + 1) % TOP_SORTS),
                   t->is_reversed);
        break;
    case 'o':
        sort_again(t, t->sort, !t->is_reversed);
        break;
    case 'r':
        begin_range(t);
        break;
    }
    return TOP_NOTHING;
}

static enum top_deed
press_in_range(struct top *t, int key)
{
    size_t length = strlen(t->input);

    if (key == TOP_KEY_ESCAPE) {
        t->mode = TOP_LIST;
    } else if (key == TOP_KEY_ENTER) {
        t->mode = TOP_LIST;
        return TOP_SET_RANGE;
    } else if (key == TOP_KEY_BACKSPACE && length > 0) {
        t->input[length - 1] = '\0';
    } else if (key == ('U' & 0x1f)) { /* as a shell has it */
        t->input[0] = '\0';
    } else if (key < 128 && isprint(key) && length + 1 < sizeof(t->input)) {
        t->input[length] = (char)key;
        t->input[length + 1] = '\0';
    }
    return TOP_NOTHING;
}

enum top_deed
top_press(struct top *t, int key, size_t page)
{
    t->message[0] = '\0';
    switch (t->mode) {
    case TOP_LIST:
        return press_in_list(t, key, page);
    case TOP_RANGE:
        return press_in_range(t, key);
    case TOP_HELP:
        t->mode = TOP_LIST;
        return TOP_NOTHING;
    }
    return TOP_NOTHING;
}

static const char *
next_word(const char *text, char word[TOP_INPUT_SIZE])
{
    size_t length;

    text += strspn(text, " ");
    length = strcspn(text, " ");
    memcpy(word, text, length);
    word[length] = '\0';
    return text + length;
}

int
top_typed_range(const struct top *t, char ret_min[TOP_INPUT_SIZE],
                char ret_max[TOP_INPUT_SIZE])
{
    char min[TOP_INPUT_SIZE], max[TOP_INPUT_SIZE], rest[TOP_INPUT_SIZE];

    next_word(next_word(next_word(t->input, min), max), rest);
    if (!max[0] || rest[0])
        return -EINVAL;
    memcpy(ret_min, min, sizeof(min));
    memcpy(ret_max, max, sizeof(max));
    return 0;
}
