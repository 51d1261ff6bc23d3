/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishes the daemon's, the host's and the domains' status in xenstore. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "host.h"
#include "log.h"
#include "note.h"
#include "pace.h"
#include "proto/keys.h"
#include "squeeze.h"
#include "status.h"
#include "tick.h"
#include "util/parse.h"
#include "util/units.h"

/* Each takes some 0.1 ms: a tick must not wait for a thousand of them. */
#define WRITES_PER_TICK 32
/* What found no room in one tick is written this much later. */
#define PAUSE_MS 20
/* Nobody misses a status that xenstore does not take. */
#define RETRY_MS (10 * MS_PER_S)

/* One tick's work. */
struct writer {
    struct balancer *b;
    uint64_t now_ms;
    unsigned left;  /* writes in this tick */
    bool is_broken; /* one has failed */
};

/* value NULL or "": it goes. */
static bool
put(struct writer *w, const char *path, const char *value)
{
    struct host *host = w->b->host;
    int r;

    if (w->is_broken)
        return false;
    w->left = (unsigned)sat_sub(w->left, 1);
    r = value && value[0] ? host->ops->store_write(host, path, value)
                          : host->ops->store_remove(host, path);
    if (r == 0 || r == -ENOENT)
        return true;
    log_warn(-r, "cannot publish %s; trying again in %d s", path,
             (int)(RETRY_MS / MS_PER_S));
    w->is_broken = true;
    return false;
}

static bool
put_number(struct writer *w, const char *path, uint64_t number)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRIu64, number);
    return put(w, path, text);
}

/* There is more to do at that instant, not later. */
static void
note_due(struct writer *w, uint64_t due_ms)
{
    w->b->status.due_ms = min_u64(w->b->status.due_ms, due_ms);
}

/* Is something due, and is there room for n writes?  If not, when to ask. */
static bool
is_turn(struct writer *w, uint64_t due_ms, unsigned n)
{
    if (due_ms == 0 && w->left >= n)
        return true;
    note_due(w, max_u64(due_ms, w->now_ms + PAUSE_MS));
    return false;
}

static bool
put_guest(struct writer *w, const struct guest *g, const char *key,
          const char *value)
{
    char path[KEYS_PATH_SIZE];

    return put(w, keys_status(path, g->facts.domid, key), value);
}

static bool
put_guest_number(struct writer *w, const struct guest *g, const char *key,
                 uint64_t number)
{
    char path[KEYS_PATH_SIZE];

    keys_status(path, g->facts.domid, key);
    return number == HOST_UNSET ? put(w, path, NULL)
                                : put_number(w, path, number);
}

static void
publish_error(struct writer *w, struct guest *g)
{
    if (g->noted_error != g->published_error && is_turn(w, 0, 1) &&
        put_guest(w, g, KEY_ERROR, g->range_error))
        g->published_error = g->noted_error;
}

/* The uuid is the value: a domid is used again. */
static void
publish_balloon(struct writer *w, struct guest *g)
{
    if (!g->has_balloon || g->is_balloon_published ||
        g->facts.balloon != HOST_BALLOON_UNSAID || !is_turn(w, 0, 1) ||
        !put_guest(w, g, KEY_CAN_BALLOON, g->facts.uuid))
        return;
    log_info("dom %u: its balloon driver has proven itself", g->facts.domid);
    g->is_balloon_published = true;
}

/* A new domain, or a new daemon: what was said of an earlier one goes. */
static bool
introduce(struct writer *w, const struct guest *g)
{
    return put_guest(w, g, KEY_ERROR, NULL) &&
           put_guest(w, g, KEY_STATUS_UUID, g->facts.uuid);
}

static void
publish_word(struct writer *w, struct guest *g)
{
    const char *word = status_guest_word(g);
    uint64_t due_ms = status_word_due_ms(&g->shown_word, word, w->now_ms);
    bool is_first = !g->shown_word.shown;

    if (due_ms == UINT64_MAX || !is_turn(w, due_ms, is_first ? 3 : 1) ||
        (is_first && !introduce(w, g)))
        return;
    if (put_guest(w, g, KEY_STATUS_STATE, word))
        status_word_note(&g->shown_word, word, w->now_ms);
}

static void
publish_amounts(struct writer *w, struct guest *g)
{
    const uint64_t kib[] = { g->facts.target_kib, g->facts.actual_kib };
    uint64_t due_ms =
        status_amounts_due_ms(&g->shown_amounts, kib, 2, w->now_ms);

    if (due_ms == UINT64_MAX || !is_turn(w, due_ms, 2))
        return;
    if (put_guest_number(w, g, KEY_STATUS_TARGET, kib[0]) &&
        put_guest_number(w, g, KEY_STATUS_ACTUAL, kib[1]))
        status_amounts_note(&g->shown_amounts, kib, 2, w->now_ms);
}

