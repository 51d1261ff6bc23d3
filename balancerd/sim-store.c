/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps paths in order, so that a directory is a run of neighbours. */
#include <config.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim-store.h"

#define PATH_MAX_BYTES 3072 /* xenstore's limit of an absolute path */

/* '/' before every other byte: what is below a node follows it at once. */
static int
compare_paths(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    if (*a == *b)
        return 0;
    if (*a == '\0' || *b == '\0')
        return *a == '\0' ? -1 : 1;
    if (*a == '/' || *b == '/')
        return *a == '/' ? -1 : 1;
    return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
}

/* The first node whose path is not before path. */
static size_t
lower_bound(const struct sim_store *s, const char *path)
{
    size_t lo = 0, hi = s->n;

    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;

        if (compare_paths(s->nodes[middle].path, path) < 0)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

static bool
is_at(const struct sim_store *s, size_t i, const char *path)
{
    return i < s->n && strcmp(s->nodes[i].path, path) == 0;
}

static bool
is_below(const struct sim_store *s, size_t i, const char *dir, size_t length)
{
    return i < s->n && strncmp(s->nodes[i].path, dir, length) == 0 &&
           s->nodes[i].path[length] == '/';
}

static int
insert(struct sim_store *s, size_t at, const char *path, size_t length)
{
    struct sim_store_node node;

    if (s->n == s->capacity) {
        size_t capacity = s->capacity > 0 ? s->capacity * 2 : 64;
        void *grown = realloc(s->nodes, capacity * sizeof(s->nodes[0]));

        if (!grown)
            return -ENOMEM;
        s->nodes = grown;
        s->capacity = capacity;
    }
    node.path = strndup(path, length);
    node.value = strdup("");
    if (!node.path || !node.value) {
        free(node.path);
        free(node.value);
        return -ENOMEM;
    }
    memmove(&s->nodes[at + 1], &s->nodes[at],
            (s->n - at) * sizeof(s->nodes[0]));
    s->nodes[at] = node;
    s->n++;
    return 0;
}

/* The node of the first length bytes of path, made if it is missing. */
static int
ensure(struct sim_store *s, const char *path, size_t length, size_t *ret_at)
{
    char *prefix = strndup(path, length);
    int r = 0;

    if (!prefix)
        return -ENOMEM;
    *ret_at = lower_bound(s, prefix);
    if (!is_at(s, *ret_at, prefix))
        r = insert(s, *ret_at, path, length);
    free(prefix);
    return r;
}

int
sim_store_write(struct sim_store *s, const char *path, const char *value)
{
    size_t length = strlen(path);
    size_t at = 0;
    char *copy;

    if (path[0] != '/' || path[length - 1] == '/' || length > PATH_MAX_BYTES)
        return -EINVAL;
    if (strlen(value) > SIM_STORE_VALUE_MAX)
        return -E2BIG;
    for (size_t i = 1; i <= length; i++)
        if (path[i] == '/' || path[i] == '\0') {
            int r = ensure(s, path, i, &at);

            if (r < 0)
                return r;
        }
    copy = strdup(value);
    if (!copy)
        return -ENOMEM;
    free(s->nodes[at].value);
    s->nodes[at].value = copy;
    return 0;
}

int
sim_store_remove(struct sim_store *s, const char *path)
{
    size_t length = strlen(path);
    size_t first = lower_bound(s, path);
    size_t end = first + 1;

    if (!is_at(s, first, path))
        return -ENOENT;
    while (is_below(s, end, path, length))
        end++;
    for (size_t i = first; i < end; i++) {
        free(s->nodes[i].path);
        free(s->nodes[i].value);
    }
    memmove(&s->nodes[first], &s->nodes[end],
            (s->n - end) * sizeof(s->nodes[0]));
    s->n -= end - first;
    return 0;
}

const char *
sim_store_read(const struct sim_store *s, const char *path)
{
    size_t at = lower_bound(s, path);

    return is_at(s, at, path) ? s->nodes[at].value : NULL;
}

/* The next child of dir after the node at i; s->n if there is none. */
static size_t
next_child(const struct sim_store *s, size_t i, const char *dir)
{
    size_t length = strlen(dir);

    for (; is_below(s, i, dir, length); i++)
        if (!strchr(s->nodes[i].path + length + 1, '/'))
            return i;
    return s->n;
}

int
sim_store_list(struct sim_store *s, const char *dir, host_store_fn *fn,
               void *arg)
{
    size_t i = lower_bound(s, dir);

    if (is_at(s, i, dir))
        i++;
    while ((i = next_child(s, i, dir)) < s->n) {
        char *path = strdup(s->nodes[i].path);
        char *value = strdup(s->nodes[i].value);
        int r = -ENOMEM;

        if (path && value)
            r = fn(arg, path + strlen(dir) + 1, value);
        if (path) {
            i = lower_bound(s, path);
            i += is_at(s, i, path);
        }
        free(path);
        free(value);
        if (r != 0)
            return r < 0 ? r : 0;
    }
    return 0;
}

void
sim_store_done(struct sim_store *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free(s->nodes[i].path);
        free(s->nodes[i].value);
    }
    free(s->nodes);
    *s = (struct sim_store){ 0 };
}
