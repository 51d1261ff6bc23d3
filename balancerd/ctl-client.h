/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One connection of the control socket: lines in, lines out, nothing grows
 * without bound. Part of ctl. */
#ifndef CTL_CLIENT_H
#define CTL_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "ctl-peer.h"
#include "ctl-verbs.h"
#include "ctl.h"
#include "proto/request.h"
#include "reserve.h"

struct bufferevent;
struct client;
struct evconnlistener;
struct event;
struct json_object;

TAILQ_HEAD(client_list, client);

struct ctl {
    struct event_base *base;
    struct evconnlistener *listener;
    struct ctl_config config;
    char *path; /* a copy of config's, whose own is the caller's */
    struct balancer *b;
    struct client_list clients;
    size_t n_clients;
    size_t n_readers;   /* of them those that are not root */
    struct event *news; /* those who wait are to be asked again */
    uint64_t started_ms;
};

struct client {
    TAILQ_ENTRY(client) link;
    struct ctl *ctl;
    struct bufferevent *bev;
    struct peer peer;
    bool has_ended;  /* asks no more, may still listen */
    bool is_closing; /* as soon as all is written */
    /* the request whose answer comes later; id NULL for none */
    struct json_object *id;
    struct json_object *params;
    struct verb_wait wait;
    struct event *timer; /* NULL: no end */
};

/* Takes fd; closes it, with an answer, if the client is not welcome. */
void client_accept(struct ctl *ctl, int fd);
void client_close(struct client *c);

/* Answers.  The id is the request's; NULL if it could not be read.  A client
 * that cannot be answered is closed, by the loop, later. */
void client_send_result(struct client *c, struct json_object *id,
                        struct json_object *result);
void client_send_error(struct client *c, struct json_object *id,
                       const struct request_error *error);

/* ctl-answer.c: carries one request out. */
void client_answer(struct client *c, const char *line, size_t length);
/* The request that c waits for, once more. */
void client_ask_again(struct client *c, bool is_late);
void client_refuse(struct client *c, struct json_object *id,
                   enum request_code code, const char *message);

/* A verb changed something: tick soon. */
void ctl_wake(struct ctl *ctl);

/* ctl-wait.c: the answer to a request comes later. */
bool client_is_waiting(const struct client *c);
size_t clients_count_waiting(const struct ctl *ctl);
/* Answers c, which waits no longer. */
void client_give_result(struct client *c, struct json_object *result);
void client_give_error(struct client *c, const struct request_error *error);
/* 0 or -ENOMEM. */
int client_wait(struct client *c, struct json_object *id,
                struct json_object *params, const struct verb_wait *wait);
/* c goes: cancels what only it was waiting for, unless it has a key. */
void client_abandon(struct client *c);
/* Answers all who wait for r.  Called from inside a tick. */
void clients_decided(struct ctl *ctl, const struct reservation *r,
                     bool is_granted, const char *why);
/* Answers those whose reservation is no longer there. */
void clients_withdraw(struct ctl *ctl);
/* libevent's callback of ctl->news. */
void clients_on_news(int fd, short what, void *arg);

#endif
