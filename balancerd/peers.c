/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The peers that are asked: connected to, pinged, connected to again. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <event2/event.h>

#include "note.h"
#include "peers-link.h"
#include "peers-private.h"
#include "util/clock.h"
#include "util/units.h"

#define PING_MS 2000
/* Between attempts to connect: at first, and at most. */
#define WAIT_LEAST_MS 500
#define WAIT_MOST_MS  10000

#define NS_PER_US 1000u
#define US_PER_S  1000000u

static uint64_t
now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * US_PER_S + (uint64_t)now.tv_nsec / NS_PER_US;
}

static void
set_timer(struct peers_peer *peer, uint64_t delay_ms)
{
    const struct timeval delay = clock_timeval(delay_ms);

    evtimer_add(peer->timer, &delay);
}

static void
tell_news(struct peers_peer *peer, const char *volume)
{
    struct peers *peers = peer->peers;

    if (peers->news)
        peers->news(peers->news_arg, &peer->status, volume);
}

/* --- up and down ---------------------------------------------------------- */

/* The same failure is told once, however often it happens. */
static void
go_down(struct peers_peer *peer, const char *why)
{
    struct peers_status *s = &peer->status;
    bool was_up = s->is_up;
    bool is_new = was_up || strcmp(s->why_down, why) != 0;

    peer->link = peer_link_free(peer->link);
    peer->is_pinging = false;
    s->is_up = false;
    s->free_kib = 0;
    s->rtt_us = 0;
    snprintf(s->why_down, sizeof(s->why_down), "%s", why);
    set_timer(peer, peer->wait_ms);
    peer->wait_ms = min_u64(peer->wait_ms * 2, WAIT_MOST_MS);
    if (is_new)
        note(peer->peers->b, EVENTS_PEER_DOWN, "peer %s at %s is down: %s",
             s->name, s->address, why);
    peers_fail_asks(peer, -ENOTCONN, why);
    if (was_up)
        tell_news(peer, NULL);
}

static void
on_closed(void *arg, struct peer_link *link, const char *why)
{
    (void)link;
    go_down(arg, why);
}

static const char *
secret_of(void *arg, const char *name)
{
    const struct peers_peer *peer = arg;

    return strcmp(peer->entry.name, name) == 0 ? peer->entry.secret : NULL;
}

static void
ping(struct peers_peer *peer)
{
    int r = peer->is_pinging ? -ETIMEDOUT : peers_send_ping(peer);

    if (r < 0) {
        go_down(peer, r == -ETIMEDOUT ? "it does not answer" : strerror(-r));
        return;
    }
    peer->is_pinging = true;
    peer->pinged_us = now_us();
    set_timer(peer, PEERS_DEADLINE_MS);
}

/* It is up when it has answered: only then is known what it can lend. */
static void
on_opened(void *arg, struct peer_link *link)
{
    struct peers_peer *peer = arg;

    (void)link;
    peer->is_pinging = false;
    set_timer(peer, 0);
}

static void
on_line(void *arg, struct peer_link *link, const char *line, size_t length)
{
    (void)link;
    peers_take_answer(arg, line, length);
}

static const struct peer_link_ops ops = {
    .secret = secret_of,
    .opened = on_opened,
    .line = on_line,
    .closed = on_closed,
};

static void
start_link(struct peers_peer *peer)
{
    const struct peer_link_config config = {
        .base = peer->peers->base,
        .name = peer->peers->name,
        .ops = &ops,
        .arg = peer,
    };
    int r = peer_link_connect(&peer->link, &config, &peer->entry.address);

    if (r < 0)
        go_down(peer, strerror(-r));
}

void
peers_on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct peers_peer *peer = arg;

    (void)fd;
    (void)what;
    if (!peer->link)
        start_link(peer);
    else if (peer_link_is_open(peer->link))
        ping(peer);
}

static bool
is_among(const struct peer_recalls *recalls, const char *volume)
{
    size_t i;

    for (i = 0; i < recalls->n; i++)
        if (strcmp(recalls->list[i].volume, volume) == 0)
            return true;
    return false;
}

static void
tell_recalls(struct peers_peer *peer, const struct peer_recalls *before)
{
    size_t i;

    for (i = 0; i < peer->recalls.n; i++) {
        const struct peers_recall *recall = &peer->recalls.list[i];

        if (is_among(before, recall->volume))
            continue;
        note(peer->peers->b, EVENTS_LEASE_RECALLED,
             "peer %s wants the lease of %s back within %llu s",
             peer->status.name, recall->volume,
             (unsigned long long)(recall->left_ms / MS_PER_S));
        tell_news(peer, recall->volume);
    }
}

void
peers_on_ping(struct peers_peer *peer, struct json_object *result)
{
    struct peer_recalls before = peer->recalls;
    struct peers_status *s = &peer->status;
    bool was_up = s->is_up;

    peer->is_pinging = false;
    if (!result || peer_proto_read_ping(result, s, &peer->recalls) < 0) {
        go_down(peer, "it does not answer a ping as a peer does");
        return;
    }
    s->rtt_us = max_u64(now_us() - peer->pinged_us, 1);
    s->is_up = true;
    s->why_down[0] = '\0';
    peer->wait_ms = WAIT_LEAST_MS;
    set_timer(peer, PING_MS);
    if (!was_up) {
        note(peer->peers->b, EVENTS_PEER_UP,
             "peer %s at %s is up; it lends up to %llu KiB", s->name,
             s->address, (unsigned long long)s->lend_max_kib);
        tell_news(peer, NULL);
    }
    tell_recalls(peer, &before);
}

void
peers_restart(struct peers_peer *peer)
{
    struct peers_status *s = &peer->status;

    peer->link = peer_link_free(peer->link);
    *s = (struct peers_status){ .why_down = "it has not answered yet" };
    snprintf(s->name, sizeof(s->name), "%s", peer->entry.name);
    peer_address_format(&peer->entry.address, s->address);
    peer->recalls.n = 0;
    peer->is_pinging = false;
    peer->wait_ms = WAIT_LEAST_MS;
    peers_fail_asks(peer, -ENOTCONN, s->why_down);
    set_timer(peer, 0);
}

/* --- who asks ------------------------------------------------------------- */

struct peers_peer *
peers_peer_find(const struct peers *peers, const char *name)
{
    size_t i;

    for (i = 0; i < peers->n; i++)
        if (strcmp(peers->list[i]->entry.name, name) == 0)
            return peers->list[i];
    return NULL;
}

size_t
peers_count(const struct peers *peers)
{
    return peers->n;
}

const struct peers_status *
peers_status(const struct peers *peers, size_t i)
{
    return i < peers->n ? &peers->list[i]->status : NULL;
}

const struct peers_status *
peers_find(const struct peers *peers, const char *name)
{
    const struct peers_peer *peer = peers_peer_find(peers, name);

    return peer ? &peer->status : NULL;
}

const struct peers_recall *
peers_recall(const struct peers *peers, const char *name, size_t i)
{
    const struct peers_peer *peer = peers_peer_find(peers, name);

    return peer && i < peer->recalls.n ? &peer->recalls.list[i] : NULL;
}

void
peers_set_news(struct peers *peers, peers_news_fn *fn, void *arg)
{
    peers->news = fn;
    peers->news_arg = arg;
}
