/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A few dozen nodes, watches and events in arrays. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake-xenstore.h"

#define TEXT_SIZE 128
#define N_MAX     1024

struct pair {
    char path[TEXT_SIZE];
    char text[TEXT_SIZE]; /* a node's value; a watch's or event's token */
};

struct list {
    size_t n;
    struct pair pairs[N_MAX];
};

struct fake_counts fake;
static struct list nodes, watches, events;
static unsigned conflicts;
static int refusal;
static bool is_hung_up;

static void
add(struct list *l, const char *path, const char *text)
{
    if (l->n == N_MAX || strlen(path) >= TEXT_SIZE || strlen(text) >= TEXT_SIZE)
        abort();
    strcpy(l->pairs[l->n].path, path);
    strcpy(l->pairs[l->n].text, text);
    l->n++;
}

static void
cut(struct list *l, size_t i)
{
    l->n--;
    memmove(&l->pairs[i], &l->pairs[i + 1], (l->n - i) * sizeof(l->pairs[0]));
}

static struct pair *
find(struct list *l, const char *path)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->pairs[i].path, path) == 0)
            return &l->pairs[i];
    return NULL;
}

static bool
is_in(const char *path, const char *dir)
{
    size_t length = strlen(dir);

    return strncmp(path, dir, length) == 0 &&
           (path[length] == '\0' || path[length] == '/');
}

struct xs_handle *
fake_reset(void)
{
    memset(&fake, 0, sizeof(fake));
    nodes.n = watches.n = events.n = 0;
    conflicts = 0;
    refusal = 0;
    is_hung_up = false;
    return (struct xs_handle *)&nodes;
}

void
fake_fire(const char *path)
{
    for (size_t i = 0; i < watches.n; i++)
        if (is_in(path, watches.pairs[i].path))
            add(&events, path, watches.pairs[i].text);
}

static void
set(const char *path, const char *value)
{
    struct pair *node = find(&nodes, path);

    if (node)
        strcpy(node->text, value);
    else
        add(&nodes, path, value);
    fake_fire(path);
}

void
fake_set(const char *path, const char *value)
{
    set(path, value);
}

void
fake_unset(const char *path)
{
    for (size_t i = nodes.n; i-- > 0;)
        if (is_in(nodes.pairs[i].path, path)) {
            fake_fire(nodes.pairs[i].path);
            cut(&nodes, i);
        }
}

const char *
fake_get(const char *path)
{
    const struct pair *node = find(&nodes, path);

    return node ? node->text : NULL;
}

void
fake_conflict(unsigned n)
{
    conflicts = n;
}

void
fake_refuse(int error)
{
    refusal = error;
}

void
fake_hang_up(void)
{
    is_hung_up = true;
}

/* A directory exists if anything is below it. */
static bool
has_below(const char *dir)
{
    for (size_t i = 0; i < nodes.n; i++)
        if (is_in(nodes.pairs[i].path, dir))
            return true;
    return false;
}

struct xs_handle *
xs_open(unsigned long flags)
{
    (void)flags;
    errno = refusal;
    if (refusal)
        return NULL;
    fake.opens++;
    return (struct xs_handle *)&nodes;
}

void
xs_close(struct xs_handle *h)
{
    fake.closes += h != NULL;
}

void *
xs_read(struct xs_handle *h, xs_transaction_t t, const char *path,
        unsigned int *len)
{
    const struct pair *node = find(&nodes, path);

    (void)h;
    (void)t;
    fake.reads++;
    if (!node && !has_below(path)) {
        errno = ENOENT;
        return NULL;
    }
    if (len)
        *len = node ? (unsigned)strlen(node->text) : 0;
    return strdup(node ? node->text : "");
}

bool
xs_write(struct xs_handle *h, xs_transaction_t t, const char *path,
         const void *data, unsigned int len)
{
    char value[TEXT_SIZE] = "";

    (void)h;
    (void)t;
    fake.writes++;
    errno = refusal;
    if (refusal)
        return false;
    if (len >= sizeof(value))
        abort();
    memcpy(value, data, len);
    if (conflicts == 0)
        set(path, value);
    return true;
}

bool
xs_rm(struct xs_handle *h, xs_transaction_t t, const char *path)
{
    (void)h;
    (void)t;
    errno = ENOENT;
    if (!has_below(path))
        return false;
    fake_unset(path);
    return true;
}

/* All names first, as one block with the pointers to them. */
char **
xs_directory(struct xs_handle *h, xs_transaction_t t, const char *path,
             unsigned int *num)
{
    size_t length = strlen(path);
    char **names = calloc(N_MAX, sizeof(char *) + TEXT_SIZE);
    char *to = (char *)(names + N_MAX);

    (void)h;
    (void)t;
    *num = 0;
    for (size_t i = 0; names && i < nodes.n; i++) {
        const char *node = nodes.pairs[i].path;

        if (!is_in(node, path) || strlen(node) == length)
            continue;
        names[(*num)++] = strcpy(to, node + length + 1);
        to += TEXT_SIZE;
    }
    if (*num > 0)
        return names;
    free(names);
    errno = ENOENT;
    return NULL;
}

bool
xs_watch(struct xs_handle *h, const char *path, const char *token)
{
    (void)h;
    add(&watches, path, token);
    add(&events, path, token);
    fake.watches = (unsigned)watches.n;
    return true;
}

bool
xs_unwatch(struct xs_handle *h, const char *path, const char *token)
{
    (void)h;
    for (size_t i = 0; i < watches.n; i++)
        if (strcmp(watches.pairs[i].path, path) == 0 &&
            strcmp(watches.pairs[i].text, token) == 0) {
            cut(&watches, i);
            fake.watches = (unsigned)watches.n;
            return true;
        }
    errno = ENOENT;
    return false;
}

char **
xs_check_watch(struct xs_handle *h)
{
    char **event;

    (void)h;
    if (events.n == 0) {
        errno = is_hung_up ? EINVAL : EAGAIN;
        return NULL;
    }
    event = calloc(1, 2 * sizeof(char *) + sizeof(struct pair));
    if (!event)
        abort();
    event[XS_WATCH_PATH] = (char *)(event + 2);
    event[XS_WATCH_TOKEN] = event[XS_WATCH_PATH] + TEXT_SIZE;
    memcpy(event + 2, &events.pairs[0], sizeof(struct pair));
    cut(&events, 0);
    return event;
}

/* Nobody reads from it. */
int
xs_fileno(struct xs_handle *h)
{
    (void)h;
    return FAKE_FD;
}

xs_transaction_t
xs_transaction_start(struct xs_handle *h)
{
    (void)h;
    return ++fake.transactions;
}

bool
xs_transaction_end(struct xs_handle *h, xs_transaction_t t, bool abandon)
{
    (void)h;
    (void)t;
    if (abandon || conflicts == 0)
        return true;
    conflicts--;
    errno = EAGAIN;
    return false;
}
