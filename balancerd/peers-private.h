/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The peers' parts, for the files that they are made of. */
#ifndef PEERS_PRIVATE_H
#define PEERS_PRIVATE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "peer-link.h"
#include "peer-proto.h"
#include "peers-open.h"

struct evconnlistener;
struct event;
struct inbound;
struct peers_ask;
struct peers_call;

TAILQ_HEAD(inbound_list, inbound);
TAILQ_HEAD(peers_ask_list, peers_ask);
TAILQ_HEAD(peers_call_list, peers_call);

/* One that we ask. */
struct peers_peer {
    struct peers *peers;
    struct peers_entry entry;
    struct peers_status status;
    struct peer_recalls recalls;
    struct peer_link *link; /* NULL: none */
    struct event *timer;    /* to connect, or to ping */
    uint64_t wait_ms;       /* before the next attempt to connect */
    uint64_t pinged_us;     /* when the ping on its way was sent */
    bool is_pinging;
};

struct peers {
    struct event_base *base;
    struct balancer *b;
    struct lender *lender;
    char name[PEER_NAME_SIZE];
    char uuid[40];
    char dir[128]; /* "": nothing lasts */
    size_t n;
    struct peers_peer *list[PEERS_MAX];
    struct peers_ask_list asks;
    uint64_t last_id;
    peers_news_fn *news;
    void *news_arg;

    struct evconnlistener *listener;
    struct inbound_list inbounds; /* the oldest first */
    size_t n_strangers;           /* of them those that have proved nothing */
    struct peers_call_list calls; /* of theirs, on their way */
    uint64_t warned_ms;           /* of a stranger, the last time */
};

struct peers_peer *peers_peer_find(const struct peers *peers, const char *name);

/* peers-ask.c */
/* An answer, whosever. */
void
peers_take_answer(struct peers_peer *peer, const char *line, size_t length);
/* Those that were sent to peer fail. */
void peers_fail_asks(struct peers_peer *peer, int r, const char *why);
/* 0 or -errno; peers_on_ping hears of the answer. */
int peers_send_ping(struct peers_peer *peer);
/* result is NULL if it failed. */
void peers_on_ping(struct peers_peer *peer, struct json_object *result);
void peers_drop_asks(struct peers *peers);

/* peers-serve.c */
/* 0, or -errno and a sentence. */
int peers_listen(struct peers *peers, const char *address,
                 char error[PEERS_FILE_ERROR_SIZE]);
void peers_stop_serving(struct peers *peers);
/* Hangs up on whoever has that name; NULL: on all. */
void peers_hang_up(struct peers *peers, const char *name);

#endif
