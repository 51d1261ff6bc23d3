/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clients whose answer comes later: the fate of a reservation, or whatever a
 * verb finds when it is asked again. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <event2/event.h>
#include <json-c/json.h>

#include "book.h"
#include "ctl-client.h"
#include "ctl-reservation.h"
#include "log.h"
#include "tick.h"
#include "util/clock.h"

bool
client_is_waiting(const struct client *c)
{
    return c->id != NULL;
}

size_t
clients_count_waiting(const struct ctl *ctl)
{
    const struct client *c;
    size_t n = 0;

    TAILQ_FOREACH(c, &ctl->clients, link)
        n += client_is_waiting(c);
    return n;
}

static void
on_timeout(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    client_ask_again(arg, true);
}

static int
set_timer(struct client *c, uint64_t timeout_ms)
{
    const struct timeval delay = clock_timeval(timeout_ms);

    if (timeout_ms == UINT64_MAX)
        return 0;
    c->timer = evtimer_new(c->ctl->base, on_timeout, c);
    return c->timer && event_add(c->timer, &delay) == 0 ? 0 : -ENOMEM;
}

static void
stop_waiting(struct client *c)
{
    json_object_put(c->id);
    json_object_put(c->params);
    if (c->timer)
        event_free(c->timer);
    c->id = NULL;
    c->params = NULL;
    c->timer = NULL;
    c->wait = (struct verb_wait){ 0 };
}

int
client_wait(struct client *c, struct json_object *id,
            struct json_object *params, const struct verb_wait *wait)
{
    c->id = json_object_get(id);
    c->params = json_object_get(params);
    c->wait = *wait;
    if (!wait->again || set_timer(c, wait->timeout_ms) == 0)
        return 0;
    stop_waiting(c);
    return -ENOMEM;
}

/* What the client asked meanwhile is answered once this answer is written:
 * that comes back as an event, and so nothing is called from here. */
void
client_give_result(struct client *c, struct json_object *result)
{
    client_send_result(c, c->id, result);
    stop_waiting(c);
}

void
client_give_error(struct client *c, const struct request_error *error)
{
    client_send_error(c, c->id, error);
    stop_waiting(c);
}

void
ctl_wake(struct ctl *ctl)
{
    if (ctl->config.wake)
        ctl->config.wake(ctl->config.wake_arg);
}

/* Does another client wait for what c waits for? */
static bool
has_companion(const struct client *c)
{
    const struct client *other;

    TAILQ_FOREACH(other, &c->ctl->clients, link) {
        if (other != c &&
            strcmp(other->wait.reservation, c->wait.reservation) == 0)
            return true;
    }
    return false;
}

/* Nobody will hear that it is granted: nobody should be squeezed for it.  With
 * a key its owner can come back for it. */
static void
cancel(struct client *c, const struct reservation *r)
{
    char error[BOOK_ERROR_SIZE];

    log_info("reservation %s: its client is gone", r->id);
    if (book_release(c->ctl->b, c->wait.reservation, error) < 0)
        log_warnx("reservation %s: %s", c->wait.reservation, error);
    ctl_wake(c->ctl);
}

void
client_abandon(struct client *c)
{
    const struct reservation *r =
        reserve_find(&c->ctl->b->reservations, c->wait.reservation);

    if (r && r->key[0] == '\0' && !has_companion(c))
        cancel(c, r);
    stop_waiting(c);
}

/* The loop is inside a tick: nothing may be closed or called from here. */
void
clients_decided(struct ctl *ctl, const struct reservation *r, bool is_granted,
                const char *why)
{
    uint64_t now_ms = ctl->b->host->ops->now_ms(ctl->b->host);
    struct request_error error;
    struct client *c;

    TAILQ_FOREACH(c, &ctl->clients, link) {
        cleanup_json struct json_object *record = NULL;

        if (strcmp(c->wait.reservation, r->id) != 0)
            continue;
        if (is_granted) {
            record = reservation_record(r, now_ms);
            client_give_result(c, record);
        } else {
            reservation_refusal(r, why, &error);
            client_give_error(c, &error);
            request_error_done(&error);
        }
    }
}

void
clients_withdraw(struct ctl *ctl)
{
    struct request_error error;
    struct client *c;

    TAILQ_FOREACH(c, &ctl->clients, link) {
        if (!c->wait.reservation[0] ||
            reserve_find(&ctl->b->reservations, c->wait.reservation))
            continue;
        reservation_withdrawal(c->wait.reservation, &error);
        client_give_error(c, &error);
    }
}

/* Wherever the news come from, a tick perhaps, the verbs are called by the
 * loop. */
void
ctl_news(struct ctl *ctl)
{
    const struct client *c;

    TAILQ_FOREACH(c, &ctl->clients, link) {
        if (c->wait.again) {
            event_active(ctl->news, EV_TIMEOUT, 0);
            return;
        }
    }
}

void
clients_on_news(evutil_socket_t fd, short what, void *arg)
{
    struct ctl *ctl = arg;
    struct client *c;

    (void)fd;
    (void)what;
    TAILQ_FOREACH(c, &ctl->clients, link) {
        if (c->wait.again)
            client_ask_again(c, false);
    }
}
