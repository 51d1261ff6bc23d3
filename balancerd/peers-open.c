/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of peers: from the file, changed by verbs, kept in the file. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "note.h"
#include "peers-link.h"
#include "peers-private.h"
#include "util/cleanup.h"

static struct peers_peer *
free_peer(struct peers_peer *peer)
{
    if (!peer)
        return NULL;
    peer_link_free(peer->link);
    if (peer->timer)
        event_free(peer->timer);
    explicit_bzero(&peer->entry, sizeof(peer->entry));
    free(peer);
    return NULL;
}

static int
put(struct peers *peers, const struct peers_entry *entry)
{
    struct peers_peer *peer = peers_peer_find(peers, entry->name);

    if (!peer) {
        if (peers->n == PEERS_MAX)
            return -ENOSPC;
        peer = calloc(1, sizeof(*peer));
        if (!peer)
            return -ENOMEM;
        peer->peers = peers;
        peer->timer = evtimer_new(peers->base, peers_on_timer, peer);
        if (!peer->timer) {
            free_peer(peer);
            return -ENOMEM;
        }
        peers->list[peers->n++] = peer;
    }
    peer->entry = *entry;
    peers_restart(peer);
    return 0;
}

static void
drop(struct peers *peers, const char *name)
{
    struct peers_peer *peer = peers_peer_find(peers, name);
    size_t i = 0;

    while (peers->list[i] != peer)
        i++;
    for (peers->n--; i < peers->n; i++)
        peers->list[i] = peers->list[i + 1];
    peers_hang_up(peers, name);
    /* Not in the table: who is told cannot ask it again. */
    peers_fail_asks(peer, -ENOENT, "it is no peer any more");
    free_peer(peer);
}

static void
list_entries(const struct peers *peers, struct peers_list *ret)
{
    size_t i;

    ret->n = peers->n;
    for (i = 0; i < peers->n; i++)
        ret->list[i] = peers->list[i]->entry;
}

/* On disk before it is in force. */
static int
keep(struct peers *peers, const struct peers_list *list,
     char error[PEERS_FILE_ERROR_SIZE])
{
    int r = peers->dir[0] ? peers_file_write(peers->dir, list) : 0;

    if (r < 0)
        snprintf(error, PEERS_FILE_ERROR_SIZE, "%s/" PEERS_FILE_NAME ": %s",
                 peers->dir, strerror(-r));
    return r;
}

int
peers_add(struct peers *peers, const struct peers_entry *entry,
          char error[PEERS_FILE_ERROR_SIZE])
{
    cleanup_free struct peers_list *list = calloc(1, sizeof(*list));
    struct peers_entry *e;
    bool is_new;
    int r;

    if (!list)
        return -ENOMEM;
    list_entries(peers, list);
    e = peers_list_find(list, entry->name);
    is_new = !e;
    if (strcmp(entry->name, peers->name) == 0) {
        snprintf(error, PEERS_FILE_ERROR_SIZE, "the name %s is this host's own",
                 entry->name);
        return -EINVAL;
    }
    if (is_new && list->n == PEERS_MAX) {
        snprintf(error, PEERS_FILE_ERROR_SIZE, "there are %d peers already",
                 PEERS_MAX);
        return -ENOSPC;
    }
    if (is_new)
        e = &list->list[list->n++];
    *e = *entry;
    r = keep(peers, list, error);
    explicit_bzero(list, sizeof(*list));
    if (r == 0)
        r = put(peers, entry);
    if (r < 0)
        return r;
    /* It knows us by a secret that may no longer hold. */
    peers_hang_up(peers, entry->name);
    note(peers->b, EVENTS_PEER_CHANGED, "peer %s is %s", entry->name,
         is_new ? "added" : "changed");
    return 0;
}

int
peers_remove(struct peers *peers, const char *name,
             char error[PEERS_FILE_ERROR_SIZE])
{
    cleanup_free struct peers_list *list = calloc(1, sizeof(*list));
    struct peers_entry *e;
    int r;

    if (!list)
        return -ENOMEM;
    list_entries(peers, list);
    e = peers_list_find(list, name);
    if (!e) {
        snprintf(error, PEERS_FILE_ERROR_SIZE, "there is no such peer");
        return -ENOENT;
    }
    *e = list->list[--list->n];
    r = keep(peers, list, error);
    explicit_bzero(list, sizeof(*list));
    if (r < 0)
        return r;
    drop(peers, name);
    note(peers->b, EVENTS_PEER_CHANGED, "peer %s is removed", name);
    return 0;
}

static bool
is_same(const struct peers_entry *a, const struct peers_entry *b)
{
    return strcmp(a->address.host, b->address.host) == 0 &&
           a->address.port == b->address.port &&
           strcmp(a->secret, b->secret) == 0;
}

/* Who is in the file as before keeps its connection. */
static int
take_over(struct peers *peers, struct peers_list *list)
{
    size_t i = 0;
    int r = 0;

    while (i < peers->n) {
        if (peers_list_find(list, peers->list[i]->entry.name))
            i++;
        else
            drop(peers, peers->list[i]->entry.name);
    }
    for (i = 0; r == 0 && i < list->n; i++) {
        const struct peers_peer *peer =
            peers_peer_find(peers, list->list[i].name);

        if (strcmp(list->list[i].name, peers->name) != 0 &&
            (!peer || !is_same(&peer->entry, &list->list[i])))
            r = put(peers, &list->list[i]);
    }
    return r;
}

int
peers_reload(struct peers *peers, char error[PEERS_FILE_ERROR_SIZE])
{
    cleanup_free struct peers_list *list = calloc(1, sizeof(*list));
    int r;

    if (!peers->dir[0])
        return 0;
    r = list ? peers_file_read(peers->dir, list, error) : -ENOMEM;
    if (r == 0) {
        r = take_over(peers, list);
        explicit_bzero(list, sizeof(*list));
    }
    return r;
}

int
peers_open(struct peers **ret, const struct peers_config *config,
           char error[PEERS_FILE_ERROR_SIZE])
{
    struct peers *peers = calloc(1, sizeof(*peers));
    int r;

    snprintf(error, PEERS_FILE_ERROR_SIZE, "%s", strerror(ENOMEM));
    if (!peers)
        return -ENOMEM;
    TAILQ_INIT(&peers->asks);
    TAILQ_INIT(&peers->inbounds);
    TAILQ_INIT(&peers->calls);
    peers->base = config->base;
    peers->b = config->b;
    peers->lender = config->lender;
    snprintf(peers->name, sizeof(peers->name), "%s", config->name);
    snprintf(peers->uuid, sizeof(peers->uuid), "%s", config->uuid);
    snprintf(peers->dir, sizeof(peers->dir), "%s",
             config->dir ? config->dir : "");
    r = peers_listen(peers, config->listen, error);
    if (r < 0) {
        peers_close(peers);
        return r;
    }
    /* A bad file is no reason to leave the host alone. */
    if (peers_reload(peers, error) < 0)
        note(peers->b, EVENTS_CONFIG_REFUSED, "%s; there are no peers", error);
    *ret = peers;
    return 0;
}

struct peers *
peers_close(struct peers *peers)
{
    size_t i;

    if (!peers)
        return NULL;
    peers_drop_asks(peers);
    peers_stop_serving(peers);
    for (i = 0; i < peers->n; i++)
        free_peer(peers->list[i]);
    free(peers);
    return NULL;
}

const char *
peers_own_name(const struct peers *peers)
{
    return peers->name;
}

struct lender *
peers_lender(const struct peers *peers)
{
    return peers->lender;
}