static void
publish_guest(struct writer *w, struct guest *g)
{
    publish_word(w, g);
    publish_error(w, g);
    publish_balloon(w, g);
    publish_amounts(w, g);
}

/* Whoever is not reached in this tick is among the first in the next. */
static void
publish_guests(struct writer *w)
{
    struct guest_table *table = &w->b->guests;
    struct status *s = &w->b->status;
    size_t first = s->next;

    for (size_t i = 0; i < table->n; i++) {
        size_t at = (first + i) % table->n;

        publish_guest(w, &table->guests[at]);
        if (w->left > 0)
            s->next = at + 1;
    }
}

static void
publish_host(struct writer *w)
{
    const struct balancer *b = w->b;
    const struct account *a = &b->snapshot.account;
    const char *word =
        status_host_word(&b->snapshot, pace_is_awaited(b), b->is_at_rest);
    const uint64_t kib[STATUS_AMOUNTS_MAX] = {
        a->total_kib,
        a->free_kib,
        a->reserved_kib,
        squeeze_available_kib(&b->snapshot),
    };
    struct status *s = &w->b->status;
    uint64_t due_ms = status_word_due_ms(&s->host_word, word, w->now_ms);

    if (due_ms != UINT64_MAX && is_turn(w, due_ms, 1) &&
        put(w, KEYS_HOST_STATE, word))
        status_word_note(&s->host_word, word, w->now_ms);
    due_ms = status_amounts_due_ms(&s->host_amounts, kib, STATUS_AMOUNTS_MAX,
                                   w->now_ms);
    if (due_ms != UINT64_MAX && is_turn(w, due_ms, STATUS_AMOUNTS_MAX) &&
        put_number(w, KEYS_HOST_TOTAL, kib[0]) &&
        put_number(w, KEYS_HOST_FREE, kib[1]) &&
        put_number(w, KEYS_HOST_RESERVED, kib[2]) &&
        put_number(w, KEYS_HOST_AVAILABLE, kib[3]))
        status_amounts_note(&s->host_amounts, kib, STATUS_AMOUNTS_MAX,
                            w->now_ms);
}

/* What an earlier daemon left of a domain that is gone. */
static int
remove_stranger(void *arg, const char *name, const char *value)
{
    struct writer *w = arg;
    char path[KEYS_PATH_SIZE];
    uint64_t domid;

    (void)value;
    if (parse_u64(name, 0, UINT32_MAX, &domid) == 0 &&
        !guest_find(&w->b->guests, (uint32_t)domid))
        put(w, keys_status_dir(path, (uint32_t)domid), NULL);
    return 0;
}

static void
open_status(struct writer *w)
{
    struct balancer *b = w->b;

    if (b->status.is_open)
        return;
    b->host->ops->store_list(b->host, KEYS_DOMAINS, remove_stranger, w);
    b->status.is_open = put(w, KEYS_DAEMON_VERSION, PACKAGE_VERSION) &&
                        put_number(w, KEYS_DAEMON_PID, (uint64_t)getpid()) &&
                        put(w, KEYS_DAEMON_STATE, "running");
}

static void
remove_gone(struct writer *w)
{
    struct guest_table *table = &w->b->guests;
    char path[KEYS_PATH_SIZE];

    for (size_t i = 0; i < table->n_gone; i++)
        put(w, keys_status_dir(path, table->gone[i].domid), NULL);
    table->n_gone = 0;
}

void
status_publish(struct balancer *b)
{
    struct status *s = &b->status;
    struct writer w = {
        .b = b,
        .now_ms = b->snapshot.xbp.now_ms,
        .left = WRITES_PER_TICK,
    };

    if (w.now_ms < s->retry_ms)
        return;
    s->due_ms = UINT64_MAX;
    remove_gone(&w);
    open_status(&w);
    publish_host(&w);
    publish_guests(&w);
    if (w.is_broken) {
        s->retry_ms = w.now_ms + RETRY_MS;
        s->due_ms = s->retry_ms;
    }
}

bool
status_reopen(struct balancer *b)
{
    char pid[24];
    bool is_kept = b->host->ops->store_read(b->host, KEYS_DAEMON_PID, pid,
                                            sizeof(pid)) == 0;

    if (is_kept)
        return true;
    b->status = (struct status){ 0 };
    for (size_t i = 0; i < b->guests.n; i++) {
        struct guest *g = &b->guests.guests[i];

        g->shown_word = (struct status_word){ 0 };
        g->shown_amounts = (struct status_amounts){ 0 };
        g->published_error = 0;
        g->is_balloon_published = false;
    }
    return false;
}

void
status_close(struct balancer *b)
{
    struct writer w = { .b = b };

    if (b->status.is_open && put(&w, KEYS_DAEMON_STATE, "stopped"))
        put(&w, KEYS_DAEMON_PID, NULL);
}
